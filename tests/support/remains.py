"""What is left of a foreign sort when it is over: processes, descriptors, shared memory, files."""

from __future__ import annotations

import ctypes
import gc
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37
"""Makes orphans among the descendants children of this process, so that none is overlooked (Linux, prctl(2))."""

_SHARED = ("/dev/zero", "/dev/shm/", "/memfd:")  # noqa: S108 - what is looked for, not what is written
"""What mappings of shared memory are called in /proc/self/maps; the first stands for anonymous ones."""


ENDING_SECONDS = 60
"""For what was killed to be gone; no test takes long because of it unless it fails."""


@dataclass(frozen=True)
class Remains:
    """What this process keeps of others.

    Attributes:
        descriptors: What is open, by the number of the pipe or file and not of the descriptor, which is used again.
        shared: Mappings of shared memory.
        files: Names in the folder of temporary files.
    """

    descriptors: frozenset[str]
    shared: int
    files: frozenset[str]

    @classmethod
    def here(cls, folder: Path) -> Remains:
        """Look around: at this process, and at a folder that stands for all temporary ones."""
        gc.collect()
        maps = Path("/proc/self/maps").read_text().splitlines()
        shared = sum(any(name in line for name in _SHARED) for line in maps)
        return cls(_descriptors(), shared, frozenset(path.name for path in folder.iterdir()))


def descendants() -> set[psutil.Process]:
    """Return the processes that this one has started, and those that they have."""
    return set(psutil.Process().children(recursive=True))


@contextmanager
def no_process_left() -> Iterator[None]:
    """Fail if a process that is started within goes on, be it an orphan; what is ending is waited for."""
    libc, kept, before = ctypes.CDLL(None), ctypes.c_int(), descendants()
    libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(kept))
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
        _, alive = psutil.wait_procs(descendants() - before, ENDING_SECONDS)
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, kept.value)
    assert alive == []


@contextmanager
def nothing_left(folder: Path) -> Iterator[None]:
    """Fail if what is done within leaves a process, a descriptor, shared memory or a temporary file.

    Args:
        folder: An empty one, where temporary files go meanwhile.
    """
    kept, tempfile.tempdir = tempfile.tempdir, str(folder)
    before = Remains.here(folder)
    try:
        with no_process_left():
            yield
        after = Remains.here(folder)
    finally:
        tempfile.tempdir = kept
    assert after.descriptors <= before.descriptors
    assert after.shared <= before.shared
    assert after.files <= before.files


def _descriptors() -> frozenset[str]:
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(entry.readlink()))
    return frozenset(name for name in found if not name.startswith("/proc/"))
