"""The state machine takes the same path through another engine, with the same parameters, to the same end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.executions import start
from tests.system.second_engine import comparable, is_installed, record, repeat

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.skipif(not is_installed(), reason="the engine is not installed; `make test` needs npm for it")

RUNS: dict[str, dict[str, Any]] = {
    "islands": {"islands": 3, "stop": {"max_epochs": 3}},
    "one-island": {"islands": 1, "stop": {"max_epochs": 2}},
    "parts": {"stop": {"max_epochs": 2}, "epochs_per_execution": 1},
    "refused": {"size": 0},
}


@pytest.mark.parametrize("name", RUNS)
def test_another_engine_takes_the_same_path(cloud: EmbeddedCloud, name: str) -> None:
    """It enters the same states, gives each task the same parameters, and ends the same way."""
    run = start(cloud, name, **RUNS[name])
    description = run.wait()
    stepfunctions = cloud.client("stepfunctions")
    pages = stepfunctions.get_paginator("get_execution_history").paginate(executionArn=run.arn)
    recording = record(event for page in pages for event in page["events"])
    machine = stepfunctions.describe_state_machine(stateMachineArn=description["stateMachineArn"])
    again = repeat(machine["definition"], description, recording)
    assert again["path"] == recording.path
    assert again["end"]["status"] == description["status"], again["end"]
    assert comparable(again["given"]) == comparable(recording.given)
    if description["status"] == "SUCCEEDED":
        assert again["end"]["output"] == json.loads(description["output"])
    else:
        assert again["end"]["cause"].endswith(description["cause"])
