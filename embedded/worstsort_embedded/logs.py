"""Output of child processes, line by line in CloudWatch log groups."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from moto.logs.models import logs_backends

if TYPE_CHECKING:
    from collections.abc import Iterable

    from moto.logs.models import LogsBackend


class LogStream:
    """One stream of one log group; creates both if they do not exist yet."""

    def __init__(self, account: str, region: str, group: str, name: str) -> None:
        self.group, self.name = group, name
        self._backend: LogsBackend = logs_backends[account][region]
        self._backend.ensure_log_group(group)
        self._backend.ensure_log_stream(group, name)
        self._lock = threading.Lock()

    def write(self, lines: Iterable[str]) -> None:
        """Append lines in the given order."""
        with self._lock:
            now = int(time.time() * 1000)
            events = [{"timestamp": now, "message": line} for line in lines]
            self._backend.put_log_events(self.group, self.name, events)

    def open(self) -> tuple[int, threading.Thread]:
        """Open a pipe into the stream.

        Returns:
            The file descriptor to print to, and the thread that copies what is printed until every copy of the
            descriptor is closed.
        """
        reading, writing = os.pipe()
        thread = threading.Thread(target=self._copy, args=(reading,), name=f"log {self.name}", daemon=True)
        thread.start()
        return writing, thread

    def _copy(self, descriptor: int) -> None:
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                self.write([line.rstrip("\n")])
