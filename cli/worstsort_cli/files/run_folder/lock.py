"""The right to write into a run's folder, which one process has at a time."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed, FileNotWritten
from worstsort_cli.files import regular

if TYPE_CHECKING:
    from pathlib import Path

_MAX_PID_BYTES = 20


class FolderInUse(CommandFailed):
    """Another process is working on the run in this folder."""

    def __init__(self, folder: Path, owner: str) -> None:
        who = f"process {owner}" if owner else "another process"
        super().__init__(f"{folder} is in use: {who} is working on this run; wait for its end, or stop it first")


def owner_of(path: Path) -> int | None:
    """Return the process that owns the lock in a file, as far as can be seen without asking for it; None if none does.

    Asking would be owning it for a moment, in which a run that begins there would be refused.
    """
    try:
        owner = int(regular.read(path)[:_MAX_PID_BYTES])
        os.kill(owner, 0)
    except PermissionError:
        return owner  # another user's
    except (OSError, ValueError, OverflowError):
        return None
    return owner


class Lock:
    """A lock on a file, which the system releases when its owner ends, however that happens.

    The file holds the owner's process id, for messages. If somebody deletes it, nobody holds the lock any more.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        """Name the file, and the folder that it is about."""
        self._path, self._folder = path, folder
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Become the owner.

        Raises:
            FolderInUse: Another process is.
            FileNotWritten: The file cannot be made or locked.
        """
        try:
            self._path.parent.mkdir(exist_ok=True)
            while not self.is_held():  # again if the former owner has deleted the file just before it was locked
                self.release()
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
                self._lock(self._descriptor)
        except OSError as error:
            self.release()
            raise FileNotWritten(self._path, error) from error

    def is_held(self) -> bool:
        """Whether this process is the owner of the file that is at the path now."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let another process become the owner."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, _MAX_PID_BYTES, 0).decode(errors="replace").strip()
            self.release()
            raise FolderInUse(self._folder, owner) from None
        with suppress(OSError):  # a full disk: the lock holds all the same
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
