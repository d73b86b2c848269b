"""Counts the comparisons that a target makes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from . import compiled, loops
from .adversary import play_plain
from .blocks import LARGEST_SIZE, MARGIN, Tools
from .compare import STATE_SIZE, WORK_SIZE
from .heap_fast import fill_depths
from .registry import find_target
from .validation import as_choices, as_integers, as_population, as_size, as_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np


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

    def count(start: int, end: int) -> None:
        data = np.zeros(size + 2 * MARGIN, np.int64)[MARGIN : MARGIN + size]
        work = np.zeros(WORK_SIZE, np.int64)
        tools = (make_tools(size),) if fast else ()
        loop(rows[start:end], counts[start:end], data, work, *tools)

    _spread(count, len(rows), threads)
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

    def play(start: int, end: int) -> None:
        items, values = np.empty(size, np.int64), np.empty(size, np.int64)
        loop(
            rows[start:end],
            counts[start:end],
            items,
            np.zeros(WORK_SIZE, np.int64),
            values,
            np.zeros(STATE_SIZE, np.int64),
        )

    _spread(play, len(rows), threads)
    return counts


def make_tools(size: int) -> Tools:
    """Make the room that one thread needs to count inputs of one size in their fast form."""
    import numpy as np  # noqa: PLC0415

    depths = np.zeros(4 * size + 16, np.int64)
    fill_depths(depths)
    left, right = (np.zeros(size + MARGIN, np.uint16) for _ in range(2))
    return Tools(left, right, np.zeros(4 * size + 16, np.int64), depths)


def _spread(part: Callable[[int, int], None], rows: int, threads: int | None) -> None:
    """Call `part(start, end)` on blocks that make up all rows, in as many threads as asked for."""
    workers = max(1, min(as_threads(threads), rows))
    if workers == 1:
        part(0, rows)
        return
    blocks = workers * 4
    borders = [rows * block // blocks for block in range(blocks + 1)]
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(part, borders[:-1], borders[1:]))
