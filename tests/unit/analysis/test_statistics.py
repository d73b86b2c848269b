"""The rank test against published tables, and the correction for many tests."""

from __future__ import annotations

import itertools

import pytest

from worstsort.analysis import statistics
from worstsort.analysis.statistics import holm, mann_whitney, summarise


@pytest.mark.parametrize(
    ("first", "second", "u", "p"),
    [
        (3, 3, 0, 0.10),
        (4, 4, 1, 0.058),
        (4, 4, 0, 0.028),
        (5, 5, 2, 0.032),
        (5, 5, 4, 0.096),
        (6, 3, 1, 0.048),
        (7, 7, 8, 0.038),
        (8, 8, 13, 0.050),
    ],
)
def test_p_is_that_of_the_published_tables(first: int, second: int, u: int, p: float) -> None:
    """Twice the one-sided probabilities of Mann and Whitney (1947), table I, to their three digits."""
    low, high = _samples(first, second, u)
    found = mann_whitney(low, high)
    assert (found.u, found.exact) == (u, True)
    assert found.p == pytest.approx(p, abs=0.0011)


@pytest.mark.parametrize(("runs", "critical"), [(5, 2), (8, 13), (10, 23), (15, 64), (20, 127)])
def test_the_critical_values_of_five_percent_are_the_published_ones(runs: int, critical: int) -> None:
    """The largest U of equal samples at which the two-sided test at 5 % says that they differ."""
    assert mann_whitney(*_samples(runs, runs, critical)).p <= 0.05
    assert mann_whitney(*_samples(runs, runs, critical + 1)).p > 0.05


def _samples(first: int, second: int, u: int) -> tuple[list[float], list[float]]:
    """Return samples of which so many pairs have the higher value in the first."""
    whole, rest = divmod(u, second)
    places = [0] * (first - whole) + [second] * whole
    places[first - whole - 1] += rest
    return [place + 0.5 + index / 1000 for index, place in enumerate(places)], [float(i + 1) for i in range(second)]


def test_p_is_exact_with_ties_too() -> None:
    """It is the share of all ways to share out the values that are at least as far from the mean."""
    first, second = [1.0, 2.0, 2.0, 3.0], [2.0, 3.0, 3.0, 4.0, 4.0]

    def u(chosen: tuple[int, ...]) -> float:
        values = first + second
        others = [value for place, value in enumerate(values) if place not in chosen]
        return sum((values[place] > other) + (values[place] == other) / 2 for place in chosen for other in others)

    ways = [u(chosen) for chosen in itertools.combinations(range(9), 4)]
    observed = u((0, 1, 2, 3))
    expected = sum(abs(way - 10) >= abs(observed - 10) for way in ways) / len(ways)
    found = mann_whitney(first, second)
    assert found.u == observed
    assert found.p == pytest.approx(expected)


def test_many_runs_are_approximated_close_to_what_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The normal distribution, corrected for ties and steps, at 40 runs."""
    first, second = [float(value // 2) for value in range(20)], [float(value // 3 + 4) for value in range(20)]
    exact = mann_whitney(first, second)
    monkeypatch.setattr(statistics, "MAX_EXACT_RUNS", 39)
    approximated = mann_whitney(first, second)
    assert (exact.exact, approximated.exact) == (True, False)
    assert approximated.p == pytest.approx(exact.p, rel=0.15)


def test_samples_of_one_value_alone_do_not_differ() -> None:
    """However many runs there are."""
    for runs in (4, 60):
        found = mann_whitney([7.0] * runs, [7.0] * runs)
        assert (found.p, found.a12, found.effect) == (1.0, 0.5, "negligible")


def test_the_effect_is_the_share_of_pairs_and_its_word_that_of_romano() -> None:
    """A of Vargha and Delaney is 1 where all of the first are higher; one pair in 16 more than half is nothing."""
    assert mann_whitney([5, 6, 7], [1, 2, 3]).a12 == 1
    found = mann_whitney([1, 4, 7, 10], [2, 3, 5, 9])
    assert found.a12 == pytest.approx(9 / 16)
    assert found.delta == pytest.approx(1 / 8)
    assert found.effect == "negligible"
    assert mann_whitney([3, 4], [1, 2]).effect == "large"


def test_holm_corrects_as_published() -> None:
    """The smallest of four is multiplied by four, the next by three, and none falls below the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_summary_has_the_five_numbers() -> None:
    """Quartiles lie between neighbours."""
    assert summarise([4, 1, 3, 2]) == (4, 1.0, 1.75, 2.5, 3.25, 4.0)
