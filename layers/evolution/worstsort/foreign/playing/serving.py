"""What runs in the child: it makes itself small, loads the sort and plays what it is asked to."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import resource
import signal
import struct
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from worstsort.foreign.playing.loading import CANNOT_LOAD, Native

if TYPE_CHECKING:
    from worstsort.foreign.limits import Limits
    from worstsort.foreign.playing.child import Code
    from worstsort.foreign.playing.relaying import Program
    from worstsort.foreign.playing.room import Room
    from worstsort.foreign.playing.sandboxed import Sandboxed

_PR_SET_PDEATHSIG = 1
_MAX_FILE_BYTES = 2**20
_REQUEST = struct.Struct("<3q")


def serve(code: Code, room: Room, pipes: tuple[int, int, int], limits: Limits, stack_bytes: int) -> NoReturn:
    """Play batches until nobody asks any more; never return.

    Args:
        code: The sort.
        room: Where batches and results are.
        pipes: Where requests come from, where answers go, and where the sort's own output goes.
        limits: What the sort may take.
        stack_bytes: The stack that it gets.
    """
    status = CANNOT_LOAD
    try:
        _seclude(pipes, limits.memory_bytes + stack_bytes)
        room.guard()
        sort = _loaded(code, room, limits, stack_bytes)
        _bound(resource.RLIMIT_FSIZE, _MAX_FILE_BYTES)  # only now: a library was written to memory as to a file
        # Which thread sorts decides which stack it gets: the main one's cannot be chosen.
        threading.stack_size(stack_bytes)
        thread = threading.Thread(target=_play, args=(sort, room, pipes))
        thread.start()
        thread.join()
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, this process must not go on as a copy of its parent
        os.write(2, str(error).encode("utf-8", "replace"))
    finally:
        os._exit(status)


def _seclude(pipes: tuple[int, int, int], memory_bytes: int) -> None:
    """Leave the parent's session, terminal, files and signals, and set the limits."""
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    faulthandler.disable()  # it would write a traceback of Python's into the sort's output
    gc.disable()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answer, output = pipes
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    first = 3
    for kept in sorted({asked, answer}):
        os.closerange(first, kept)
        first = kept + 1
    os.closerange(first, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, _data_bytes() + memory_bytes),  # RLIMIT_AS would end Go and Java at once
    ):
        _bound(limit, value)


def _bound(limit: int, value: int) -> None:
    """Set a limit of this process, at most to what it may have."""
    hard = resource.getrlimit(limit)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (wanted, wanted))


def _data_bytes() -> int:
    """Return the data that this process has already, which it shares with its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))


def _loaded(code: Code, room: Room, limits: Limits, stack_bytes: int) -> Native | Program | Sandboxed:
    """Load the sort, or start its program."""
    if code.library.kind == "cmd":
        from worstsort.foreign.playing.relaying import Program  # noqa: PLC0415 - most targets need none of it

        bounds = {
            resource.RLIMIT_DATA: limits.memory_bytes,
            resource.RLIMIT_STACK: stack_bytes,
            resource.RLIMIT_FSIZE: _MAX_FILE_BYTES,
        }
        return Program(code.library, code.content or b"", room, bounds)
    if code.library.kind == "wasm":
        from worstsort.foreign.playing.sandboxed import Sandboxed  # noqa: PLC0415 - the same

        return Sandboxed(code.library, code.content or b"", room, limits.memory_bytes, stack_bytes)
    return Native(code.library, code.content, room)


def _play(sort: Native | Program | Sandboxed, room: Room, pipes: tuple[int, int, int]) -> None:
    asked, answer, _ = pipes
    os.write(answer, b"+")
    while request := os.read(asked, _REQUEST.size):
        form, rows, genes = _REQUEST.unpack(request)
        sort.play(form, *room.batch(form, rows, genes))
        os.write(answer, b".")
