"""Whether outcomes occur as often as a law says."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

Outcome = TypeVar("Outcome", bound="Hashable")

FALSE_ALARMS = 1e-6
"""The probability that a law which holds is doubted; draws are fixed by their seeds, so no test changes its mind."""


def assert_frequencies(outcomes: Iterable[Outcome], law: Mapping[Outcome, float]) -> None:
    """Fail unless every outcome occurs as often as its probability says, and no other outcome occurs.

    Each outcome is held to the normal approximation of its binomial count, with Bonferroni's correction.
    """
    assert abs(sum(law.values()) - 1) < 1e-9
    counts = Counter(outcomes)
    assert set(counts) <= {outcome for outcome, probability in law.items() if probability > 0}
    draws = sum(counts.values())
    deviations = NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * len(law)))
    for outcome, probability in law.items():
        spread = deviations * sqrt(draws * probability * (1 - probability)) + 1
        assert abs(counts[outcome] - draws * probability) <= spread, (outcome, counts[outcome], draws * probability)


def law_of(weighted: Iterable[tuple[Outcome, float]]) -> dict[Outcome, float]:
    """Add up the probabilities of cases that have the same outcome."""
    law: dict[Outcome, float] = {}
    for outcome, probability in weighted:
        law[outcome] = law.get(outcome, 0.0) + probability
    return law
