"""Long readings in portions: the coarse first and then finer, so that a page has the whole shape at once.

Whatever is read of a run is bounded: of many generations every second, fourth, eighth... is read, by multiples of
powers of two. So what was read of a run stays good while it goes on, and what is drawn stays evenly spread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Key = TypeVar("Key")

FIRST = 50
"""Items of the first reading, which somebody waits for: as many runs as a page shows, and the shape of a curve."""

LATER = 800
"""Items of each reading that is taken beside the answers: eight calls of BatchGetItem."""


class Portions:
    """How much of a long reading is taken at a time."""

    def __init__(self) -> None:
        self._begun = False

    def next(self) -> int:
        """Return how many items the next reading may ask for."""
        most = LATER if self._begun else FIRST
        self._begun = True
        return most


def thinned(last: int, most: int) -> range:
    """Return the numbers from 0 to `last`, or of many the multiples of the power of two that leaves at most `most`."""
    every = 1
    while last // every >= most:
        every *= 2
    return range(0, last + 1, every)


def coarse_first(numbers: Iterable[int]) -> list[int]:
    """Return numbers, 0 first, then the multiples of high powers of two, each of them before those between them."""
    return sorted(numbers, key=lambda number: (-(number & -number) if number else float("-inf"), number))
