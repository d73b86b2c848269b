"""Looks at sorts step by step: by how much does anything exceed what a lemma of docs/bounds.md allows?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Watch:
    """The most that was seen beyond what a lemma allows, by lemma; more than 0 refutes it, and 0 says it is tight."""

    def __init__(self) -> None:
        self.excess: dict[str, int] = defaultdict(lambda: -(10**9))

    def at_most(self, lemma: str, found: int, allowed: int) -> None:
        """Note that `found` should not exceed `allowed`."""
        self.excess[lemma] = max(self.excess[lemma], int(found) - int(allowed))

    def at_least(self, lemma: str, found: int, needed: int) -> None:
        """Note that `found` should not be less than `needed`."""
        self.at_most(lemma, needed, found)

    def refuted(self) -> dict[str, int]:
        """Return the lemmas that something exceeded, and by how much."""
        return {lemma: excess for lemma, excess in self.excess.items() if excess > 0}


def climb(
    look: Callable[[list[int], Watch], int], lemma: str, size: int, steps: int, seed: int, *, distinct: bool
) -> Watch:
    """Climb from several starts towards an input that exceeds a lemma; return all that was seen on the way.

    Equal excess is judged by the comparisons, which `look` returns.
    """
    stream, seen = np.random.default_rng(seed), Watch()
    for start in starts(size, stream, distinct=distinct):
        best, values = (-(10**9), 0), start
        for _ in range(steps):
            tried, watch = changed(values, stream, distinct=distinct), Watch()
            comparisons = look(tried, watch)
            for name, excess in watch.excess.items():
                seen.at_most(name, excess, 0)
            if (score := (watch.excess[lemma], comparisons)) >= best:
                best, values = score, tried
    return seen


def starts(size: int, stream: np.random.Generator, *, distinct: bool) -> Iterator[list[int]]:
    """Return inputs to climb from: random, sorted, nearly sorted behind the largest items, and of few values."""
    yield stream.permutation(size).tolist()
    yield list(range(size))
    yield [*range(size - 1, size - 6, -1), *range(size - 5)]
    yield [*range(size // 2, size), *range(size // 2)]
    if not distinct:
        yield stream.integers(0, 5, size).tolist()


def changed(values: list[int], stream: np.random.Generator, *, distinct: bool) -> list[int]:
    """Return a list in which one to three items were moved, exchanged, or made equal."""
    values = values.copy()
    for _ in range(stream.integers(1, 4)):
        one, other = (int(place) for place in stream.integers(0, len(values), 2))
        kind = stream.integers(0, 2 if distinct else 3)
        if kind == 0:
            values[one], values[other] = values[other], values[one]
        elif kind == 1:
            values.insert(other, values.pop(one))
        else:
            values[one] = values[other]
    return values
