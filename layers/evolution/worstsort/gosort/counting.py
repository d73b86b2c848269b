"""Counts the comparisons on whole populations, in compiled code where Numba is installed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.gosort.adversaries.gas import play_plain
from worstsort.gosort.array_validation import as_choices, as_population
from worstsort.gosort.compiled import kernels, loops
from worstsort.gosort.compiled.threads import WorkQueue, spread
from worstsort.gosort.operations.blocks import HEAPS_TOGETHER, MARGIN_ITEMS, MAX_FAST_SIZE, Scratch
from worstsort.gosort.operations.compare import STATE_SIZE, WORK_SIZE
from worstsort.gosort.plain import count_plain
from worstsort.gosort.registry import DEFAULT_TARGET, find_target
from worstsort.gosort.sorts.heap_fast import SENTINEL_PLACE, WAITING_LIST_SIZE
from worstsort.gosort.validation import as_size, as_threads
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.gosort.target import Target

CACHE_LINE_BYTES = 64


def count_population(population: Any, target: str = DEFAULT_TARGET, threads: int | None = None) -> np.ndarray:
    """Count the comparisons on every row of a population.

    Args:
        population: Signed 64-bit integers, shape (individuals, size).
        target: The sort.
        threads: None means one per processor; the result is the same for any number.

    Returns:
        int64, shape (individuals,).

    Raises:
        InvalidInput: `population` holds anything else.
        UnknownTarget: There is no such target.
    """
    chosen, rows = find_target(target), as_population(population)
    if chosen.player is not None:
        return chosen.player.count(rows, as_threads(threads))
    counts = np.zeros(len(rows), dtype=np.int64)
    if not compilation.available():
        counts[:] = [count_plain(row, target) for row in rows]
        return counts
    # The first row decides the dtype; rows that turn out to be too wide for it are counted again.
    count_as(narrowest(rows[:1]), chosen, rows, counts, as_threads(threads))
    wide = np.flatnonzero(counts == loops.TOO_WIDE)
    if len(wide):
        again = np.zeros(len(wide), dtype=np.int64)
        count_as(np.dtype(np.int64), chosen, rows[wide], again, as_threads(threads))
        counts[wide] = again
    return counts


def count_as(kind: np.dtype[Any], target: Target, rows: np.ndarray, counts: np.ndarray, threads: int) -> None:
    """Add every row's comparisons to its count, 0 so far; TOO_WIDE where this dtype cannot hold the row."""
    size = rows.shape[1]
    fast = target.has_fast_form and size <= MAX_FAST_SIZE
    loop = kernels.kernel(loops.count_rows_fast if fast else loops.count_rows, target)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        (data,) = zeros((size + MARGIN_ITEMS, kind))
        room = data[:size], np.zeros(WORK_SIZE, np.int64)
        return partial(loop, rows, queue, counts, (*room, make_scratch(size, counts, kind)) if fast else room)

    spread(prepare, len(rows), size, threads)


def play_population(choices: Any, size: int, target: str, threads: int | None = None) -> np.ndarray:
    """Count the target's comparisons against every row of choices.

    Args:
        choices: Integers 0 to 3, shape (individuals, max(size-1, 1)); see `freeze`.
        size: How many items are sorted.
        target: The sort that asks.
        threads: None means one per processor; the result is the same for any number.

    Returns:
        int64, shape (individuals,): for each row the cost of sorting `freeze(row, size, target)`.
    """
    chosen, rows = find_target(target), as_choices(choices, as_size(size))
    if chosen.player is not None:
        return chosen.player.play(rows, size, as_threads(threads))
    counts = np.zeros(len(rows), dtype=np.int64)
    if not compilation.available():
        counts[:] = [play_plain(row, size, target) for row in rows]
        return counts
    loop = kernels.kernel(loops.play_rows, chosen)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        data, values, work, state = (np.zeros(n, np.int64) for n in (size, size, WORK_SIZE, STATE_SIZE))
        return partial(loop, rows, queue, counts, (data, work, values, state))

    spread(prepare, len(rows), rows.shape[1], as_threads(threads))
    return counts


def narrowest(integers: np.ndarray) -> np.dtype[Any]:
    """Return the narrowest dtype that holds every value: of 32-bit integers twice as many are compared at once."""
    bits = np.iinfo(np.int32)
    fit = integers.dtype == np.int32 or not integers.size or bits.min <= integers.min() <= integers.max() <= bits.max
    return np.dtype(np.int32 if fit else np.int64)


def make_scratch(size: int, counts: np.ndarray, kind: np.dtype[Any]) -> Scratch:
    """Make the scratch that one thread needs to count inputs of one size and dtype in their fast form."""
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
    """Make arrays of zeros from pairs of length and dtype, each aligned to a cache line.

    A block that crosses into another page is slow to write, and some blocks are written again and again.
    """
    lengths = [items * kind.itemsize for items, kind in arrays]
    room = np.zeros(sum(lengths) + CACHE_LINE_BYTES * (1 + len(lengths)), np.uint8)
    start, made = -room.__array_interface__["data"][0] % CACHE_LINE_BYTES, []
    for (_, kind), length in zip(arrays, lengths, strict=True):
        made.append(room[start : start + length].view(kind))
        start += -(-length // CACHE_LINE_BYTES) * CACHE_LINE_BYTES
    return made
