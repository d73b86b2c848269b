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

_WARM = ("numpy.typing", "numba", "boto3.dynamodb.types", "pydantic.json_schema", "aws_lambda_powertools", "zoneinfo")
_START_SECONDS = 60


class Child:
    """A running or ended child process, the leader of its own process group."""

    def __init__(self, pid: int, send: Callable[[int, int], None]) -> None:
        self.pid = pid
        self.exit_code: int | None = None
        self._send = send
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
            self._send(self.pid, number)

    def stop(self, grace: float) -> None:
        """SIGTERM, and SIGKILL if it still runs after the grace period in seconds."""
        self.signal(signal.SIGTERM)
        if self.wait(grace) is None:
            self.signal(signal.SIGKILL)
            self.wait()


class Nursery:
    """Starts child processes; close() leaves none of them."""

    def __init__(self) -> None:
        self._children: dict[int, Child] = {}
        self._replies: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__).with_name("zygote.py")), *_WARM],
                stdin=theirs.fileno(),
                start_new_session=True,  # Ctrl-C is for the owner, which then ends its children in order
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"},
            )
        threading.Thread(target=self._listen, name="nursery", daemon=True).start()
        self._ready = False

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, streams: tuple[int, int]
    ) -> Child:
        """Start a process; its streams are standard input and standard output with error, as file descriptors."""
        request = {"command": list(command), "environment": dict(environment), "folder": str(folder)}
        child: Child = self._ask(request, streams)["child"]
        return child

    def live(self) -> list[Child]:
        """The children that have not ended."""
        return [child for child in self._children.copy().values() if child.exit_code is None]

    def close(self, grace: float) -> None:
        """End all children: SIGTERM, and SIGKILL after the grace period in seconds; then the zygote."""
        children = self.live()
        for child in children:
            with suppress(EmbeddedCloudError):
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

    def _ask(self, request: dict[str, Any], descriptors: tuple[int, ...] = ()) -> dict[str, Any]:
        with self._turn:
            if not self._ready:
                self._reply(_START_SECONDS)
                self._ready = True
            try:
                line = json.dumps(request).encode() + b"\n"
                sent = socket.send_fds(self._socket, [line], descriptors) if descriptors else 0
                self._socket.sendall(line[sent:])
            except OSError as error:
                raise EmbeddedCloudError("the process that starts all others is gone") from error
            return self._reply(_START_SECONDS)

    def _reply(self, seconds: float) -> dict[str, Any]:
        try:
            reply = self._replies.get(timeout=seconds)
        except queue.Empty:
            reply = None
        if reply is None:
            self._replies.put(None)
            raise EmbeddedCloudError("the process that starts all others does not answer")
        return reply

    def _send(self, pid: int, number: int) -> None:
        self._ask({"signal": number, "pid": pid})

    def _listen(self) -> None:
        """Read what the zygote says; a child is registered here, before the message of its end can be read."""
        with suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                if "ended" in message:
                    self._children.pop(message["ended"]).end(message["code"])
                    continue
                reply = message["reply"]
                if pid := reply.get("pid"):
                    reply["child"] = self._children[pid] = Child(pid, self._send)
                self._replies.put(reply)
        for child in self._children.copy().values():
            child.end(-signal.SIGKILL)
        self._replies.put(None)
