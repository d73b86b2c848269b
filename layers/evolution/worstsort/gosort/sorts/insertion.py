"""Insertion sort, which finishes short segments in every sort here."""

from __future__ import annotations

from worstsort.gosort.operations.compare import Adversary, Data, Work, less, swap


def insertion_sort(data: Data, work: Work, game: Adversary | None, start: int, end: int) -> None:
    """Sort positions start..end-1 (`insertionSort` in Go's sort package, all versions)."""
    for i in range(start + 1, end):
        j = i
        while j > start and less(data, work, game, j, j - 1):
            swap(data, j, j - 1)
            j -= 1
