"""Parent selection: which individuals reproduce, by fitness alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic import loops
from worstsort.genetic.arrays import Fitnesses, Indices
from worstsort.machine_code.compilation import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.streams import Streams

Selection: TypeAlias = Callable[[Fitnesses, int, "Streams", str], Indices]
"""(fitnesses, picks, streams, purpose) to (picks,) rows of the population, with replacement."""


def tournament(size: int, probability: float = 1.0) -> Selection:
    """Draw `size` individuals for each pick and take the fittest, among equals the first drawn.

    Args:
        size: Individuals in a tournament, K; 1 is uniform choice.
        probability: P, that the fittest wins; if it does not, the next fittest has the same chance, and so on to the
            last, which always wins. 1 is the plain tournament.
    """

    def select(fitnesses: Fitnesses, picks: int, streams: Streams, purpose: str) -> Indices:
        if probability >= 1:
            picked: Indices = np.empty(picks, dtype=np.int64)
            compiled(loops.hold_tournaments)(loops.read_only(fitnesses), size, streams.key(purpose), picked)
            return picked
        entrants = streams.below(len(fitnesses), purpose, picks, size)
        order = np.argsort(-fitnesses[entrants], axis=1, kind="stable")
        places = _places(streams.uniform(f"{purpose} upset", picks)[:, 0], size, probability)
        winners: Indices = entrants[np.arange(picks), order[np.arange(picks), places]]
        return winners

    return select


def _places(uniform: NDArray[np.float64], size: int, probability: float) -> Indices:
    """Return which place wins: place i with probability P(1 - P)^i, cut off at the last."""
    reached = np.cumsum(probability * (1 - probability) ** np.arange(size - 1))
    return np.searchsorted(reached, uniform, side="right").astype(np.int64)


def rank(pressure: float = 2.0) -> Selection:
    """Choose with a probability that falls linearly with the rank (Baker, 1985).

    Args:
        pressure: How many times the average the fittest is expected to be picked, 1 to 2; the least fit is expected
            2 - pressure times the average.
    """

    def select(fitnesses: Fitnesses, picks: int, streams: Streams, purpose: str) -> Indices:
        count = len(fitnesses)
        ascending = np.argsort(fitnesses, kind="stable")
        steps = np.arange(count) / max(count - 1, 1)
        chosen: Indices = ascending[_spin(2 - pressure + 2 * (pressure - 1) * steps, picks, streams, purpose)]
        return chosen

    return select


def roulette(fitnesses: Fitnesses, picks: int, streams: Streams, purpose: str) -> Indices:
    """Choose in proportion to how much fitter each is than the least fit, which counts as half a point."""
    return _spin(fitnesses - fitnesses.min() + 0.5, picks, streams, purpose)


def truncation(share: float = 0.5) -> Selection:
    """Choose uniformly among the fittest.

    Args:
        share: Which part of the population that is, over 0 to 1; at least one individual.
    """

    def select(fitnesses: Fitnesses, picks: int, streams: Streams, purpose: str) -> Indices:
        fittest = np.argsort(-fitnesses, kind="stable")[: max(1, int(share * len(fitnesses)))]
        chosen: Indices = fittest[streams.below(len(fittest), purpose, picks)[:, 0]]
        return chosen

    return select


def _spin(weights: NDArray[np.float64], picks: int, streams: Streams, purpose: str) -> Indices:
    """Pick rows with probabilities in proportion to their weights, which sum to more than 0."""
    reached = np.cumsum(weights)
    hits = np.searchsorted(reached, streams.uniform(purpose, picks)[:, 0] * reached[-1], side="right")
    spun: Indices = np.minimum(hits, len(weights) - 1).astype(np.int64)
    return spun
