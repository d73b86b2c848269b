"""The owner's side of the zygote: child processes in groups of their own, with real signals and exit codes."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_START_SECONDS = 60


def _ours() -> dict[str, str]:
    """This process's environment, but for what tells of the user's account."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return ours | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


class Child:
    """A running or ended child process, the leader of its own process group."""

    def __init__(self, pid: int, tell: Callable[..., None]) -> None:
        self.pid = pid
        self.exit_code: int | None = None
        self._tell = tell
        self._ended = threading.Event()

    def end(self, exit_code: int) -> None:
        """Record that the process is gone."""
        self.exit_code = exit_code
        self._ended.set()

    def wait(self, seconds: float | None = None) -> int | None:
        """The exit code (negative: minus the signal's number), or None if it still runs after these seconds."""
        self._ended.wait(seconds)
        return self.exit_code

    def signal(self, number: int) -> None:
        """Send a signal to the process and all that it started; nothing happens once it has ended."""
        if self.exit_code is None:
            self._tell(pid=self.pid, signal=int(number))

    def stop(self, grace: float) -> int:
        """SIGTERM, and SIGKILL if it still runs after the grace period in seconds; the exit code."""
        self.signal(signal.SIGTERM)
        if self.wait(grace) is None:
            self.signal(signal.SIGKILL)
        self._ended.wait()
        return self.exit_code or 0


class ChildProcesses:
    """Starts child processes; close() leaves none of them."""

    def __init__(self) -> None:
        self._children: dict[int, Child] = {}
        self._started: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        self._turn = threading.RLock()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__).with_name("zygote.py"))],
                stdin=theirs.fileno(),
                start_new_session=True,  # Ctrl-C is for the owner, which then ends its children in order
                env=_ours() | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"},  # a fork copies only one thread
            )
        threading.Thread(target=self._listen, name="processes", daemon=True).start()

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, streams: tuple[int, int]
    ) -> Child:
        """Start a process; its streams are standard input and standard output with error, as file descriptors."""
        with self._turn:
            self._tell(streams, command=list(command), environment=dict(environment), folder=str(folder))
            child = self._started.get(timeout=_START_SECONDS)
        if child is None:
            raise EmbeddedCloudError("the process that starts all others has died")
        return child

    def close(self, grace: float) -> None:
        """End all children: SIGTERM, and SIGKILL after the grace period in seconds; then the zygote."""
        children = list(self._children.copy().values())
        with suppress(EmbeddedCloudError):
            for child in children:
                child.signal(signal.SIGTERM)
        deadline = time.monotonic() + grace
        for child in children:
            child.wait(max(0.0, deadline - time.monotonic()))
        self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._socket.close()

    def _tell(self, descriptors: tuple[int, ...] = (), **request: Any) -> None:
        """Send a request, which waits in the socket until the zygote is warm."""
        body = json.dumps(request).encode()
        message = len(body).to_bytes(4, "big") + body
        try:
            with self._turn:
                sent = socket.send_fds(self._socket, [message], descriptors) if descriptors else 0
                self._socket.sendall(message[sent:])
        except OSError as error:
            raise EmbeddedCloudError("the process that starts all others has died") from error

    def _listen(self) -> None:
        """Read what the zygote says: the pid of what it started, or what ended and how."""
        with suppress(OSError), self._socket.makefile("rb") as lines:
            for message in map(json.loads, lines):
                pid = message["pid"]
                if "code" in message:
                    self._children.pop(pid).end(message["code"])
                else:
                    self._children[pid] = Child(pid, self._tell)
                    self._started.put(self._children[pid])
        for pid, child in self._children.copy().items():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)  # the zygote has died without doing it
            child.end(-signal.SIGKILL)
        self._started.put(None)
