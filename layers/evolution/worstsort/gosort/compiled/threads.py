"""Shares the rows of a population among threads.

Each thread runs one loop, in compiled code and without Python's lock, and takes batches of rows until none are left.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from worstsort.gosort.operations.blocks import add

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MIN_ITEMS_PER_THREAD = 50_000
"""Fewer are not worth a thread: waking one takes as long as counting some ten thousand items."""

MIN_ITEMS_PER_BATCH = 4_000
"""Fewer would make threads wait for each other: they write to neighbouring places."""

MAX_THREADS = 1_024
"""Each is started only when it is needed."""


class WorkQueue(NamedTuple):
    """The rows that several threads work on together, shared by all of them.

    Attributes:
        borders: Where each batch of rows begins, and where the last one ends.
        taken: One number: how many batches have been taken.
    """

    borders: NDArray[Any]
    taken: NDArray[Any]


def claim(queue: WorkQueue) -> range:
    """Take the next batch of rows; empty when all have been taken."""
    batch = add(queue.taken, 1)
    if batch >= len(queue.borders) - 1:
        return range(0)
    return range(queue.borders[batch], queue.borders[batch + 1])


def spread(prepare: Callable[[WorkQueue], Callable[[], None]], rows: int, size: int, threads: int) -> None:
    """Work on all rows, in this thread and in as many others as are allowed and worth starting.

    Args:
        prepare: Makes the room that one thread needs, and returns what the thread runs, once: it takes rows from the
            queue until none are left.
        rows: Number of rows.
        size: Items per row.
        threads: The most threads.
    """
    workers = max(1, min(threads, rows, rows * size // MIN_ITEMS_PER_THREAD))
    queue = WorkQueue(np.array(borders(rows, workers, rows * size)), np.zeros(1, np.int64))
    others: list[Future[None]] = []
    try:
        others += (helpers(os.getpid()).submit(prepare(queue)) for _ in range(workers - 1))
        prepare(queue)()
    finally:
        failures = [other.exception() for other in others]  # this waits: they write to the caller's arrays
    for failure in filter(None, failures):
        raise failure


def borders(rows: int, workers: int, items: int) -> list[int]:
    """Cut rows into ever smaller batches, so that workers take few of them and still finish together."""
    if workers == 1:
        return [0, rows]
    least = max(rows * MIN_ITEMS_PER_BATCH // items, 1)
    cut = [0]
    while cut[-1] < rows:
        cut.append(min(cut[-1] + max((rows - cut[-1]) // (2 * workers), least), rows))
    return cut


@cache
def helpers(_process: int) -> ThreadPoolExecutor:
    """Return the threads that help out, kept since starting one costs a third of a millisecond; a fork has none."""
    return ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="counting")
