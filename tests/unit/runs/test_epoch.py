"""Closing an epoch: folding series, and deciding whether the run goes on."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from worstsort.runs.config import RunConfig
from worstsort.runs.epoch import close_epoch, fold_series
from worstsort.runs.records import EpochRecord, IslandSeries


def series(island: int, best: list[int], **changes: Any) -> IslandSeries:
    """Return what an island recorded: one evaluation per generation, means one below the best."""
    values = {
        "run_id": "r",
        "island": island,
        "epoch": 1,
        "first_generation": 1,
        "best": best,
        "mean": [float(fitness - 1) for fitness in best],
        "evaluations": [10] * len(best),
        "best_fitness": max(best, default=0),
        "best_generation": 1,
        "seconds": 2.0,
        "cpu_seconds": 2.0,
        "digest": "",
        "pid": 1,
    }
    return IslandSeries.model_validate(values | changes)


def closed(stop: dict[str, object], islands: list[IslandSeries], before: EpochRecord | None = None) -> EpochRecord:
    """Close an epoch of a run for Go 1.12 under some stop conditions."""
    return close_epoch(RunConfig.parse({"stop": stop, "target": "go1.12"}), islands, before)


def test_the_best_island_of_each_generation_is_recorded() -> None:
    """Best, mean over the islands, and evaluations of all of them."""
    first, second = fold_series([series(0, [5, 9]), series(1, [7, 8])])
    assert (first.generation, first.comparisons, first.island, first.mean, first.generation_evaluations) == (
        1,
        7,
        1,
        5.0,
        20,
    )
    assert (second.generation, second.comparisons, second.island) == (2, 9, 0)


def test_the_lowest_island_wins_a_tie_in_any_order() -> None:
    """The fold does not depend on the order in which islands reported."""
    islands = [series(2, [5]), series(0, [5]), series(1, [5])]
    assert fold_series(islands) == fold_series(islands[::-1])
    assert fold_series(islands)[0].island == 0
    assert closed({}, islands).best_island == 0


def test_an_island_that_finished_early_leaves_later_generations_to_the_others() -> None:
    """Generations without it are the best of the rest."""
    folded = fold_series([series(0, [9]), series(1, [5, 6, 7])])
    assert [(record.comparisons, record.island) for record in folded] == [(9, 0), (6, 1), (7, 1)]


def test_an_island_that_had_finished_before_takes_no_part() -> None:
    """Its empty series begins where it stopped, generations before the others."""
    folded = fold_series([series(0, [], first_generation=4), series(1, [5, 6], first_generation=21)])
    assert [(record.generation, record.comparisons) for record in folded] == [(21, 5), (22, 6)]


def test_the_best_never_falls_and_a_stall_is_counted() -> None:
    """An epoch without improvement keeps the best, its island and its generation."""
    before = closed({}, [series(0, [50])])
    after = closed({}, [series(0, [40], epoch=2, first_generation=2)], before)
    assert (after.best, after.best_generation, after.stall_epochs) == (50, 1, 1)
    improved = closed({}, [series(0, [60], epoch=3, first_generation=3)], after)
    assert (improved.best, improved.stall_epochs) == (60, 0)


def test_evaluations_and_the_slowest_islands_seconds_add_up() -> None:
    """Totals are those of the run so far."""
    before = closed({}, [series(0, [1]), series(1, [1], seconds=3.0)])
    after = closed({}, [series(0, [1, 1], seconds=0.5), series(1, [1, 1], seconds=0.25)], before)
    assert (after.evaluations, after.seconds, after.generations) == (20 + 40, 3.5, 2)


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        ({"target_comparisons": 9}, "the target of 9 comparisons was reached"),
        ({"max_evaluations": 10}, "10 evaluations done, of at most 10"),
        ({"max_seconds": 2.0}, "2 seconds of evolution used, of at most 2.0"),
        ({"max_epochs": 1}, "1 epoch done"),
    ],
)
def test_each_stop_condition_ends_the_run_exactly_when_it_is_met(stop: dict[str, Any], reason: str) -> None:
    """One more than was reached goes on; what was reached stops, and says why."""
    islands = [series(0, [9])]
    more = {name: value + 1 for name, value in stop.items()}
    assert closed(more, islands).decision == "continue"
    assert (closed(stop, islands).decision, closed(stop, islands).reason) == ("stop", reason)


def test_stalled_epochs_end_the_run() -> None:
    """The stall is counted over epochs."""
    before = closed({"stall_epochs": 1}, [series(0, [9])])
    assert before.decision == "continue"
    assert closed({"stall_epochs": 1}, [series(0, [9], epoch=2)], before).reason == "no improvement in 1 epoch"


def test_the_run_ends_when_every_island_has_finished_and_not_before() -> None:
    """One island that still evolves keeps the run going."""
    done = series(0, [9], finished="no improvement in 50 generations")
    assert closed({}, [done, series(1, [5])]).decision == "continue"
    assert closed({}, [done]).reason == "every island finished: no improvement in 50 generations"


def test_the_epoch_and_its_generations_name_the_same_island_among_equals() -> None:
    """The earliest generation, then the lowest island: as history.csv, the report and the last line of a run say."""
    islands = [
        series(3, [5, 6, 9], best_generation=3),
        series(4, [5, 9, 9], best_generation=2),
        series(5, [5, 9, 9], best_generation=2),
    ]
    for order in permutations(islands):
        first = next(record for record in fold_series(list(order)) if record.comparisons == 9)
        epoch = closed({}, list(order))
        assert (epoch.best_island, epoch.best_generation) == (first.island, first.generation) == (4, 2)


OPTIMAL = "proven optimal: no 100 distinct items cost go1.12 more than 2,378 comparisons"


@pytest.mark.parametrize(
    ("given", "best", "reason"),
    [
        ({"target": "go1.12", "values": "distinct"}, 2_378, OPTIMAL),
        ({"target": "go1.12", "values": "distinct"}, 2_377, ""),
        ({"target": "go1.12", "values": "any"}, 2_378, ""),
        ({"target": "stable", "values": "any"}, 1_308, OPTIMAL.replace("distinct ", "").replace("go1.12", "stable")),
        ({"target": "heapsort", "values": "distinct"}, 1_131, OPTIMAL.replace("go1.12", "heapsort")),
        ({"target": "heapsort", "values": "any"}, 1_131, ""),
        ({"target": "go1.24", "size": 8}, 28, OPTIMAL.replace("100 distinct", "8").replace("go1.12", "go1.24")),
        ({"target": "go1.12", "values": "distinct", "preset": "blackbox"}, 2_378, OPTIMAL),
    ],
)
def test_a_run_stops_where_its_best_is_proven_for_its_values(given: dict[str, Any], best: int, reason: str) -> None:
    """Of any values and of distinct ones it is proven apart; whether a construction or evolution found it is one."""
    ended = close_epoch(RunConfig.parse(given), [series(0, [best])], None)
    words = reason.replace("2,378", f"{best:,}")
    assert (ended.decision, ended.reason) == ("stop" if reason else "continue", words)
