"""What an estimate counts, against what a real run asks of AWS at the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from tests.support.executions import start
from tests.system.metering import Meter, metered
from worstsort.runs.config import RunConfig
from worstsort_cli.costs.capacity import Capacity
from worstsort_cli.costs.resource_usage import usage
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from worstsort_cli.costs.prices import Usage

ISLANDS, EPOCHS, GENERATIONS = 3, 4, 6
INPUT = {"preset": "classic", "target": "stable", "size": 1000, "population": 400, "islands": ISLANDS,
         "generations_per_epoch": GENERATIONS, "stop": {"max_epochs": EPOCHS}}  # fmt: skip
SAVED = "0.01"
"""Seconds between saves after which every generation is saved: each takes three times as long, or longer."""


@dataclass(frozen=True)
class Compared:
    """A run as it was metered, and as it is estimated.

    Attributes:
        meter: What reached the wire.
        transitions: States that were entered.
        used: The estimate.
        has_saved: Whether the run saved every generation, or none.
    """

    meter: Meter
    transitions: int
    used: Usage
    has_saved: bool


@pytest.fixture(scope="module", params=["300", SAVED], ids=["without saves", "with saves"])
def compared(request: pytest.FixtureRequest) -> Compared:
    """Run once, without saves and with one after every generation."""
    save_seconds = str(request.param)
    with metered() as meter, EmbeddedCloud(ROOT, parameters={"SaveSeconds": save_seconds}) as cloud:
        run = start(cloud, "metered", **INPUT)
        ended = run.wait()
        assert ended["status"] == "SUCCEEDED", ended
        pages = cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=run.arn)
        entered = sum(event["type"].endswith("StateEntered") for page in pages for event in page["events"])
    given = Capacity.of_stack({"SaveSeconds": save_seconds})
    used = usage(RunConfig.parse(INPUT), EPOCHS, 0.0, given, island_epoch_seconds=1.0)
    return Compared(meter, entered, used, has_saved=save_seconds == SAVED)


def test_requests_are_counted_one_by_one(compared: Compared) -> None:
    """To functions and to the bucket, and the steps of the state machine."""
    meter, used = compared.meter, compared.used
    assert meter.saves == (ISLANDS * EPOCHS * GENERATIONS if compared.has_saved else 0)
    assert (meter.invocations, compared.transitions) == (used.lambda_requests, used.transitions)
    assert (meter.puts, meter.gets) == (used.puts, used.gets)


def test_units_of_the_tables_are_counted_closely(compared: Compared) -> None:
    """Items at the border between one unit and two are guessed."""
    assert compared.meter.writes == pytest.approx(compared.used.writes, rel=0.1)
    assert compared.meter.reads == pytest.approx(compared.used.reads, rel=0.1)


def test_what_is_stored_is_counted_closely_saves_by_themselves(compared: Compared) -> None:
    """They expire sooner."""
    assert compared.meter.stored_bytes == pytest.approx(compared.used.stored_gb * 1e9, rel=0.1)
    assert compared.meter.saved_bytes == pytest.approx(compared.used.saved_gb * 1e9, rel=0.1)
