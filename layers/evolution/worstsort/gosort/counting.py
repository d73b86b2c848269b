"""Counts the comparisons that a target makes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.gosort.adversaries.gas import play_plain
from worstsort.gosort.compiled import kernels, loops
from worstsort.gosort.compiled.threads import WorkQueue, spread
from worstsort.gosort.operations.blocks import HEAPS_TOGETHER, MARGIN_ITEMS, MAX_FAST_SIZE, Scratch
from worstsort.gosort.operations.compare import STATE_SIZE, WORK_SIZE
from worstsort.gosort.registry import find_target
from worstsort.gosort.sorts.heap_fast import SENTINEL_PLACE, WAITING_LIST_SIZE
from worstsort.gosort.validation import as_choices, as_integers, as_population, as_size, as_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from worstsort.gosort.target import Target

CACHE_LINE_BYTES = 64
"""Bytes."""


def count_plain(values: Any, target: str) -> int:
    """Count the comparisons on one input in plain Python, never compiled: the independent recount."""
    chosen = find_target(target)
    data = as_integers(values)
    work = [0] * WORK_SIZE
    chosen.sort(data, work, None, None)
    return work[0]


def count_comparisons(values: Sequence[int], target: str = "go1.12") -> int:
    """Count the comparisons that the target makes to sort these integers.

    Raises:
        InvalidInput: `values` is not a sequence of signed 64-bit integers.
        UnknownTarget: there is no such target.
    """
    return count_plain(values, target)


def count_population(population: Any, target: str = "go1.12", threads: int | None = None) -> np.ndarray:
    """Count the comparisons on every row of integers, shape (individuals, size).

    Returns int64, shape (individuals,). The result is the same for any number of threads; None means one for each
    processor.
    """
    chosen, rows = find_target(target), as_population(population)
    counts = np.zeros(len(rows), dtype=np.int64)
    if not kernels.available():
        counts[:] = [count_plain(row, target) for row in rows]
        return counts
    # The first row is taken for all of them; those that turn out to be too wide are counted again.
    count_as(narrowest(rows[:1]), chosen, rows, counts, as_threads(threads))
    wide = np.flatnonzero(counts == loops.TOO_WIDE)
    if len(wide):
        again = np.zeros(len(wide), dtype=np.int64)
        count_as(np.dtype(np.int64), chosen, rows[wide], again, as_threads(threads))
        counts[wide] = again
    return counts


def count_as(kind: np.dtype[Any], target: Target, rows: np.ndarray, counts: np.ndarray, threads: int) -> None:
    """Add every row's comparisons to its count, 0 so far; TOO_WIDE if this kind of integers cannot hold the row."""
    size = rows.shape[1]
    fast = target.has_fast_form and size <= MAX_FAST_SIZE
    loop = kernels.kernel(loops.count_rows_fast if fast else loops.count_rows, target)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        (data,) = zeros((size + MARGIN_ITEMS, kind))
        scratch = make_scratch(size if fast else 0, counts, kind)
        return partial(loop, rows, queue, data[:size], np.zeros(WORK_SIZE, np.int64), scratch)

    spread(prepare, len(rows), size, threads)


def play_population(choices: Any, size: int, target: str, threads: int | None = None) -> np.ndarray:
    """Count the target's comparisons against every row of choices, uint8 (individuals, max(size-1, 1)), values 0..3.

    Returns int64 (individuals,): for each row what sorting `freeze(row, size, target)` costs.
    """
    chosen, rows = find_target(target), as_choices(choices, as_size(size))
    counts = np.zeros(len(rows), dtype=np.int64)
    if not kernels.available():
        counts[:] = [play_plain(row, size, target) for row in rows]
        return counts
    loop = kernels.kernel(loops.play_rows, chosen)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        data, values, work, state = (np.zeros(n, np.int64) for n in (size, size, WORK_SIZE, STATE_SIZE))
        return partial(loop, rows, queue, counts, data, work, values, state)

    spread(prepare, len(rows), rows.shape[1], as_threads(threads))
    return counts


def narrowest(integers: np.ndarray) -> np.dtype[Any]:
    """Say which kind of integers has room for all of these: 32 bits are compared twice as many at once as 64."""
    bits = np.iinfo(np.int32)
    fit = integers.dtype == np.int32 or not integers.size or bits.min <= integers.min() <= integers.max() <= bits.max
    return np.dtype(np.int32 if fit else np.int64)


def make_scratch(size: int, counts: np.ndarray, kind: np.dtype[Any]) -> Scratch:
    """Make the room that one thread needs to count inputs of one size and kind of integers in their fast form."""
    places = (size + MARGIN_ITEMS, np.dtype(np.uint16))
    left, right, heaps, stops = zeros(
        places,
        places,
        (HEAPS_TOGETHER * (2 * size + MARGIN_ITEMS), kind),
        (HEAPS_TOGETHER * (size + MARGIN_ITEMS), np.dtype(np.uint16)),
    )
    heaps, stops = heaps.reshape(HEAPS_TOGETHER, -1), stops.reshape(HEAPS_TOGETHER, -1)
    heaps[:, SENTINEL_PLACE] = np.iinfo(kind).min
    return Scratch(left, right, heaps, stops, np.zeros(WAITING_LIST_SIZE, np.int64), counts)


def zeros(*arrays: tuple[int, np.dtype[Any]]) -> list[np.ndarray]:
    """Make arrays of so many items and of this kind; each begins a line of the cache.

    A block that crosses into another page is slow to write, and some are written again and again.
    """
    lengths = [items * kind.itemsize for items, kind in arrays]
    room = np.zeros(sum(lengths) + CACHE_LINE_BYTES * (1 + len(lengths)), np.uint8)
    start, made = -room.__array_interface__["data"][0] % CACHE_LINE_BYTES, []
    for (_, kind), length in zip(arrays, lengths, strict=True):
        made.append(room[start : start + length].view(kind))
        start += -(-length // CACHE_LINE_BYTES) * CACHE_LINE_BYTES
    return made
