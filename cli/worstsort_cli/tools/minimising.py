"""The simplest input that is still bad: what is not needed for its cost is put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort import count_population

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Ranks = NDArray[np.int64]
    Move = tuple[bool, int, int]
    Measure = Callable[[Ranks], int]

_BATCH = 256
"""Candidates that are counted at once."""


@dataclass(frozen=True)
class Simplified:
    """Ranks 0..n-1 with what they cost and how disordered they are, before and after."""

    values: list[int]
    comparisons: int
    floor: int
    before: int
    after: int
    evaluations: int


def inversions(values: Ranks) -> int:
    """Pairs that stand in the wrong order: 0 for a sorted input, n(n-1)/2 for a reversed one."""
    if len(values) < 2:
        return 0
    middle = len(values) // 2
    left, right = np.sort(values[:middle]), np.sort(values[middle:])
    across = int((middle - np.searchsorted(left, right, side="right")).sum())
    return inversions(values[:middle]) + inversions(values[middle:]) + across


def runs(values: Ranks) -> int:
    """Maximal ascending stretches: 1 for a sorted input, n for a reversed one."""
    return 1 + int((values[1:] < values[:-1]).sum()) if len(values) else 0


MEASURES: dict[str, Measure] = {"inversions": inversions, "runs": runs}


def minimise(values: list[int], target: str, floor: int, measure: str, budget: int) -> Simplified:
    """Put an input in order while at least `floor` comparisons are left.

    First long stretches of positions and of values, then ever shorter ones, as in delta debugging; then small random
    steps that are kept if they leave it as simple, or simpler. The same arguments always give the same result.

    Args:
        values: The input; only its order matters.
        target: The sort.
        floor: Comparisons that must remain.
        measure: What is to become small, a name in `MEASURES`.
        budget: Inputs that may be counted.

    Returns:
        A simpler input of the same length that costs at least `floor`.
    """
    disorder = MEASURES[measure]
    _, ranks = np.unique(np.asarray(values, dtype=np.int64), return_inverse=True)
    first = np.asarray(ranks, dtype=np.int64)
    best, spent = _put_in_order(first, disorder, target, floor, budget)
    best, walked = _walk(best, disorder, target, floor, budget - spent)
    return Simplified(best.tolist(), _count(best, target), floor, disorder(first), disorder(best), spent + walked)


def _put_in_order(best: Ranks, disorder: Measure, target: str, floor: int, budget: int) -> tuple[Ranks, int]:
    """All stretches, until none of them can be put in order any more; also says how many inputs were counted."""
    spent, improved = 0, True
    while improved and spent < budget:
        improved = False
        for moves in _passes(len(best)):
            found, counted = _descend(best, moves, disorder, target, floor)
            spent += counted
            if found is not None:
                best, improved = found, True
            if spent >= budget:
                break
    return best, spent


def _walk(best: Ranks, disorder: Measure, target: str, floor: int, budget: int) -> tuple[Ranks, int]:
    """Random steps, many tried at once; ends when the budget is spent or nothing is left to put in order."""
    random, spent, now = np.random.default_rng(0), 0, disorder(best)
    while spent < budget and len(best) > 1 and now > disorder(np.sort(best)):
        candidates = np.stack([_step(best, random) for _ in range(min(_BATCH, budget - spent))])
        spent += len(candidates)
        scores = np.array([disorder(one) for one in candidates])
        useful = np.flatnonzero((scores <= now) & (candidates != best).any(axis=1))
        if not len(useful):
            continue
        costly = useful[count_population(candidates[useful], target) >= floor]
        if len(costly):
            chosen = costly[np.argmin(scores[costly])]
            best, now = candidates[chosen], int(scores[chosen])
    return best, spent


def _step(values: Ranks, random: np.random.Generator) -> Ranks:
    """Order a short stretch, or take an item out and put it behind the one that is next smaller, or anywhere."""
    size = len(values)
    kind, start = random.integers(4), int(random.integers(size))
    if kind < 2:
        length = int(2 ** random.uniform(1, max(1.0, np.log2(size) - 1)))
        return _ordered(values, (bool(kind), start, start + length))
    rest = np.delete(values, start)
    smaller = np.flatnonzero(rest == values[start] - 1)
    where = int(smaller[0]) + 1 if kind == 2 and len(smaller) else int(random.integers(size))
    return np.insert(rest, where, values[start])


def _passes(size: int) -> Iterator[list[Move]]:
    """Batches of stretches to put in order, halving their length: (among values instead of positions, start, end)."""
    length = size
    while length >= 2:
        step = max(1, length // 2)
        moves = [(by_value, start, min(start + length, size)) for by_value in (False, True)
                 for start in range(0, size - 1, step)]  # fmt: skip
        for first in range(0, len(moves), _BATCH):
            yield moves[first : first + _BATCH]
        length //= 2


def _descend(best: Ranks, moves: list[Move], disorder: Measure, target: str, floor: int) -> tuple[Ranks | None, int]:
    """Apply as many of the moves as keep the cost; returns the new input, if it is simpler, and inputs counted."""
    good, counted = _promising(best, moves, disorder, target, floor)
    current: Ranks | None = None
    while good:
        start = best if current is None else current
        together = start
        for move in good:
            together = _ordered(together, move)
        counted += 1
        if _count(together, target) >= floor and disorder(together) < disorder(start):
            return together, counted
        if current is None:
            current = _ordered(best, good[0])
            good = good[1:]
        good = good[: len(good) // 2]
    return current, counted


def _promising(best: Ranks, moves: list[Move], disorder: Measure, target: str, floor: int) -> tuple[list[Move], int]:
    """Moves that each alone make the input simpler and keep its cost, the one that gains most first."""
    now = disorder(best)
    scored = [(disorder(candidate), move, candidate) for move in moves for candidate in [_ordered(best, move)]]
    simpler = sorted((entry for entry in scored if entry[0] < now), key=lambda entry: entry[:2])
    if not simpler:
        return [], 0
    counts = count_population(np.stack([candidate for _, _, candidate in simpler]), target)
    kept = [move for (_, move, _), count in zip(simpler, counts, strict=True) if count >= floor]
    return kept, len(simpler)


def _count(values: Ranks, target: str) -> int:
    return int(count_population(values[np.newaxis], target)[0])


def _ordered(values: Ranks, move: Move) -> Ranks:
    by_value, start, end = move
    result = values.copy()
    if by_value:
        where = np.argsort(values, kind="stable")[start:end]
        result[np.sort(where)] = values[where]
    else:
        result[start:end] = np.sort(values[start:end])
    return result
