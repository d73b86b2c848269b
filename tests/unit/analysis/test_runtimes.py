"""Curves of runs, expected running times, and empirical run-time distributions."""

from __future__ import annotations

from worstsort.analysis.runtimes import Curve, curves, distribution, goals, running_time
from worstsort.analysis.tidy import Row


def curve(*best: int, seed: int = 1) -> Curve:
    """Return a run that evaluates ten inputs per generation."""
    evaluations = [10 * (index + 1) for index in range(len(best))]
    return Curve("r", "c", seed, "go1.12", 50, best, evaluations, [float(e) for e in evaluations])


def row(run: str, island: int, generation: int, best: int, evaluations: int, seconds: float) -> Row:
    """Return a row of a run."""
    return Row(run, "c", 1, "go1.12", 50, island, generation, best, 1.0, evaluations, seconds, seconds)


def test_a_curve_folds_the_islands_of_a_run_and_keeps_one_that_has_ended() -> None:
    """Best is the highest, evaluations are added, and time is that of the slowest."""
    (found,) = curves([row("r", 0, 0, 5, 10, 1.0), row("r", 0, 1, 6, 20, 2.0), row("r", 1, 0, 9, 10, 3.0)])
    assert (found.best, found.evaluations, found.seconds) == ([9, 9], [20, 30], [3.0, 3.0])


def test_curves_are_kept_apart_by_run() -> None:
    """In the order of the rows."""
    found = curves([row("b", 0, 0, 5, 10, 1.0), row("a", 0, 0, 6, 10, 1.0)])
    assert [one.run for one in found] == ["b", "a"]


def test_a_goal_is_reached_at_the_end_of_the_first_generation_that_has_it() -> None:
    """One that is never reached has no time, and before the first generation there is no best."""
    run = curve(5, 7, 7, 9)
    assert [run.evaluations_to(goal) for goal in (1, 7, 8, 10)] == [10, 20, 40, None]
    assert [run.best_at(evaluations) for evaluations in (9, 10, 39, 1000)] == [None, 5, 7, 9]


def test_the_expected_running_time_counts_runs_that_failed() -> None:
    """All evaluations for each success; the median is known only if more than half succeeded."""
    runs = [curve(5, 9), curve(9, 9), curve(5, 5)]
    assert running_time(runs, 9) == (2, 20, (20 + 10 + 20) / 2)
    assert running_time(runs[1:], 9) == (1, None, 30)
    assert running_time(runs, 10) == (0, None, None)


def test_goals_are_whole_counts_up_to_the_best_of_all() -> None:
    """In equal steps, each once, above the lowest first best."""
    assert goals([curve(10, 20), curve(12, 30)], 4) == [15, 20, 25, 30]
    assert goals([curve(10, 11)], 50) == [10, 11]


def test_a_distribution_is_the_share_of_pairs_of_run_and_goal_within_each_time() -> None:
    """It ends below one where a goal was missed, and is empty where all were."""
    assert distribution([curve(5, 9), curve(5, 5)], [5, 9]) == ([10, 20], [0.5, 0.75])
    assert distribution([curve(5)], [6]) == ([], [])
