"""Small runs in the embedded cloud."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort_embedded import EmbeddedCloud

SMALL = {"preset": "classic", "size": 30, "population": 40, "islands": 2, "generations_per_epoch": 3}
"""A run that takes a second or two."""


class Served(Protocol):
    """A cloud with the system deployed, of this process or another."""

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of its stack."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that point AWS clients at it."""

    def client(self, service: str) -> Any:
        """Return a client of a service."""


@dataclass(frozen=True)
class Started:
    """An execution in the embedded cloud."""

    cloud: Served
    arn: str
    run_id: str

    def wait(self, seconds: float = 120) -> dict[str, Any]:
        """Wait for the end of the execution, and return its description."""
        stepfunctions, end = self.cloud.client("stepfunctions"), time.monotonic() + seconds
        while (description := stepfunctions.describe_execution(executionArn=self.arn))["status"] == "RUNNING":
            assert time.monotonic() < end, "the execution did not end"
            time.sleep(0.1)
        return dict(description)

    def items(self, prefix: str) -> list[dict[str, Any]]:
        """Return the items that the run recorded under sort keys with this prefix."""
        answer = self.cloud.client("dynamodb").query(
            TableName=self.cloud.outputs["GenerationsTableName"],
            KeyConditionExpression="run_id = :run AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":run": {"S": self.run_id}, ":prefix": {"S": prefix}},
        )
        return list(answer["Items"])


def sweep(cloud: EmbeddedCloud, hours: float = 0) -> dict[str, Any]:
    """Invoke SweepRuns, as its rule does, some hours from now; return what it ended and closed."""
    resources = cloud.client("cloudformation").describe_stack_resources(StackName="worstsort")["StackResources"]
    names = {resource.get("LogicalResourceId"): resource.get("PhysicalResourceId") for resource in resources}
    event = {"time": (datetime.now(UTC) + timedelta(hours=hours)).isoformat()}
    answer = cloud.client("lambda").invoke(FunctionName=names["SweepRunsFunction"], Payload=json.dumps(event))
    assert "FunctionError" not in answer, answer["Payload"].read()
    return dict(json.loads(answer["Payload"].read()))


def start(cloud: Served, run_id: str, **changes: Any) -> Started:
    """Start a small run."""
    arn = cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.outputs["StateMachineArn"], name=run_id, input=json.dumps(SMALL | changes)
    )["executionArn"]
    return Started(cloud, arn, run_id)
