"""Least privilege: the caller's role allows every call, and a call needs every permission."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from tests.support.executions import start, sweep
from tests.system.permissions import Call, Grant, granted, recorded
from tests.unit.template.rights_policies import UNSEEN
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

MACHINE_KEY = "ak"
"""The key with which moto's Step Functions signs its calls."""

MEASURED_HERE = "embedded"
"""The key of the embedded cloud's users, such as these tests."""

NEEDED_ALL_THE_SAME = {
    ("StateMachineRole", "batch:TerminateJob"): "Step Functions calls it within AWS when an execution is aborted",
    ("StateMachineRole", "events:PutRule"): "Step Functions creates its rule for submitJob.sync within AWS",
    ("StateMachineRole", "events:PutTargets"): "Step Functions creates its rule for submitJob.sync within AWS",
    ("StateMachineRole", "events:DescribeRule"): "Step Functions creates its rule for submitJob.sync within AWS",
    ("ReconcileRunFunctionRole", "sqs:SendMessage"): "Lambda writes dead letters within AWS",
    ("SweepRunsFunctionRole", "sqs:SendMessage"): "Lambda writes dead letters within AWS",
    (
        "FinishRunFunctionRole",
        "states:DescribeExecution",
    ): "needed only for a redriven execution, and moto has no redrive",
    ("FinishRunFunctionRole", "s3:ListBucket"): "with it, S3 distinguishes a missing object from a forbidden one",
    ("JobRole", "s3:ListBucket"): "with it, S3 distinguishes a missing object from a forbidden one",
} | {
    (role, action): "AWS acts with the role by itself; a policy holds these rights to the letter"
    for role, rights in UNSEEN.items()
    for actions in rights.values()
    for action in actions
}  # fmt: skip

NEEDED_IN_OTHER_CASES = {
    (
        "StateMachineRole",
        "batch:SubmitJob",
        "job-queue/worstsort-FargateQueue",
    ): "the embedded cloud has the default capacity",
    (
        "StateMachineRole",
        "batch:SubmitJob",
        "job-queue/worstsort-X86InstanceQueue",
    ): "the embedded cloud has the default architecture",
    ("StateMachineRole", "batch:SubmitJob", "job-definition/worstsort-island"): "Batch may ask for the name alone",
    ("StateMachineRole", "batch:TagResource", "job-definition/worstsort-island"): "Batch may ask for the name alone",
}
"""Permissions for resources that no run here uses, given by the beginning of what follows the account in their ARN."""


@dataclass(frozen=True)
class Observed:
    """The calls that were made, and the permissions that are granted."""

    calls: set[Call]
    grants: set[Grant]


def role(who: str) -> str:
    """Return the logical id of the role that signs with this key."""
    return "StateMachineRole" if who == MACHINE_KEY else who.split("-")[-2]


@pytest.fixture(scope="module")
def observed() -> Iterator[Observed]:
    """Observe runs that succeed, continue in another execution, are refused, aborted, swept and resumed, and fail."""
    with recorded() as calls, EmbeddedCloud(ROOT, parameters={"SaveSeconds": "1"}) as cloud:
        start(cloud, "refused", size=0).wait()
        assert start(cloud, "parted", stop={"max_epochs": 2}, epochs_per_execution=1).wait()["status"] == "SUCCEEDED"
        long = {"size": 1000, "population": 3000, "generations_per_epoch": 200, "stop": {"max_epochs": 2}}
        aborted = start(cloud, "aborted", **long)
        _wait_for(cloud, "runs/aborted/islands/0/partial/")
        cloud.client("stepfunctions").stop_execution(executionArn=aborted.arn)
        _wait_until_ended(cloud, "aborted")
        resumed = _resume(cloud, "aborted", "again")
        assert resumed["status"] == "SUCCEEDED", resumed.get("cause")
        broken = start(cloud, "broken", **long)
        _wait_for(cloud, "runs/broken/islands/0/partial/2.npz")
        cloud.client("stepfunctions").stop_execution(executionArn=broken.arn)
        _wait_until_ended(cloud, "broken")
        _wait_for_jobs(cloud)
        _leave_behind(cloud, broken.arn)
        assert sweep(cloud, hours=1)["ended_jobs"] == ["orphan"]
        _wait_for_jobs(cloud)
        _delete(cloud, "runs/broken/islands/")
        assert _resume(cloud, "broken", "fails")["status"] == "FAILED"
        grants = granted(cloud)
        made = {Call(role(call.who), call.action, call.resource) for call in calls if call.who != MEASURED_HERE}
        yield Observed(made, {Grant(role(grant.who), grant.action, grant.pattern) for grant in grants})


def test_every_call_is_allowed_by_its_callers_role(observed: Observed) -> None:
    """In AWS, any other call would fail with AccessDenied in the middle of a run."""
    refused = [call for call in observed.calls if not any(grant.covers(call) for grant in observed.grants)]
    assert sorted(map(str, refused)) == []


def test_every_permission_is_needed(observed: Observed) -> None:
    """A permission that nobody uses could be misused."""
    unused = [
        grant
        for grant in observed.grants
        if not any(grant.covers(call) for call in observed.calls)
        and (grant.who, grant.action) not in NEEDED_ALL_THE_SAME
        and not any(_is_for(grant, *case) for case in NEEDED_IN_OTHER_CASES)
    ]
    assert sorted(map(str, unused)) == []


def test_the_exceptions_are_not_out_of_date(observed: Observed) -> None:
    """Each exception is about a permission that is granted."""
    granted_rights = {(grant.who, grant.action) for grant in observed.grants}
    assert sorted(set(NEEDED_ALL_THE_SAME) - granted_rights) == []
    assert [case for case in NEEDED_IN_OTHER_CASES if not any(_is_for(grant, *case) for grant in observed.grants)] == []


def _is_for(grant: Grant, who: str, action: str, resource: str) -> bool:
    """Return whether a grant is this permission for a resource whose name begins like this, without a revision."""
    same = (grant.who, grant.action) == (who, action)
    return same and (name := grant.pattern.split(":", 5)[-1]).startswith(resource) and ":" not in name


def _objects(cloud: EmbeddedCloud, prefix: str) -> list[str]:
    answer = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["BucketName"], Prefix=prefix)
    return [item["Key"] for item in answer.get("Contents", [])]


def _wait_for(cloud: EmbeddedCloud, prefix: str) -> None:
    end = time.monotonic() + 120
    while not _objects(cloud, prefix):
        assert time.monotonic() < end, f"nothing under {prefix}"
        time.sleep(0.1)


def _wait_until_ended(cloud: EmbeddedCloud, run_id: str) -> None:
    key = {"run_id": {"S": run_id}, "sk": {"S": "META"}}
    end = time.monotonic() + 120
    table = cloud.outputs["GenerationsTableName"]
    while cloud.client("dynamodb").get_item(TableName=table, Key=key)["Item"]["status"]["S"] == "RUNNING":
        assert time.monotonic() < end, f"{run_id} is still RUNNING"
        time.sleep(0.1)


def _wait_for_jobs(cloud: EmbeddedCloud) -> None:
    """Wait for the jobs, which save their progress before they end."""
    batch, end = cloud.client("batch"), time.monotonic() + 60
    queue = cloud.outputs["JobQueueArn"]
    while any(batch.list_jobs(jobQueue=queue, jobStatus=status)["jobSummaryList"] for status in ("PENDING", "RUNNING")):
        assert time.monotonic() < end, "jobs do not end"
        time.sleep(0.1)


def _leave_behind(cloud: EmbeddedCloud, execution_arn: str) -> None:
    """Submit a job of an execution that has ended."""
    given = {"RUN_ID": "broken", "EPOCH": "2", "EXECUTION_ARN": execution_arn}
    cloud.client("batch").submit_job(
        jobName="orphan",
        jobQueue=cloud.outputs["JobQueueArn"],
        jobDefinition=cloud.outputs["JobDefinitionArn"],
        containerOverrides={"environment": [{"name": name, "value": value} for name, value in given.items()]},
    )


def _delete(cloud: EmbeddedCloud, prefix: str) -> None:
    for key in _objects(cloud, prefix):
        cloud.client("s3").delete_object(Bucket=cloud.outputs["BucketName"], Key=key)


def _resume(cloud: EmbeddedCloud, run_id: str, name: str) -> dict[str, object]:
    stepfunctions = cloud.client("stepfunctions")
    arn = stepfunctions.start_execution(
        stateMachineArn=cloud.outputs["StateMachineArn"], name=name, input=f'{{"resume": "{run_id}"}}'
    )["executionArn"]
    end = time.monotonic() + 240
    while (description := stepfunctions.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < end, "the execution did not end"
        time.sleep(0.2)
    return dict(description)
