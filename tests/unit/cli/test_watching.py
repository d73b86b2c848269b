"""What is told of a running run: pace, time left, cost."""

from __future__ import annotations

import pytest

from worstsort.runs.config import RunConfig, StopConfig
from worstsort.runs.records import EpochRecord
from worstsort_cli.clouds.status import duration, evaluations_per_second, max_seconds_left, seconds_left_if_stalled
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.prices import cost
from worstsort_cli.costs.resource_usage import STARTUP_SECONDS, Capacity, Pace, usage


def closed(epoch: int, evaluations: int, seconds: float, stall: int = 0) -> EpochRecord:
    """How an epoch closed."""
    return EpochRecord(
        run_id="r", epoch=epoch, best=9, best_island=0, best_generation=1, generations=epoch, evaluations=evaluations,
        seconds=seconds, stall_epochs=stall, decision="continue", reason="",
    )  # fmt: skip


def a_config(**stop: object) -> RunConfig:
    """Return a small classic run."""
    return RunConfig.parse({"preset": "classic", "population": 100, "islands": 4, "stop": stop})


def test_the_rate_is_that_of_the_last_epoch() -> None:
    """Not of all of them, so that a change is seen; of the first one alone where there is one."""
    assert evaluations_per_second(closed(2, 3000, 3.0), closed(1, 1000, 1.0)) == pytest.approx(1000)
    assert evaluations_per_second(closed(1, 500, 1.0), None) == pytest.approx(500)
    assert evaluations_per_second(None, None) is None
    assert evaluations_per_second(closed(1, 5, 0.0), None) is None


@pytest.mark.parametrize(
    ("stop", "left"),
    [
        (StopConfig(max_epochs=20), 100.0),
        (StopConfig(max_epochs=20, max_evaluations=2000), 100.0),
        (StopConfig(max_epochs=20, max_evaluations=1500), 50.0),
        (StopConfig(max_epochs=20, max_seconds=20.0), 100.0),
        (StopConfig(max_epochs=20, max_seconds=8.0), 0.0),
    ],
)
def test_the_first_limit_to_be_reached_says_how_long_at_most(stop: StopConfig, left: float) -> None:
    """At the pace so far: ten epochs, 1,000 evaluations and 10 s of evolution in 100 s."""
    assert max_seconds_left(stop, closed(10, 1000, 10.0), 100.0) == pytest.approx(left)


def test_nothing_is_said_before_the_first_epoch_is_closed() -> None:
    """There is no pace yet."""
    assert max_seconds_left(StopConfig(), None, 5.0) is None
    assert seconds_left_if_stalled(a_config(stall_epochs=3), None, 5.0) is None


def test_a_stall_may_end_the_run_earlier() -> None:
    """Epochs without improvement that are still allowed, at the pace so far."""
    assert seconds_left_if_stalled(a_config(stall_epochs=5), closed(10, 1, 1.0, stall=3), 100.0) == pytest.approx(20)
    assert seconds_left_if_stalled(a_config(), closed(10, 1, 1.0), 100.0) is None


@pytest.mark.parametrize(("seconds", "said"), [(5, "5 s"), (119, "119 s"), (600, "10 min"), (9000, "2.5 h")])
def test_a_duration_is_said_as_people_do(seconds: float, said: str) -> None:
    """In one unit."""
    assert duration(seconds) == said


def test_an_estimate_follows_the_configuration() -> None:
    """Four islands on two vCPUs take turns."""
    config, pace = a_config(max_epochs=10), Pace(seconds=1.0, evaluations=100.0)
    found = estimate(config, pace, Capacity(max_vcpus=2))
    assert found.epochs == 10
    assert found.evaluations == 4 * 20 * 100 * 10
    assert found.evolving_seconds == pytest.approx(2 * 20 * 10)
    assert found.seconds > STARTUP_SECONDS + found.evolving_seconds
    assert estimate(config, pace, Capacity(max_vcpus=4)).seconds < found.seconds


def test_a_limit_on_evaluations_ends_the_estimate_earlier() -> None:
    """And is named."""
    found = estimate(a_config(max_epochs=10, max_evaluations=9_000), Pace(1.0, 100.0), Capacity())
    assert (found.epochs, found.ended_by) == (2, "stop.max_evaluations")


def test_on_demand_costs_more_than_spot_and_more_islands_more_than_few() -> None:
    """Service by service; only vCPUs depend on how they are bought."""
    taken = usage(a_config(), 10, 3600.0, Capacity())
    spot, bought = cost(taken, "SPOT"), cost(taken, "ON_DEMAND")
    assert bought.pop("Batch on EC2") > spot.pop("Batch on EC2")
    assert bought == spot
