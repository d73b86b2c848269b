"""Configurations compared on each problem."""

from __future__ import annotations

from worstsort.analysis.comparison import compare
from worstsort.analysis.runtimes import Curve


def runs(configuration: str, bests: list[int], target: str = "go1.12") -> list[Curve]:
    """Return runs that end with these bests, one per seed."""
    return [
        Curve(f"{configuration}-{seed}", configuration, seed, target, 50, [1, best], [10, 20], [0.1, 0.2])
        for seed, best in enumerate(bests)
    ]


def test_groups_stand_best_median_first_with_a_verdict_for_each_pair() -> None:
    """The word for the effect is the rank test's, and the goal the lowest median."""
    (problem,) = compare([*runs("a", [1, 2, 3, 4, 5]), *runs("b", [11, 12, 13, 14, 15])])
    assert [group.configuration for group in problem.groups] == ["b", "a"]
    (pair,) = problem.pairs
    assert (pair.first, pair.second, pair.test.a12, pair.verdict) == ("b", "a", 1.0, "b finds more, large effect")
    assert problem.goal == 3
    assert [time.reached for time in problem.running_times()] == [5, 3]


def test_p_values_are_corrected_for_all_tests_of_all_problems() -> None:
    """Two problems have two tests, and each is multiplied."""
    both = [*runs("a", [1, 2, 3, 4]), *runs("b", [5, 6, 7, 8])]
    again = [*runs("a", [1, 2, 3, 4], "stable"), *runs("b", [5, 6, 7, 8], "stable")]
    found = compare([*both, *again])
    assert [problem.target for problem in found] == ["go1.12", "stable"]
    assert all(pair.corrected_p == 2 * pair.test.p for problem in found for pair in problem.pairs)


def test_too_few_runs_are_said_to_be_and_take_no_part_in_the_correction() -> None:
    """With three of each, no outcome reaches 5 %."""
    (problem,) = compare([*runs("a", [1, 2, 3, 4]), *runs("b", [5, 6, 7, 8]), *runs("c", [9, 10, 11])])
    tested = [pair for pair in problem.pairs if pair.enough]
    assert [(pair.first, pair.second) for pair in tested] == [("b", "a")]
    assert tested[0].corrected_p == tested[0].test.p
    assert {pair.verdict for pair in problem.pairs if not pair.enough} == {"too few runs to say: 4 of each are needed"}


def test_a_difference_within_chance_is_none() -> None:
    """However the medians stand."""
    (problem,) = compare([*runs("a", [1, 3, 5, 7, 9]), *runs("b", [2, 4, 6, 8, 10])], goal=8)
    assert problem.pairs[0].verdict == "no difference beyond chance"
    assert problem.goal == 8
