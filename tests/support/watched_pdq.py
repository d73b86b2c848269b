"""Pattern-defeating quicksort that holds each step against its lemma, and each segment against its bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort.bounds import pdq as bounds
from worstsort.gosort.sorts import pdq_steps
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.sorts.pdq import MAX_INSERTION_ITEMS
from worstsort.gosort.sorts.pdq_steps import DECREASING, INCREASING, MIN_NINTHER_ITEMS, bit_length

if TYPE_CHECKING:
    from tests.support.watch import Watch

XORSHIFT_OF_GO124 = (7, 17)


LONGEST_WATCHED = 255
"""The longest input whose segments are compared with the tables."""


@cache
def tables(*, distinct: bool) -> list[bounds.Tables]:
    """Return the bounds for each limit."""
    return list(bounds.tables_by_limit(LONGEST_WATCHED, distinct=distinct))


@dataclass
class WatchedSort:
    """One sort of `data` by Go 1.24, whose items may be behind an item that is no larger."""

    data: list[int]
    watch: Watch
    distinct: bool
    work: list[int] = field(default_factory=lambda: [0])

    def sort(self, start: int, end: int, limit: int, *, is_open: bool, balanced: bool, moved: bool) -> None:
        """Sort a segment, and compare what it costs with the table for its kind."""
        before, kind = self.work[0], self._kind(balanced=balanced, moved=moved)
        self._see_item_before(start, end, is_open=is_open)
        table = getattr(tables(distinct=self.distinct)[limit], kind)[bounds.OPEN if is_open else bounds.CLOSED]
        allowed = int(table[end - start])
        if end - start <= MAX_INSERTION_ITEMS:
            insertion_sort(self.data, self.work, None, start, end)
        elif limit == 0:
            heap_sort(self.data, self.work, None, None, start, end)
        else:
            if not balanced:
                pdq_steps.break_patterns(self.data, start, end, *XORSHIFT_OF_GO124)
                limit -= 1
            self._step(start, end, limit, is_open=is_open, balanced=balanced, moved=moved)
        if end - start > MAX_INSERTION_ITEMS:
            self.watch.at_most(f"table {kind}", self.work[0] - before, allowed)

    def _kind(self, *, balanced: bool, moved: bool) -> str:
        if not balanced:
            return "lopsided"
        return "moved" if moved else "fresh"

    def _see_item_before(self, start: int, end: int, *, is_open: bool) -> None:
        if start and start < end:
            smallest = min(self.data[start:end])
            self.watch.at_most("P0", self.data[start - 1] + (not is_open), smallest)

    def _step(self, start: int, end: int, limit: int, *, is_open: bool, balanced: bool, moved: bool) -> None:
        pivot, hint = self._choose(start, end)
        mended = balanced and not moved and hint == INCREASING
        scanned = 0
        if mended:
            scanned, is_sorted = self._mend(start, end, pivot)
            if is_sorted:
                return
        if start and not self.data[start - 1] < self.data[pivot]:
            self.work[0] += 1
            rest = self._put_copies_first(start, end, pivot, scanned, mended=mended)
            self.watch.at_least("P7 open", int(is_open), 1)
            self.sort(rest, end, limit, is_open=False, balanced=balanced, moved=moved)
            return
        self.work[0] += start > 0
        middle, kept = self._split(start, end, pivot, scanned, mended=mended)
        balanced = min(middle - start, end - middle) >= (end - start) // 8
        left_is_smaller = middle - start < end - middle
        parts = [(start, middle, is_open), (middle + 1, end, not self.distinct)]
        smaller, larger = parts if left_is_smaller else reversed(parts)
        self.sort(smaller[0], smaller[1], limit, is_open=smaller[2], balanced=True, moved=False)
        self.sort(larger[0], larger[1], limit, is_open=larger[2], balanced=balanced, moved=not kept)

    def _choose(self, start: int, end: int) -> tuple[int, int]:
        before, size = self.work[0], end - start
        pivot, hint = pdq_steps.choose_pivot(self.data, self.work, None, start, end)
        if hint == DECREASING:
            pdq_steps.reverse(self.data, start, end)
            pivot, hint = end - 1 - (pivot - start), INCREASING
        fewest, value = of(bounds.fewest_beside, size), self.data[pivot]
        segment = self.data[start:end]
        self.watch.at_most("P2 cost", self.work[0] - before, of(bounds.step_cost, size) - 1 - size)
        self.watch.at_least("P2 not larger", sum(item <= value for item in segment) - 1, fewest)
        self.watch.at_least("P2 not smaller", sum(item >= value for item in segment) - 1, fewest)
        return pivot, hint

    def _mend(self, start: int, end: int, pivot: int) -> tuple[int, bool]:
        """Return the place that the scan came to, counted from 0, and whether the segment is sorted."""
        before, size, place = self.work[0], end - start, pivot - start
        first, last = (int(edge[0]) for edge in bounds.places_of_pivot(np.array([size])))
        self.watch.at_most("P2 place", max(first - place, place - last), 0)
        if pdq_steps.partial_insertion_sort(self.data, self.work, None, start, end):
            self.watch.at_most("P3 sorted", self.work[0] - before, size - 1 + of(bounds.shifting_cost, size))
            return size - 1, True
        scanned = self.work[0] - before if size < MIN_NINTHER_ITEMS else self._sorted_items(start, end)
        self.watch.at_most("P3", self.work[0] - before, scanned + of(bounds.shifting_cost, size))
        return scanned, False

    def _sorted_items(self, start: int, end: int) -> int:
        """Return how many items are in order at the beginning; the scan came no further after five shifts."""
        place = start + 1
        while place < end and not self.data[place] < self.data[place - 1]:
            place += 1
        return min(place - start, end - start - 1)

    def _put_copies_first(self, start: int, end: int, pivot: int, scanned: int, *, mended: bool) -> int:
        before, size, place = self.work[0], end - start, pivot - start
        rest = pdq_steps.partition_equal(self.data, self.work, None, start, end, pivot)
        left = int(bounds.left_by_equals(np.array([size]), mended=mended)[0])
        self.watch.at_most("P4", self.work[0] - before, size)
        self.watch.at_most("P7 copies", end - rest, left)
        if mended and size >= MIN_NINTHER_ITEMS and scanned > place:
            self.watch.at_most("P7 many copies", end - rest, size - 1 - place)
        return rest

    def _split(self, start: int, end: int, pivot: int, scanned: int, *, mended: bool) -> tuple[int, bool]:
        before, size = self.work[0], end - start
        middle, kept = pdq_steps.partition(self.data, self.work, None, start, end, pivot)
        self.watch.at_most("P4", self.work[0] - before, size)
        left, right = middle - start, end - middle - 1
        known = [min(left, right), right] if self.distinct else [right]
        stand = bool(bounds.samples_stand(np.array([size]), mended=mended)[0])
        for part in known:
            if stand:
                self.watch.at_least("P5", part, of(bounds.fewest_beside, size))
            if stand and kept:
                self.watch.at_least("P8", part, size // 4)
            if mended:
                last = int(bounds.places_of_pivot(np.array([size]))[1][0])
                self.watch.at_most("P9", scanned, last + 1 + part)
        return middle, kept


def of(function: object, size: int) -> int:
    """Return what a function of an array of sizes says for one."""
    return int(function(np.array([size]))[0])  # type: ignore[operator]


def watch_whole(values: list[int], watch: Watch, *, distinct: bool) -> int:
    """Sort a whole input, and return its comparisons."""
    sort = WatchedSort(values.copy(), watch, distinct)
    limit = bit_length(len(values))
    sort.sort(0, len(values), limit, is_open=False, balanced=True, moved=False)
    return sort.work[0]


def watch_segment(values: list[int], watch: Watch, *, distinct: bool, limit: int, balanced: bool, moved: bool) -> int:
    """Sort a segment behind an item that is smaller, or no larger if items may be equal; return its comparisons."""
    before = min(values) - distinct
    sort = WatchedSort([before, *values], watch, distinct)
    sort.sort(1, len(values) + 1, limit, is_open=not distinct, balanced=balanced, moved=moved)
    return sort.work[0]
