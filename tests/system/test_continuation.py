"""A run of more epochs than an execution may have, in the embedded cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.executions import start
from worstsort.runs.config import EVENTS_PER_EPOCH
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.execution import Following, follow

if TYPE_CHECKING:
    from worstsort.runs.records import EpochRecord
    from worstsort_embedded import EmbeddedCloud


def history(cloud: EmbeddedCloud, arn: str) -> list[dict[str, Any]]:
    """Return all events of an execution."""
    pages = cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def champion(cloud: EmbeddedCloud, run_id: str) -> dict[str, Any]:
    """Return the content of the run's champion.json."""
    key = {"Bucket": cloud.outputs["BucketName"], "Key": f"runs/{run_id}/champion.json"}
    return dict(json.loads(cloud.client("s3").get_object(**key)["Body"].read()))


def test_a_long_run_continues_in_executions_named_after_it(cloud: EmbeddedCloud) -> None:
    """It is one run with one history, and ends as it would have in a single execution."""
    stop = {"max_epochs": 5}
    whole, parted = start(cloud, "whole", stop=stop), start(cloud, "parted", stop=stop, epochs_per_execution=2)
    assert whole.wait()["status"] == "SUCCEEDED"
    closed: list[EpochRecord] = []
    deployment = Deployment(outputs=cloud.outputs, client=cloud.client, parameters={})
    outcome = follow(Following(deployment, parted.arn, "parted", 1, closed.append), deployment)
    assert outcome.status == "SUCCEEDED"
    assert [record.epoch for record in closed] == [1, 2, 3, 4, 5]
    assert outcome.output["reason"] == "all 5 epochs done"
    executions = cloud.client("stepfunctions").list_executions(stateMachineArn=cloud.outputs["StateMachineArn"])
    arns = {execution["name"]: execution["executionArn"] for execution in executions["executions"]}
    assert {"parted", "parted-2", "parted-3"} <= set(arns)
    run = deployment.store.run("parted")
    assert (run.status, run.part, run.execution_arn) == ("SUCCEEDED", 3, arns["parted-3"])
    assert champion(cloud, "parted")["values"] == champion(cloud, "whole")["values"]
    assert len(parted.items("GEN#")) == len(whole.items("GEN#"))
    first = cloud.client("stepfunctions").describe_execution(executionArn=parted.arn)
    assert json.loads(first["output"])["next_execution_arn"] == arns["parted-2"]


def test_an_epoch_takes_no_more_history_events_than_projected(cloud: EmbeddedCloud) -> None:
    """The projection bounds what an execution may record before it hands over."""
    lengths = []
    for epochs in (2, 4):
        run = start(cloud, f"events-{epochs}", stop={"max_epochs": epochs})
        assert run.wait()["status"] == "SUCCEEDED"
        lengths.append(len(history(cloud, run.arn)))
    assert (lengths[1] - lengths[0]) / 2 <= EVENTS_PER_EPOCH
