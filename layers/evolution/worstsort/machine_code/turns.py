"""Turns of processes that want the same machine code: one makes it, the others wait, and read it from disk."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows has no such locks; there, each process makes its own
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path

MAX_WAIT_SECONDS = 60.0
"""After which a process makes its own: a kernel takes seconds, and whoever has the turn may have given up."""

_LOOK_SECONDS = 0.1
"""Between two looks at whether the turn is free; the locks of the system would wait without bound."""


class Turn:
    """A lock on a file, which the system takes back from a process that ends."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is written yet."""
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Wait until nobody else has it; where no file can be written, as in an image, nobody waits."""
        self.give_back()
        if fcntl is None:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            self._lock(self._descriptor)

    def give_back(self) -> None:
        """Let the next process have it."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)  # closing would not do: a fork may have it open, too
        os.close(self._descriptor)
        self._descriptor = None

    @staticmethod
    def _lock(descriptor: int) -> None:
        until = time.monotonic() + MAX_WAIT_SECONDS
        while time.monotonic() < until:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(_LOOK_SECONDS)
