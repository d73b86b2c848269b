"""The adversary that keeps a partial order: chromosomes of answers in, counts and inputs out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.gosort.array_validation import as_answers, as_row
from worstsort.gosort.compiled import kernels, loops
from worstsort.gosort.compiled.threads import spread
from worstsort.gosort.errors import InvalidInput
from worstsort.gosort.operations.compare import WORK_SIZE
from worstsort.gosort.operations.partial_order import WORD_BITS, Order, start_order
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_integers, as_size, as_threads
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from worstsort.gosort.compiled.threads import WorkQueue
    from worstsort.gosort.target import Target


def play_answers(answers: Any, size: int, target: str, threads: int | None = None) -> np.ndarray:
    """Count the target's comparisons against every row of answers.

    Args:
        answers: Integers 0 or 1, shape (individuals, genes). Gene k answers the k-th comparison that does not follow
            from earlier answers: 1 makes the first of the two items the smaller one. After the last gene it is 0.
        size: How many items are sorted.
        target: The sort that asks.
        threads: None means one per processor; the result is the same for any number.

    Returns:
        int64, shape (individuals,): for each row the cost of sorting `freeze_answers(row, size, target)`.
    """
    chosen, rows, size = find_target(target), as_answers(answers), as_size(size)
    if chosen.player is not None:
        return chosen.player.answer(rows, size, as_threads(threads))
    counts = np.zeros(len(rows), dtype=np.int64)
    if not compilation.available():
        counts[:] = [_play(chosen, plain_order(size, row.tolist()))[1] for row in rows]
        return counts
    loop = kernels.kernel(loops.play_answer_rows, chosen)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        words = (size >> WORD_BITS) + 1
        below, above = (np.zeros(size * words, np.int64) for _ in range(2))
        unused = np.zeros(0, np.int64)
        order = Order(below, above, words, WORD_BITS, np.zeros(0, np.uint8), np.zeros(1, np.int64), unused, unused)
        data, work = np.zeros(size, np.int64), np.zeros(WORK_SIZE, np.int64)
        return partial(loop, rows, queue, counts, (data, work, order))

    spread(prepare, len(rows), rows.shape[1], as_threads(threads))
    return counts


def freeze_answers(answers: Any, size: int, target: str) -> list[int]:
    """Return the input that these answers, shape (genes,), lead to: a permutation of 0..size-1.

    Of all orders that agree with the answers, it orders items by how many are known to be smaller, then by position.
    """
    chosen, row = find_target(target), as_answers(as_row(answers))[0].tolist()
    if chosen.player is not None:
        return chosen.player.freeze_answers(row, as_size(size))[0]
    return _play(chosen, plain_order(as_size(size), row))[0]


def play_answers_plain(answers: Any, size: int, target: str) -> int:
    """Count the comparisons that the target makes against these answers, in plain Python."""
    chosen, row = find_target(target), as_answers(as_row(answers))[0].tolist()
    if chosen.player is not None:
        return chosen.player.freeze_answers(row, as_size(size))[1]
    return _play(chosen, plain_order(as_size(size), row))[1]


def read_answers(values: Any, target: str) -> list[int]:
    """Return all answers that lead to an input that costs as much as this one.

    Raises:
        InvalidInput: The values are not distinct integers.
    """
    distinct = as_integers(values)
    if len(set(distinct)) < len(distinct):
        raise InvalidInput(
            f"expected distinct values, got {len(distinct)} values of which {len(set(distinct))} are different"
        )
    chosen = find_target(target)
    if chosen.player is not None:
        raise InvalidInput(f"expected one of Go's sorts, whose answers can be read off an input, got {target}")
    order = plain_order(len(distinct), values=distinct)
    _play(chosen, order)
    return list(order.noted[: order.asked[0]])


def linear_extension(order: Order) -> list[int]:
    """Return every item's rank in an order that agrees with everything known (plain orders of one word)."""
    ranks = [0] * len(order.below)
    for rank, item in enumerate(sorted(range(len(ranks)), key=lambda item: int(order.below[item]).bit_count())):
        ranks[item] = rank
    return ranks


def plain_order(size: int, answers: Sequence[int] = (), values: Sequence[int] = ()) -> Order:
    """Make an order whose bitsets are Python integers of any length."""
    noted = [0] * (len(values) * (len(values) - 1) // 2)  # no two items are ever compared freely twice
    return Order([0] * size, [0] * size, 1, size.bit_length(), answers, [0], values, noted)


def _play(target: Target, order: Order) -> tuple[list[int], int]:
    """Sort items about which nothing is known; return the input that results, and its comparisons."""
    data, work = [0] * len(order.below), [0] * WORK_SIZE
    start_order(data, order)
    target.sort(data, work, order, None)
    return linear_extension(order), work[0]
