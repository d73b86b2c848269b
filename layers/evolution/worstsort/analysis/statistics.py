"""Statistics of independent runs: quartiles, a rank test with its effect size, and a correction for many tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAX_EXACT_RUNS = 100
"""Runs of both samples together up to which the test counts all ways to share them out: some 0.1 s."""

_LARGE, _MEDIUM, _SMALL = 0.474, 0.33, 0.147
"""Cliff's deltas from which Romano and others (2006) call an effect large, medium and small."""


class Summary(NamedTuple):
    """The five-number summary of a sample; quartiles are interpolated between neighbours."""

    runs: int
    least: float
    low: float
    median: float
    high: float
    most: float


def summarise(sample: Sequence[float]) -> Summary:
    """Summarise a sample of at least one value."""
    return Summary(len(sample), *(float(value) for value in np.percentile(sample, [0, 25, 50, 75, 100])))


@dataclass(frozen=True)
class RankTest:
    """The two-sided Mann-Whitney test of whether either of two samples tends to be higher, ties counting half.

    Attributes:
        u: Pairs in which the first sample's value is higher.
        p: The probability of a U at least as far from its mean if both samples came from one distribution.
        a12: The share of pairs in which the first is higher: the A of Vargha and Delaney (2000). 0.5 is no effect.
        exact: Whether `p` is counted, and not approximated by a normal distribution.
    """

    u: float
    p: float
    a12: float
    exact: bool

    @property
    def delta(self) -> float:
        """Cliff's delta, from -1 to 1: the share of pairs with the first higher, less that with it lower."""
        return 2 * self.a12 - 1

    @property
    def effect(self) -> str:
        """How large the effect is, in a word."""
        size = abs(self.delta)
        bounds = ((_LARGE, "large"), (_MEDIUM, "medium"), (_SMALL, "small"))
        return next((name for bound, name in bounds if size >= bound), "negligible")


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> RankTest:
    """Compare two samples by their ranks (Mann and Whitney, 1947).

    Args:
        first: At least one value.
        second: At least one value.

    Returns:
        The test; up to `MAX_EXACT_RUNS` values `p` is exact, with ties too, as it is counted over all ways to share out
        the very ranks that occur.
    """
    pairs = len(first) * len(second)
    doubled = _doubled_midranks([*first, *second])
    u = (sum(doubled[: len(first)]) - len(first) * (len(first) + 1)) / 2
    exact = len(doubled) <= MAX_EXACT_RUNS
    p = _exact_p(doubled, len(first), u) if exact else _normal_p(doubled, len(first), u)
    return RankTest(u, p, u / pairs, exact)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values corrected for being several (Holm, 1979), in the order given.

    If all that are at most 5 % are called differences, the probability of calling any wrongly is at most 5 %.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected, highest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = highest
    return corrected


def _doubled_midranks(values: Sequence[float]) -> list[int]:
    """Return twice the rank of each value, equal ones sharing the mean of theirs, which makes all of them integers."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return [int(rank) for rank in (2 * ends - counts + 1)[places]]


def _exact_p(doubled: Sequence[int], taken: int, u: float) -> float:
    """Return the share of all ways to take so many of the ranks whose U is at least as far from the mean."""
    ways = _ways(doubled, taken)
    found = (np.arange(len(ways)) - taken * (taken + 1)) / 2
    mean = taken * (len(doubled) - taken) / 2
    return float(min(1.0, ways[np.abs(found - mean) >= abs(u - mean) - 1e-9].sum() / ways.sum()))


def _ways(doubled: Sequence[int], taken: int) -> NDArray[np.float64]:
    """Return in how many ways `taken` of the ranks have each sum, by dynamic programming; shape (sum + 1,)."""
    ways = np.zeros((taken + 1, sum(doubled) + 1))
    ways[0, 0] = 1.0
    for rank in doubled:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    found: NDArray[np.float64] = ways[taken]
    return found


def _normal_p(doubled: Sequence[int], taken: int, u: float) -> float:
    """Approximate p by a normal distribution, corrected for ties and for U being a step function."""
    total, other = len(doubled), len(doubled) - taken
    _, counts = np.unique(doubled, return_counts=True)
    ties = float((counts.astype(float) ** 3 - counts).sum())
    variance = taken * other / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance == 0:
        return 1.0
    distance = max(0.0, abs(u - taken * other / 2) - 0.5)
    return math.erfc(distance / math.sqrt(2 * variance))
