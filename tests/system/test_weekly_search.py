"""The example of a weekly search starts a run of its own each time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from tests.support.command import ROOT

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

EXAMPLE = ROOT / "examples/weekly-search.yaml"


def definition(**values: str) -> str:
    """Return the state machine's definition as CloudFormation makes it: every substitution is text."""
    template: dict[str, Any] = yaml_parse(EXAMPLE.read_text())
    text = json.dumps(template["Resources"]["WeeklySearch"]["Properties"]["Definition"])
    text = text.replace(json.dumps({"Fn::Sub": "arn:${AWS::Partition}:states:::states:startExecution"}),
                        json.dumps("arn:aws:states:::states:startExecution"))  # fmt: skip
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    return text


def test_it_is_a_template_that_cloudformation_takes() -> None:
    """cfn-lint finds nothing."""
    program = Path(sys.executable).parent / "cfn-lint"
    done = subprocess.run([program, EXAMPLE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_each_week_starts_a_run_with_another_seed(cloud: EmbeddedCloud) -> None:
    """The input is accepted, and the runs differ in nothing but name and seed."""
    stepfunctions = cloud.client("stepfunctions")
    text = definition(StateMachineArn=cloud.outputs["StateMachineArn"], Target="go1.24", Size="20", MaxSeconds="1")
    role = "arn:aws:iam::123456789012:role/weekly"
    weekly = stepfunctions.create_state_machine(name="weekly", definition=text, roleArn=role)["stateMachineArn"]
    runs = []
    for name in ("week-1", "week-2"):
        arn = stepfunctions.start_execution(stateMachineArn=weekly, name=name)["executionArn"]
        assert _ended(stepfunctions, arn)["status"] == "SUCCEEDED"
        started = cloud.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:") + f":{name}"
        _wait_until_accepted(cloud, name)
        runs.append(json.loads(stepfunctions.describe_execution(executionArn=started)["input"]))
        stepfunctions.stop_execution(executionArn=started)
    first, second = runs
    assert first.pop("seed") != second.pop("seed")
    assert first == second == {"target": "go1.24", "size": 20, "preset": "strong", "stop": {"max_seconds": 1}}


def _ended(stepfunctions: Any, arn: str) -> dict[str, Any]:
    end = time.monotonic() + 120
    while (description := stepfunctions.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < end, "the execution did not end"
        time.sleep(0.1)
    return dict(description)


def _wait_until_accepted(cloud: EmbeddedCloud, run_id: str) -> None:
    """Wait for the record of a run, which no refused input gets."""
    key, table = {"run_id": {"S": run_id}, "sk": {"S": "META"}}, cloud.outputs["GenerationsTableName"]
    end = time.monotonic() + 60
    while "Item" not in cloud.client("dynamodb").get_item(TableName=table, Key=key):
        assert time.monotonic() < end, f"{run_id} was not accepted"
        time.sleep(0.1)
