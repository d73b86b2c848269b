"""What a run would cost, and how long it would take."""

from __future__ import annotations

import pytest

from worstsort.runs.config import RunConfig
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.prices import cost
from worstsort_cli.costs.resource_usage import STARTUP_SECONDS, Capacity, Pace, usage


def a_config(**stop: object) -> RunConfig:
    """Return a small classic run."""
    return RunConfig.parse({"preset": "classic", "population": 100, "islands": 4, "stop": stop})


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
