"""Parent selection: who gets to reproduce, by fitness alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic.arrays import Fitnesses, Indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.streams import Streams

Selection: TypeAlias = Callable[[Fitnesses, int, "Streams", str], Indices]
"""(fitnesses, picks, streams, purpose) to (picks,) rows of the population, with replacement."""


def tournament(size: int, probability: float = 1.0) -> Selection:
    """Draw `size` individuals for each pick and take the fittest, the one drawn first among equals.

    Args:
        size: Individuals in a tournament, K; 1 is uniform choice.
        probability: P, that the fittest wins; if it does not, the next fittest has the same chance, and so on
            (the last one takes what is left). 1 is the plain tournament.
    """

    def select(fitnesses: Fitnesses, picks: int, streams: Streams, purpose: str) -> Indices:
        entrants = streams.below(len(fitnesses), purpose, picks, size)
        if probability >= 1:
            winners: Indices = fitnesses[entrants].argmax(axis=1)
        else:
            order = np.argsort(-fitnesses[entrants], axis=1, kind="stable")
            places = _places(streams.uniform(f"{purpose} upset", picks)[:, 0], size, probability)
            winners = order[np.arange(picks), places]
        picked: Indices = entrants[np.arange(picks), winners]
        return picked

    return select


def _places(uniform: NDArray[np.float64], size: int, probability: float) -> Indices:
    """Return which place wins: place i with probability P(1 - P)^i, cut off at the last."""
    reached = np.cumsum(probability * (1 - probability) ** np.arange(size - 1))
    return np.searchsorted(reached, uniform, side="right").astype(np.int64)
