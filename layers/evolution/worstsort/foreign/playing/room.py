"""The memory that a child shares with the process that watches it."""

from __future__ import annotations

import ctypes
import mmap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.foreign.playing import context

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PAGE = mmap.PAGESIZE
_ABOUT_BYTES = 256
_ITEM_CELLS = 5
"""32-bit numbers for each item: a pair of an item and an address, and a mark."""


@dataclass(frozen=True)
class Need:
    """What a batch needs, or a room offers.

    Attributes:
        size: Items.
        rows: Rows.
        row_bytes: Bytes of a row.
        cells: Numbers of a context.
    """

    size: int
    rows: int
    row_bytes: int
    cells: int

    @classmethod
    def of(cls, form: int, rows: NDArray[Any], size: int) -> Need:
        """Return what a batch of rows needs."""
        genes = rows.shape[1]
        return cls(size, len(rows), genes * rows.itemsize, context.cells(form, size, genes))

    def holds(self, other: Need) -> bool:
        """Return whether a room of this much is enough for another need."""
        return (
            self.size >= other.size
            and self.rows >= other.rows
            and self.cells >= other.cells
            and self.rows * self.row_bytes >= other.rows * other.row_bytes
        )

    def with_(self, other: Need) -> Need:
        """Return what is enough for both."""
        data = max(self.rows * self.row_bytes, other.rows * other.row_bytes)
        rows = max(self.rows, other.rows)
        return Need(max(self.size, other.size), rows, -(-data // rows), max(self.cells, other.cells))


class Room:
    """Arrays in memory that a fork shares; the items end where a page begins that nobody may touch.

    Attributes:
        context: int64; see `context`.
        items: int32.
    """

    def __init__(self, need: Need) -> None:
        self.need = need
        sizes = (_ABOUT_BYTES, 8 * need.cells, 8 * need.rows, 8 * need.rows, need.rows * need.row_bytes)
        self._memory = mmap.mmap(-1, sum(-(-size // 64) * 64 for size in sizes))
        views, start = [], 0
        for size in sizes:
            views.append(np.frombuffer(self._memory, np.uint8, size, start))
            start += -(-size // 64) * 64
        self._about, context_bytes, counts, verdicts, self._data = views
        self.context, self._counts, self._verdicts = (view.view(np.int64) for view in (context_bytes, counts, verdicts))
        room = -(-4 * _ITEM_CELLS * need.size // _PAGE) * _PAGE
        self._guarded = mmap.mmap(-1, room + _PAGE)
        self.items = np.frombuffer(self._guarded, np.int32, room // 4)

    def guard(self) -> None:
        """Forbid this process to touch the page behind the items."""
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mprotect(ctypes.c_void_p(self.items.ctypes.data + self.items.nbytes), ctypes.c_size_t(_PAGE), 0):
            raise OSError(ctypes.get_errno(), "mprotect")

    def batch(self, form: int, rows: int, genes: int) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
        """Return where the rows, the counts and the verdicts of a batch are."""
        kind = np.dtype(np.int64 if form & ~context.ASK == context.VALUES else np.uint8)
        data = self._data[: rows * genes * kind.itemsize].view(kind).reshape(rows, genes)
        return data, self._counts[:rows], self._verdicts[:rows]

    @property
    def about(self) -> str:
        """What the sort says about itself."""
        return bytes(self._about).partition(b"\0")[0].decode("utf-8", "replace")

    def say(self, about: bytes) -> None:
        """Keep what the sort says about itself."""
        text = about[: _ABOUT_BYTES - 1]
        self._about[: len(text)] = np.frombuffer(text, np.uint8)
