"""Runs whose requests are counted at the wire, beside their estimates."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import ROOT
from tests.support.executions import Started, start
from tests.system.metering import Meter, metered
from worstsort.artefacts.report_data import MAX_CURVES
from worstsort.runs.config import RunConfig
from worstsort.runs.status import Status
from worstsort.storage.run_store import RunStore
from worstsort_cli.costs.capacity import Capacity
from worstsort_cli.costs.resource_usage import usage
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_cli.costs.prices import Usage

WHOLE: dict[str, Any] = {
    "preset": "classic", "target": "stable", "size": 1000, "population": 1000, "islands": 3, "generations_per_epoch": 6,
    "stop": {"max_epochs": 4},
}  # fmt: skip
"""A run that is large enough for the bytes that it stores to be foreseen."""

RARELY, ALWAYS = "300", "0.01"
"""Seconds between saves with which none is made, or one after every generation: each takes three times as long."""


@dataclass(frozen=True)
class Metered:
    """A cloud whose requests are counted, and how often its islands save."""

    meter: Meter
    cloud: EmbeddedCloud
    save_seconds: str


@dataclass(frozen=True)
class Compared:
    """A run as it was metered, and as it is estimated.

    Attributes:
        config: The run.
        meter: What reached the wire.
        entered: States that were entered, over all its executions.
        events: The events in the history of each of its executions.
        used: The estimate.
        cpu_seconds: What evolving took.
    """

    config: RunConfig
    meter: Meter
    entered: int
    events: list[int]
    used: Usage
    cpu_seconds: float


@contextmanager
def open_metered(save_seconds: str) -> Iterator[Metered]:
    """Open a cloud whose requests are counted."""
    with metered() as meter, EmbeddedCloud(ROOT, parameters={"SaveSeconds": save_seconds}) as cloud:
        yield Metered(meter, cloud, save_seconds)


def compare(at: Metered, name: str, given: dict[str, Any]) -> Compared:
    """Run a configuration from its beginning to its end, whatever executions that takes."""
    before = at.meter.copy()
    run = start(at.cloud, name.replace(",", "").replace(" ", "-"), **given)
    config = RunConfig.parse(json.loads(run.wait()["input"]))
    histories = [kinds(execution) for execution in executions(run)]
    capacity = Capacity.of_stack({"SaveSeconds": at.save_seconds})
    epochs = config.stop.max_epochs
    return Compared(
        config=config,
        meter=at.meter.since(before),
        entered=sum(kind.endswith("StateEntered") for history in histories for kind in history),
        events=[len(history) for history in histories],
        used=usage(config, epochs, 0.0, capacity, island_epoch_seconds=1.0 if at.save_seconds == ALWAYS else 0.0),
        cpu_seconds=evolving_seconds(at.cloud, run.run_id, config),
    )


def executions(run: Started) -> Iterator[Started]:
    """Yield the executions of a run in their order, each once it has ended."""
    arn: str | None = run.arn
    while arn:
        execution = Started(run.cloud, arn, run.run_id)
        ended = execution.wait()
        assert ended["status"] == Status.SUCCEEDED, ended
        yield execution
        arn = json.loads(ended["output"]).get("next_execution_arn")


def kinds(run: Started) -> list[str]:
    """Return the kinds of the events in an execution's history."""
    pages = run.cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=run.arn)
    return [event["type"] for page in pages for event in page["events"]]


def evolving_seconds(cloud: EmbeddedCloud, run_id: str, config: RunConfig) -> float:
    """Return the processor time that the islands say they have taken."""
    names = (cloud.outputs[name] for name in ("GenerationsTableName", "BucketName", "ChampionsTableName"))
    store = RunStore(*names, dynamodb=cloud.client("dynamodb"), s3=cloud.client("s3"))
    epochs = range(1, config.stop.max_epochs + 1)
    return sum(series.cpu_seconds for epoch in epochs for series in store.series(run_id, config.islands, epoch))


def assert_counted(compared: Compared) -> None:
    """Fail unless requests, steps and units are as estimated, one by one."""
    meter, used = compared.meter, compared.used
    assert (meter.invocations, compared.entered) == (used.lambda_requests, used.transitions)
    assert (meter.puts, meter.gets) == (used.puts, used.gets)
    assert meter.writes == used.writes
    # Beyond the islands that have a curve of their own, the best one has one, too, if it is none of these.
    slack = 1 if compared.config.islands > MAX_CURVES else 0
    assert used.reads - slack <= meter.reads <= used.reads


def assert_stored(compared: Compared) -> None:
    """Fail unless what is stored is about as large as estimated, and so is what is saved."""
    assert compared.meter.stored_bytes == pytest.approx(compared.used.stored_gb * 1e9, rel=0.1)
    assert compared.meter.saved_bytes == pytest.approx(compared.used.saved_gb * 1e9, rel=0.1)
