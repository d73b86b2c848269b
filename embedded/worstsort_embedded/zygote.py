"""A warm Python process that forks every child of the embedded cloud; it is run as a module.

It imports the libraries once and has a single thread, so that a child costs a fork and not a second of imports.
Standard input is a Unix socket to the owner. A request is its size in four bytes, together with the file descriptors of
the child's standard input and output, and then its JSON text; an answer is a JSON line, about a child or about what is
being made for all of them. When the owner dies, however it dies, the socket is closed and every child is killed.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from worstsort_embedded.loading.garbage import collecting_later
from worstsort_embedded.loading.warmth import Preloaded, preload, warm_up

TITLE = "EMBEDDED_PROCESS_TITLE"
"""The variable of a request with what `ps` shows of the child, who does not get to see it."""

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_MAX_NAME_BYTES = 15
_ARGUMENTS_FIELDS = (48, 49)
"""Where /proc/PID/stat has the addresses of the arguments' beginning and end."""

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def main() -> None:
    """Import the libraries and serve the owner; in every fork, run the requested program."""
    open_closed_streams()
    name_process("worstsort: starter of functions and workers")
    owner = socket.socket(fileno=os.dup(0))
    with collecting_later():
        warm_up()
    request, preloaded = serve(owner)
    try:
        run(request["command"], preloaded)
    except SystemExit as system_exit:
        leave(system_exit.code)
    except BaseException:  # noqa: BLE001 - as the interpreter does for any program
        sys.excepthook(*sys.exc_info())
        leave(1)
    leave(None)


def name_process(title: str) -> None:
    """Say in `ps` and `top`, on Linux, what this process does: a fork looks like its parent there.

    The kernel shows the memory of the arguments (proc_pid_cmdline(5)), which the interpreter has read long ago.
    """
    if not _LIBC:
        return
    kind = title.removeprefix("worstsort: ").partition(" ")[0]
    _LIBC.prctl(_PR_SET_NAME, kind.encode()[:_MAX_NAME_BYTES], 0, 0, 0)
    with suppress(OSError, ValueError):
        fields = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        start, end = (
            int(fields[number - 3]) for number in _ARGUMENTS_FIELDS
        )  # the fields after the name are 3, 4, ...
        ctypes.memmove(start, title.encode()[: end - start - 1].ljust(end - start, b"\0"), end - start)


def open_closed_streams() -> None:
    """Open the standard streams that the owner has closed, so that no child's stream is received in their place."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:  # the interpreter has found it closed
            setattr(sys, name, open(descriptor, "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - stays


def serve(owner: socket.socket) -> tuple[dict[str, Any], Preloaded]:
    """Fork, signal and reap children for the owner until it is gone.

    Returns:
        Only in a child: its request, and what is imported of the project.
    """
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    preloaded = Preloaded()
    while True:
        ready, _, _ = select.select([owner, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            reap(children, owner)
        if owner not in ready:
            continue
        request, streams = receive(owner)
        if not request:
            send_signal(signal.SIGKILL, children)
            reap(children, owner, options=0)
            os._exit(0)
        if "preload" in request:
            with collecting_later():
                preloaded = preload(**request["preload"], tell=lambda line: answer(owner, said=line))
            answer(owner, warm=1)
            continue
        if "signal" in request:
            send_signal(request["signal"], children & {request["pid"]})
            continue
        pid = fork(request, streams, (owner, woken, wake))
        if pid == 0:
            return request, preloaded
        children.add(pid)
        answer(owner, pid=pid)


def fork(request: dict[str, Any], streams: list[int], ends: tuple[socket.socket, ...]) -> int:
    """Fork a child in a group of its own; return its pid, or 0 in the child, where the zygote's sockets are closed."""
    zygote, pid = os.getpid(), os.fork()
    with suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid or os.getpid())  # on both sides, so that no signal comes before there is a group
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for end in ends:
            end.close()
        become_child(request, streams, zygote)
    else:
        for descriptor in streams:
            os.close(descriptor)
    return pid


def receive(owner: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return the next request and its file descriptors, or an empty request if the owner is gone."""
    body = b""
    with suppress(ConnectionError):
        size, descriptors, _, _ = socket.recv_fds(owner, 4, 2)
        while part := owner.recv(int.from_bytes(size, "big") - len(body)):
            body += part
    return (json.loads(body), descriptors) if body else ({}, [])


def answer(owner: socket.socket, **message: int | str) -> None:
    """Send one line; that the owner is gone is noticed at the next request."""
    with suppress(OSError):
        owner.sendall(json.dumps(message).encode() + b"\n")


def reap(children: set[int], owner: socket.socket, options: int = os.WNOHANG) -> None:
    """Report the exit code of every ended child (-n after signal n), and kill what is left of its process group."""
    while children and (ended := os.waitpid(-1, options))[0]:
        pid, status = ended
        children.discard(pid)
        send_signal(signal.SIGKILL, {pid})
        answer(owner, pid=pid, code=os.waitstatus_to_exitcode(status))


def send_signal(number: int, groups: set[int]) -> None:
    """Send a signal to those of the process groups that still exist."""
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def become_child(request: dict[str, Any], streams: list[int], zygote: int) -> None:
    """Give the fork its streams, folder and environment, and, on Linux, let the kernel kill it with the zygote."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != zygote:
            os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for descriptor, stream in zip((*streams, streams[1]), (0, 1, 2), strict=True):
        os.dup2(descriptor, stream)
    for descriptor in streams:
        os.close(descriptor)
    os.chdir(request["folder"])
    name_process(request["environment"].pop(TITLE, request["command"][0]))
    os.environ.clear()
    os.environ.update(request["environment"])


def run(command: list[str], preloaded: Preloaded) -> None:
    """Run the requested program: a Python script in this process, as the interpreter would; anything else by exec."""
    program, *arguments = command
    if program != sys.executable or not arguments or not arguments[0].endswith(".py"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, other programs expect it
        os.execvp(program, command)  # noqa: S606
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    search = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [str(Path(arguments[0]).parent), *filter(None, search)]
    sys.argv = arguments
    preloaded.keep_if_current()
    runpy.run_path(arguments[0], run_name="__main__")


def leave(code: object) -> NoReturn:
    """Exit as the interpreter does, but without tearing down what was imported, which takes 50 ms."""
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - waits for threads, as at any exit
    atexit._run_exitfuncs()  # noqa: SLF001
    sys.stdout.flush()
    os._exit(code & 0xFF if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
