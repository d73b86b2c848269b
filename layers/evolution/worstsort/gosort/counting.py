"""Counts the comparisons that a target makes."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import compiled, loops
from .adversary import play_plain
from .blocks import HEAPS, LARGEST_SIZE, MARGIN, Tools
from .compare import STATE_SIZE, WORK_SIZE
from .heap_fast import QUEUE_SIZE, SMALLEST
from .registry import find_target
from .validation import as_choices, as_integers, as_population, as_size, as_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    Part = Callable[[int, int], None]

ITEMS_WORTH_A_THREAD = 50_000  # waking a thread takes as long as counting some ten thousand items
ITEMS_WORTH_A_BLOCK = 4_000  # fetching a block takes as long as counting some hundred
MOST_THREADS = 1_024  # started only when that many are asked for


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
    import numpy as np  # noqa: PLC0415

    chosen, rows = find_target(target), as_population(population)
    counts = np.zeros(len(rows), dtype=np.int64)
    if not compiled.available():
        counts[:] = [count_plain(row, target) for row in rows]
        return counts
    size = rows.shape[1]
    fast = chosen.has_fast_form and size <= LARGEST_SIZE
    loop = compiled.kernel(loops.count_rows_fast if fast else loops.count_rows, chosen)

    def with_own_room() -> Part:
        work = np.zeros(WORK_SIZE, np.int64)

        @cache
        def room(kind: np.dtype[Any]) -> tuple[np.ndarray, Tools]:
            data = np.zeros(size + 2 * MARGIN, kind)[MARGIN : MARGIN + size]
            return data, make_tools(size if fast else 0, counts, kind)

        def part(start: int, end: int) -> None:
            data, tools = room(narrowest(rows[start:end]))
            loop(rows[start:end], data, work, tools._replace(counts=counts[start:end]))

        return part

    spread(with_own_room, rows.size, len(rows), as_threads(threads))
    return counts


def play_population(choices: Any, size: int, target: str, threads: int | None = None) -> np.ndarray:
    """Count the target's comparisons against every row of choices, uint8 (individuals, max(size-1, 1)), values 0..3.

    Returns int64 (individuals,): for each row what sorting `freeze(row, size, target)` costs.
    """
    import numpy as np  # noqa: PLC0415

    chosen, rows = find_target(target), as_choices(choices, as_size(size))
    counts = np.zeros(len(rows), dtype=np.int64)
    if not compiled.available():
        counts[:] = [play_plain(row, size, target) for row in rows]
        return counts
    loop = compiled.kernel(loops.play_rows, chosen)

    def with_own_room() -> Part:
        data, values, work, state = (np.zeros(n, np.int64) for n in (size, size, WORK_SIZE, STATE_SIZE))
        return lambda start, end: loop(rows[start:end], counts[start:end], data, work, values, state)

    spread(with_own_room, rows.size, len(rows), as_threads(threads))
    return counts


def narrowest(integers: np.ndarray) -> np.dtype[Any]:
    """Say which kind of integers has room for all of these: 32 bits are compared twice as many at once as 64."""
    import numpy as np  # noqa: PLC0415

    bits = np.iinfo(np.int32)
    fit = integers.dtype == np.int32 or not integers.size or bits.min <= integers.min() <= integers.max() <= bits.max
    return np.dtype(np.int32 if fit else np.int64)


def make_tools(size: int, counts: np.ndarray, kind: np.dtype[Any]) -> Tools:
    """Make the room that one thread needs to count inputs of one size and kind of integers in their fast form."""
    import numpy as np  # noqa: PLC0415

    left, right = (np.zeros(size + MARGIN, np.uint16) for _ in range(2))
    heaps = np.zeros((HEAPS, 2 * size + 4), kind)
    heaps[:, SMALLEST] = np.iinfo(kind).min
    return Tools(left, right, heaps, np.zeros(QUEUE_SIZE, np.int64), counts)


def spread(with_own_room: Callable[[], Part], items: int, rows: int, threads: int) -> None:
    """Have all rows worked on, block by block, in this thread and as many others as are asked for and worth it."""
    workers = max(1, min(threads, rows, items // ITEMS_WORTH_A_THREAD))
    waiting = iter(list(pairwise(borders(rows, workers, items))))  # shared: each thread takes the next block

    def work() -> None:
        part = with_own_room()
        for start, end in waiting:
            part(start, end)

    others: list[Future[None]] = []
    try:
        others += (helpers(os.getpid()).submit(work) for _ in range(workers - 1))
        work()
    finally:
        failures = [other.exception() for other in others]  # this waits: they write to the caller's arrays
    for failure in filter(None, failures):
        raise failure


def borders(rows: int, workers: int, items: int) -> list[int]:
    """Cut rows into blocks that become shorter, so that workers have few to fetch and still end together.

    All but the last are whole batches of heaps: a block's last heaps are emptied together even if they are fewer.
    """
    if workers == 1:
        return [0, rows]
    least = max(rows * ITEMS_WORTH_A_BLOCK // items, 1)
    cut = [0]
    while cut[-1] < rows:
        length = max((rows - cut[-1]) // (2 * workers), least)
        cut.append(min(cut[-1] + -(-length // HEAPS) * HEAPS, rows))
    return cut


@cache
def helpers(_process: int) -> ThreadPoolExecutor:
    """The threads that help out; kept, because starting one costs a third of a millisecond. A fork has none of them."""
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="counting")
