"""Simplifies an input while it stays bad: whatever its cost does not need is put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from worstsort.gosort import count_population
from worstsort.gosort.ranks import dense_ranks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Ranks = NDArray[np.int64]
    Measure = Callable[[Ranks], int]
    Report = Callable[[int], None]

_MAX_BATCH_INPUTS, _MAX_BATCH_INTEGERS = 256, 2**25
"""Candidates that are counted together: enough for all processors, and no more than a quarter of a gigabyte."""

_PAIRS_AT_ONCE_SIZE = 64
"""Items of which all pairs are compared at once, which takes numpy as long as a call."""


@dataclass(frozen=True)
class Simplified:
    """A simplified input.

    Attributes:
        values: Its ranks, 0..n-1.
        comparisons: What it costs.
        floor: The comparisons that had to remain.
        before: The disorder of the original input.
        after: The disorder that is left.
        evaluations: How many inputs were counted.
    """

    values: list[int]
    comparisons: int
    floor: int
    before: int
    after: int
    evaluations: int


class Move(NamedTuple):
    """A stretch to put in order, from `start` to before `end`: of values if `by_value`, else of positions."""

    by_value: bool
    start: int
    end: int


@dataclass(frozen=True)
class Goal:
    """What is wanted: little disorder, and at least `floor` comparisons of the target."""

    disorder: Measure
    target: str
    floor: int

    def comparisons(self, values: Ranks) -> int:
        """Return what an input costs."""
        return int(count_population(values[np.newaxis], self.target)[0])


def inversions(values: Ranks) -> int:
    """Return the number of pairs in the wrong order: 0 for a sorted input, n(n-1)/2 for a reversed one."""
    if len(values) <= _PAIRS_AT_ONCE_SIZE:
        return int(np.triu(values[:, np.newaxis] > values).sum())
    middle = len(values) // 2
    left, right = np.sort(values[:middle]), np.sort(values[middle:])
    across = int((middle - np.searchsorted(left, right, side="right")).sum())
    return inversions(values[:middle]) + inversions(values[middle:]) + across


def runs(values: Ranks) -> int:
    """Return the number of maximal ascending runs: 1 for a sorted input, n for a reversed one."""
    return 1 + int((values[1:] < values[:-1]).sum()) if len(values) else 0


MEASURES: dict[str, Measure] = {"inversions": inversions, "runs": runs}


def minimise(
    values: list[int], target: str, floor: int, measure: str, budget: int, report: Report = lambda _: None
) -> Simplified:
    """Put an input in order as far as at least `floor` comparisons are left.

    Ever shorter stretches of positions and of values are put in order, as in delta debugging; then small random steps
    are tried, and kept if they leave no more disorder. The same arguments always give the same result.

    Args:
        values: The input; only its order matters.
        target: The sort.
        floor: Comparisons that must remain.
        measure: How disorder is measured, a name in `MEASURES`.
        budget: How many inputs may be counted; the last batch may exceed it.
        report: Called with the number of inputs that have been counted, again and again.

    Returns:
        A simpler input of the same length that costs at least `floor`.
    """
    goal = Goal(MEASURES[measure], target, floor)
    original = dense_ranks(values)
    best, ordered = _put_in_order(original, goal, budget, report)
    best, walked = _walk(best, goal, budget - ordered, lambda counted: report(ordered + counted))
    before, after = goal.disorder(original), goal.disorder(best)
    return Simplified(best.tolist(), goal.comparisons(best), floor, before, after, ordered + walked)


def _put_in_order(best: Ranks, goal: Goal, budget: int, report: Report) -> tuple[Ranks, int]:
    """Put stretches in order until none can be any more; return the input, and how many inputs were counted."""
    spent, improved = 0, True
    while improved and spent < budget:
        improved = False
        for moves in _batches_of_moves(len(best)):
            simpler, counted = _apply_many(best, moves, goal)
            spent += counted
            report(spent)
            if simpler is not None:
                best, improved = simpler, True
            if spent >= budget:
                break
    return best, spent


def _walk(best: Ranks, goal: Goal, budget: int, report: Report) -> tuple[Ranks, int]:
    """Take random steps, many tried at once, until the budget is spent or the input is sorted."""
    random, spent, disorder = np.random.default_rng(0), 0, goal.disorder(best)
    while spent < budget and len(best) > 1 and disorder > goal.disorder(np.sort(best)):
        candidates = np.stack([_step(best, random) for _ in range(min(_batch_inputs(len(best)), budget - spent))])
        spent += len(candidates)
        report(spent)
        scores = np.array([goal.disorder(candidate) for candidate in candidates])
        useful = np.flatnonzero((scores <= disorder) & (candidates != best).any(axis=1))
        if not len(useful):
            continue
        costly = useful[count_population(candidates[useful], goal.target) >= goal.floor]
        if len(costly):
            chosen = costly[np.argmin(scores[costly])]
            best, disorder = candidates[chosen], int(scores[chosen])
    return best, spent


def _step(values: Ranks, random: np.random.Generator) -> Ranks:
    """Sort a short stretch, or move an item to a random position or to just after the next smaller item."""
    size = len(values)
    kind, start = random.integers(4), int(random.integers(size))
    if kind < 2:
        length = int(2 ** random.uniform(1, max(1.0, np.log2(size) - 1)))
        return _ordered(values, Move(bool(kind), start, start + length))
    rest = np.delete(values, start)
    smaller = np.flatnonzero(rest == values[start] - 1)
    position = int(smaller[0]) + 1 if kind == 2 and len(smaller) else int(random.integers(size))
    return np.insert(rest, position, values[start])


def _batches_of_moves(size: int) -> Iterator[list[Move]]:
    """Yield stretches to put in order, half overlapping and ever shorter, in batches."""
    length = size
    while length >= 2:
        starts = range(0, size - 1, max(1, length // 2))
        moves = [
            Move(by_value, start, min(start + length, size)) for by_value in (False, True) for start in starts
        ]  # fmt: skip
        batch = _batch_inputs(size)
        for first in range(0, len(moves), batch):
            yield moves[first : first + batch]
        length //= 2


def _batch_inputs(size: int) -> int:
    return max(1, min(_MAX_BATCH_INPUTS, _MAX_BATCH_INTEGERS // max(1, size)))


def _apply_many(best: Ranks, moves: list[Move], goal: Goal) -> tuple[Ranks | None, int]:
    """Apply as many of the moves together as keep the cost.

    Returns:
        The new input, None if it would be no simpler, and how many inputs were counted.
    """
    promising, counted = _promising(best, moves, goal)
    current: Ranks | None = None
    while promising:
        start = best if current is None else current
        together = start
        for move in promising:
            together = _ordered(together, move)
        counted += 1
        if goal.comparisons(together) >= goal.floor and goal.disorder(together) < goal.disorder(start):
            return together, counted
        if current is None:
            current = _ordered(best, promising[0])
            promising = promising[1:]
        promising = promising[: len(promising) // 2]
    return current, counted


def _promising(best: Ranks, moves: list[Move], goal: Goal) -> tuple[list[Move], int]:
    """Return the moves that alone make the input simpler and keep its cost, the most effective first."""
    disorder = goal.disorder(best)
    scored = [(goal.disorder(candidate), move, candidate) for move in moves for candidate in [_ordered(best, move)]]
    simpler = sorted((entry for entry in scored if entry[0] < disorder), key=lambda entry: entry[:2])
    if not simpler:
        return [], 0
    counts = count_population(np.stack([candidate for _, _, candidate in simpler]), goal.target)
    kept = [move for (_, move, _), count in zip(simpler, counts, strict=True) if count >= goal.floor]
    return kept, len(simpler)


def _ordered(values: Ranks, move: Move) -> Ranks:
    result = values.copy()
    if move.by_value:
        positions = np.argsort(values, kind="stable")[move.start : move.end]
        result[np.sort(positions)] = values[positions]
    else:
        result[move.start : move.end] = np.sort(values[move.start : move.end])
    return result
