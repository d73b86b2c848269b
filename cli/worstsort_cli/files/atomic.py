"""Files that are complete or absent, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE

from worstsort_cli.errors import FileNotWritten

_UNFINISHED = ".unfinished"

_CANNOT_SYNC_A_FOLDER = {errno.EINVAL, errno.ENOTSUP, errno.EACCES}
"""Not every file system, nor every user who may write into a folder, can have the folder's own entry written."""


def write(path: Path, body: bytes, *, private: bool = False) -> None:
    """Write a file; until it is whole and on the disk, its path leads to what was there before.

    Whatever is no file, such as a pipe or /dev/null, is written to as it is. A link stays a link, and a file that is
    replaced keeps its permissions.

    Args:
        path: The file.
        body: Its content.
        private: Whether nobody but this user may read it, at any moment.

    Raises:
        FileNotWritten: It names the file, and says why.
    """
    try:
        target = target_of(path)
        if target.exists() and not target.is_file():
            target.write_bytes(body)
        else:
            _replace(target, body, private=private)
    except OSError as error:
        raise FileNotWritten(path, error) from error


def target_of(path: Path) -> Path:
    """Return where writing to a path leads, along all links.

    Raises:
        OSError: Its links lead in a circle.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def remove_unfinished(folder: Path) -> None:
    """Delete what writers that were killed have left in a folder, of which nobody else may be writing any file."""
    for path in folder.glob(f".*{_UNFINISHED}"):
        with suppress(OSError):  # a folder, say, is no writer's
            path.unlink(missing_ok=True)


def _replace(path: Path, body: bytes, *, private: bool) -> None:
    mode = None if private else _mode_to_keep(path)
    # The name is unique, so that two writers never write into one file, and short, since names have a maximum length.
    unfinished = path.with_name(f".{secrets.token_hex(8)}{_UNFINISHED}")
    try:
        with open(unfinished, "xb", opener=_private if private else None) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            unfinished.chmod(mode)
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _mode_to_keep(path: Path) -> int | None:
    """Return the permissions of a file that is to be replaced, None if there is none; refuse one that is read-only."""
    if not path.exists():
        return None
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return S_IMODE(path.stat().st_mode)


def _sync(folder: Path) -> None:
    """Have a folder's entries written to the disk, where that can be done."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_A_FOLDER:
            raise
