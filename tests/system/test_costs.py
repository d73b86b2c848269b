"""What an estimate counts, against what real runs ask of AWS at the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.system.metered_runs import RARELY, WHOLE, Metered, assert_counted, assert_stored, compare, open_metered
from worstsort.control.plan import chunks
from worstsort.runs.config import EVENTS_OUTSIDE_EPOCHS, EVENTS_PER_EPOCH, RunConfig
from worstsort_cli.costs.capacity import Capacity
from worstsort_cli.costs.resource_usage import island_seconds, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

GRID: dict[str, dict[str, Any]] = {
    "one island, one epoch": {"islands": 1, "stop": {"max_epochs": 1}},
    "two islands, two epochs": {"islands": 2, "stop": {"max_epochs": 2}},
    "three executions": {"islands": 2, "stop": {"max_epochs": 3}, "epochs_per_execution": 1},
    "two executions": {"islands": 3, "stop": {"max_epochs": 3}, "epochs_per_execution": 2},
    "all to all": {"islands": 3, "stop": {"max_epochs": 2}, "topology": "full"},
    "nothing migrates": {"islands": 3, "stop": {"max_epochs": 2}, "migrants": 0},
    "more islands than curves": {"islands": 15, "stop": {"max_epochs": 1}, "population": 20},
}


@pytest.fixture(scope="module")
def without_saves() -> Iterator[Metered]:
    """Open a cloud whose islands save too rarely to save at all."""
    with open_metered(RARELY) as opened:
        yield opened


@pytest.mark.parametrize("name", GRID)
def test_requests_steps_and_units_are_counted_one_by_one(without_saves: Metered, name: str) -> None:
    """Of functions, buckets and tables, and of the state machine, over all executions of a run."""
    compared = compare(without_saves, name, GRID[name])
    assert compared.meter.saves == 0
    assert_counted(compared)
    epochs, seeded = compared.config.stop.max_epochs, len(chunks(compared.config.islands))
    for events in compared.events:
        assert events <= EVENTS_OUTSIDE_EPOCHS + EVENTS_PER_EPOCH * epochs
    if len(compared.events) == 1:
        assert compared.events == [20 + 7 * seeded + 17 * epochs]


def test_what_is_stored_is_counted_closely(without_saves: Metered) -> None:
    """By the bytes of populations and of what the run leaves."""
    compared = compare(without_saves, "whole", WHOLE)
    assert_counted(compared)
    assert_stored(compared)


@pytest.mark.slow
def test_the_time_of_further_generations_is_foreseen_from_one(without_saves: Metered) -> None:
    """To within a factor of two, as a worker shares caches with what else runs; starting takes time besides."""
    long, short = (
        WHOLE | {"islands": 1, "stop": {"max_epochs": 1}, "generations_per_epoch": generations}
        for generations in (405, 5)
    )
    took = [compare(without_saves, f"{run['generations_per_epoch']}-generations", run) for run in (long, short)]
    config = RunConfig.parse(WHOLE | {"generations_per_epoch": 400})
    foreseen = island_seconds(config, measure(config), Capacity())
    assert foreseen / 2 < took[0].cpu_seconds - took[1].cpu_seconds < foreseen * 2
