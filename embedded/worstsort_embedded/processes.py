"""The owner's side of the zygote: child processes in groups of their own, with real signals and exit codes."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from worstsort_embedded.environment import without_user_settings
from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

LOG = logging.getLogger(__name__)
_MAX_START_SECONDS = 600
"""How long a zygote may take for a child's start; the first one waits for what the zygote imports and compiles."""

_ZYGOTE_EXIT_SECONDS = 1
_MAX_ZYGOTES = 4
"""How often a child's start is tried, each time by another zygote."""

_CLOSED = "the embedded cloud is closed"


class ZygoteDied(Exception):
    """The process that starts all others has died, and its children with it."""


def _zygote_environment() -> dict[str, str]:
    """Return this process's environment without anything about the user's AWS account, and without Numba's variables.

    Numba reads them when it is imported, and the children, who inherit the import, do not have them. Where it may write
    machine code is another matter.
    """
    kept = "NUMBA_CACHE_DIR"
    plain = {name: value for name, value in os.environ.items() if name == kept or not name.startswith("NUMBA_")}
    return without_user_settings(plain) | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "OPENBLAS_NUM_THREADS": "1",  # a fork copies only one thread
        "PYTHONUTF8": "1",
    }


class Child:
    """A running or ended child process, the leader of its own process group."""

    def __init__(self, pid: int, send: Callable[[int, int], None]) -> None:
        self.pid = pid
        self.exit_code: int | None = None
        self._send = send
        self._ended = threading.Event()

    def end(self, exit_code: int) -> None:
        """Record that the process has ended."""
        self.exit_code = exit_code
        self._ended.set()

    def wait(self, timeout_seconds: float | None = None) -> int | None:
        """Wait for the exit code (-n after signal n), and return None if the process still runs after the time-out."""
        self._ended.wait(timeout_seconds)
        return self.exit_code

    def signal(self, number: int) -> None:
        """Send a signal to the process and to all that it started; do nothing once it has ended."""
        if self.exit_code is None:
            self._send(self.pid, int(number))

    def stop(self, grace_seconds: float) -> int:
        """Send SIGTERM, and SIGKILL if the process still runs after the grace period; return the exit code."""
        self.signal(signal.SIGTERM)
        if self.wait(grace_seconds) is None:
            self.signal(signal.SIGKILL)
        self._ended.wait()
        return self.exit_code or 0


class _Zygote:
    """One process that forks children, and what is known of them; once it is dead it stays so."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self.warm = tell, threading.Event()
        self._children: dict[int, Child] = {}
        self._started: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "worstsort_embedded.zygote"],
                stdin=theirs.fileno(),
                cwd="/",  # the owner's folder may be removed, and then nothing can be imported in it
                start_new_session=True,  # Ctrl-C is for the owner, which then ends its children in order
                env=_zygote_environment(),
            )
        self.pid = self.process.pid
        threading.Thread(target=self._listen, name="processes", daemon=True).start()

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, streams: tuple[int, int]
    ) -> Child:
        """Start a child; raises ZygoteDied, also of a zygote that does not answer, which is killed."""
        with self._lock:
            self._send(streams, command=list(command), environment=dict(environment), folder=str(folder))
            try:
                child = self._started.get(timeout=_MAX_START_SECONDS)
            except queue.Empty:  # what it answered later would be taken for another child
                self.process.kill()
                child = None
        if child is None:
            self._started.put(None)  # for the next who asks
            raise ZygoteDied
        return child

    def preload(self, wanted: Mapping[str, Any]) -> None:
        """Have a package imported ahead of the children; see `loading.warmth.preload`."""
        with suppress(ZygoteDied):  # the next start notices
            self._send(preload=wanted)

    def close(self, grace_seconds: float) -> None:
        """End all children: SIGTERM, and SIGKILL after the grace period; then end the process itself."""
        children = list(self._children.copy().values())
        with suppress(ZygoteDied):
            for child in children:
                child.signal(signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        for child in children:
            child.wait(max(0.0, deadline - time.monotonic()))
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self.process.wait(_ZYGOTE_EXIT_SECONDS if children else 0)  # without any it has nothing to tidy up
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._socket.close()

    def _send(self, descriptors: tuple[int, ...] = (), **request: Any) -> None:
        """Send a request, which waits in the socket until the zygote is warm."""
        body = json.dumps(request).encode()
        message = len(body).to_bytes(4, "big") + body
        try:
            with self._lock:
                sent = socket.send_fds(self._socket, [message], descriptors) if descriptors else 0
                self._socket.sendall(message[sent:])
        except OSError as error:
            raise ZygoteDied from error

    def _signal(self, pid: int, number: int) -> None:
        """Signal a child, which may be gone with the zygote."""
        with suppress(ZygoteDied):
            self._send(pid=pid, signal=number)

    def _listen(self) -> None:
        """Read the zygote's answers until it ends: the pid of each started child, and how each child ended."""
        with suppress(OSError), self._socket.makefile("rb") as lines:
            for message in map(json.loads, lines):
                if "said" in message:
                    self._tell(message["said"])
                    continue
                if "warm" in message:
                    self.warm.set()
                    continue
                pid = message["pid"]
                if "code" in message:
                    self._children.pop(pid).end(message["code"])
                else:
                    self._children[pid] = Child(pid, self._signal)
                    self._started.put(self._children[pid])
        for pid, child in self._children.copy().items():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)  # the zygote died without ending them
            child.end(-signal.SIGKILL)
        self._started.put(None)
        self.warm.set()  # nobody waits for a dead one


class ChildProcesses:
    """All child processes of an embedded cloud, none of which survives close().

    A zygote starts them. If it is killed its children are, too, and the next child is started by a new one.

    Args:
        tell: Called, in a thread, with what the zygote says of work that takes long.
    """

    def __init__(self, tell: Callable[[str], None] = lambda _line: None) -> None:
        self._tell = tell
        self._zygote, self._closed = _Zygote(tell), False
        self._preload: dict[str, Any] = {}
        self._lock = threading.Lock()

    def preload(
        self,
        search: Sequence[Path],
        package: str,
        call: Sequence[Any] = (),
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Import a package ahead of the children, which is of use to those that have the same one on their path.

        Args:
            search: The folders of packages that are on the children's search path.
            package: Its name.
            call: A module, a function of it, and its arguments in JSON's types, called to warm up the rest.
            variables: The children's environment variables, for the clients of AWS that `call` asks for.
        """
        asked = {"search": list(map(str, search)), "package": package, "call": list(call)}
        self._preload = asked | {"variables": dict(variables)}
        self._zygote.preload(self._preload)

    def wait_until_warm(self) -> None:
        """Wait until what was asked to be imported and called ahead has been; a start would wait for it, too."""
        self._zygote.warm.wait(_MAX_START_SECONDS)

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, streams: tuple[int, int]
    ) -> Child:
        """Start a process.

        Args:
            command: The program and its arguments.
            environment: All of its environment variables.
            folder: Its working directory.
            streams: The file descriptors of its standard input, and of its standard output and error together.

        Raises:
            EmbeddedCloudError: Zygotes die as soon as they are started, or the cloud is closed.
        """
        for _ in range(_MAX_ZYGOTES):
            if self._closed:
                raise EmbeddedCloudError(_CLOSED)
            zygote = self._zygote
            try:
                return zygote.spawn(command, environment, folder, streams)
            except ZygoteDied:
                self._replace(zygote)
        raise EmbeddedCloudError("the process that starts all others dies again and again; close what takes up memory")

    def close(self, grace_seconds: float = 0) -> None:
        """End all children: SIGTERM, and SIGKILL after the grace period; then end the zygote. Do so once."""
        with self._lock:
            closed_before, self._closed = self._closed, True
        if not closed_before:
            self._zygote.close(grace_seconds)

    def _replace(self, dead: _Zygote) -> None:
        """Put a new zygote in a dead one's place, unless another thread has done so."""
        with self._lock:
            if self._closed:
                raise EmbeddedCloudError(_CLOSED)
            if self._zygote is dead:
                dead.close(0)
                LOG.warning("the process that starts all others was killed; it has been started anew")
                self._zygote = _Zygote(self._tell)
                if self._preload:
                    self._zygote.preload(self._preload)
