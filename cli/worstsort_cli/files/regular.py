"""Files that the command itself has written, read back: whatever else is in their place now is never waited for."""

from __future__ import annotations

import errno
import os
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 2**30
"""The largest file that is read whole: the command leaves none that comes near it, and memory is not endless."""


def read(path: Path, offset: int = 0, most: int = -1) -> bytes:
    """Return the content of a file, or of a part of it.

    Args:
        path: The file.
        offset: Where the part begins, in bytes.
        most: How many bytes it has at most; -1 for all there are.

    Raises:
        OSError: It cannot be read, is to be read whole and is larger than any that the command writes, or a pipe, which
            may never end, a device or a folder is in its place.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would wait for a writer
    try:
        found = os.fstat(descriptor)
        mode = found.st_mode
        if S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        if most < 0 and found.st_size > MAX_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        with open(descriptor, "rb", closefd=False) as file:
            file.seek(offset)
            return file.read(most)
    finally:
        os.close(descriptor)
