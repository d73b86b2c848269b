"""What an event says, and what a rule's target is told of it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from moto import mock_aws
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.support.patience import patience
from worstsort_embedded.events import is_json, message, period_seconds, scheduled, status_change

if TYPE_CHECKING:
    from moto.stepfunctions.parser.backend.execution import Execution

EVENT: dict[str, Any] = {"source": "aws.states", "detail": {"name": "run", "status": "ABORTED", "cause": None, "n": 1}}

ENVELOPE = ("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")
"""The fields of every event ("Events structure" in the user guide of EventBridge)."""


def test_a_target_without_transformer_gets_the_event() -> None:
    """As JSON."""
    assert json.loads(message({"Arn": "any"}, EVENT)) == EVENT


def test_a_transformer_makes_a_text_of_the_event() -> None:
    """Names stand for what their paths point to, for nothing where there is nothing; what is no name stays."""
    transformer = {
        "InputPathsMap": {"name": "$.detail.name", "cause": "$.detail.cause", "n": "$.detail.n", "no": "$.none.such"},
        "InputTemplate": '"execution <name> (<n>): <cause><no> <b>"',
    }
    assert message({"Arn": "any", "InputTransformer": transformer}, EVENT) == '"execution run (1):  <b>"'


def test_a_text_that_a_value_breaks_is_not_delivered() -> None:
    """EventBridge escapes no quotation mark."""
    transformer = {"InputPathsMap": {"cause": "$.detail.cause"}, "InputTemplate": '"it ended: <cause>"'}
    target = {"Arn": "any", "InputTransformer": transformer}
    assert is_json(message(target, {"detail": {"cause": "given 'x'"}}))
    assert not is_json(message(target, {"detail": {"cause": 'given "x"'}}))


@pytest.mark.parametrize("name", ["one", "two"])
def test_the_end_of_an_execution_is_told_in_full(name: str) -> None:
    """Every field that AWS documents, points in time in milliseconds, input and output as texts of JSON."""
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", region_name="eu-west-1")
        definition = {"StartAt": "End", "States": {"End": {"Type": "Pass", "Result": [name], "End": True}}}
        role = "arn:aws:iam::123456789012:role/any"
        machine = client.create_state_machine(name="m", definition=json.dumps(definition), roleArn=role)
        arn = client.start_execution(
            stateMachineArn=machine["stateMachineArn"], name=name, input=json.dumps({"given": name})
        )["executionArn"]
        deadline = time.monotonic() + patience(30)
        while (described := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.01)
        execution = stepfunctions_parser_backends["123456789012"]["eu-west-1"].describe_execution(arn)
        told = status_change(cast("Execution", execution))
    assert told.keys() == {*ENVELOPE}
    assert (told["account"], told["region"], told["resources"]) == ("123456789012", "eu-west-1", [arn])
    assert (told["source"], told["detail-type"]) == ("aws.states", "Step Functions Execution Status Change")
    detail = told["detail"]
    stopped = detail.pop("stopDate")
    assert stopped == int(described["stopDate"].timestamp() * 1000)
    assert detail == {
        "executionArn": arn,
        "stateMachineArn": machine["stateMachineArn"],
        "name": name,
        "status": "SUCCEEDED",
        "startDate": int(described["startDate"].timestamp() * 1000),
        "input": json.dumps({"given": name}),
        "output": json.dumps([name]),
        "error": None,
        "cause": None,
    }


def test_a_point_in_time_is_told_of_its_rule() -> None:
    """In the rule's region and account, with nothing in its detail."""
    arn = "arn:aws:events:eu-west-1:111122223333:rule/any"
    told = scheduled(arn)
    assert told.keys() == {*ENVELOPE}
    assert (told["account"], told["region"], told["resources"]) == ("111122223333", "eu-west-1", [arn])
    assert (told["source"], told["detail-type"], told["detail"]) == ("aws.events", "Scheduled Event", {})
    assert abs((datetime.fromisoformat(told["time"]) - datetime.now(UTC)).total_seconds()) < 3600


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [
        ("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 hours)", 7200), ("rate(1 day)", 86400),
        ("cron(0 12 * * ? *)", 0), ("a rate(1 day)", 0), ("", 0), (None, 0),
    ],
)  # fmt: skip
def test_the_period_of_a_schedule_is_read(expression: str | None, seconds: float) -> None:
    """Of rates alone: nothing here is due by the calendar."""
    assert period_seconds(expression) == seconds
