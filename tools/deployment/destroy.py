"""Deletes a stack: stops its runs, empties what CloudFormation would refuse to delete, and says what stays.

usage: destroy [--yes] STACK

It asks for the stack's name first, unless --yes is given. In the environment `prod` tables, bucket and images stay.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from tools.deployment.errors import DeploymentFailed
from tools.deployment.stack import Stack, find_stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MACHINE, _QUEUE, _BUCKET = "AWS::StepFunctions::StateMachine", "AWS::Batch::JobQueue", "AWS::S3::Bucket"
_DEFINITION = "AWS::Batch::JobDefinition"
_KEPT_IN_PROD = ("AWS::DynamoDB::Table", _BUCKET, "AWS::ECR::Repository")
"""The types of the resources that hold data; the template's deletion policy keeps them in prod."""

_GONE, _LEFT = "DELETE_COMPLETE", "DELETE_SKIPPED"
"""What has become of a resource that a stack names but no longer has: it was deleted, or left where it is."""

_MISSING_QUEUE = ("DELETING", "DELETED")
"""The statuses of a queue whose jobs cannot be listed any more."""

_UNFINISHED = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
_REASON = "the stack is being deleted"
_JOBS_END_SECONDS = 300
"""How long jobs may take to end: they have 30 s after SIGTERM, and Batch some time to notice."""

_POLL_SECONDS = 2.0
_DELETION = {"Delay": 5, "MaxAttempts": 360}
"""How often CloudFormation is asked: for half an hour, since compute environments take minutes."""


@dataclass(frozen=True)
class Doomed:
    """A stack that is to be deleted, and physical ids of resources by their types.

    Attributes:
        stack: The stack.
        resources: What it has. One whose creation or deletion failed also names what it has no longer.
        left: What it has left behind.
        definitions: The job definitions that it has or had: revisions of one that is deleted may still be active.
    """

    stack: Stack
    resources: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...] = ()
    definitions: tuple[str, ...] = ()

    @property
    def keeps_data(self) -> bool:
        """Whether what holds data outlives it."""
        return self.stack.parameters.get("Environment") == "prod"

    def of(self, *kinds: str) -> list[str]:
        """Return the ids of the resources of these types."""
        return [physical_id for kind, physical_id in self.resources if kind in kinds]

    @property
    def kept(self) -> list[str]:
        """The ids of what holds data and outlives it."""
        outliving = self.resources + self.left if self.keeps_data else ()
        return [physical_id for kind, physical_id in outliving if kind in _KEPT_IN_PROD]


def examine(cloudformation: Any, name: str) -> Doomed:
    """Return a stack and its resources.

    Raises:
        DeploymentFailed: There is none, it is not of this project, or it is being changed.
    """
    stack = find_stack(cloudformation, name)
    if stack is None:
        raise DeploymentFailed(f"there is no stack {name!r} in this account and region")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    found = [resource for page in pages for resource in page["StackResourceSummaries"]]
    if stack.is_made and not stack.description.startswith("Worstsort"):
        raise DeploymentFailed(f"stack {name!r} is not of this project: its description is {stack.description!r}")
    if stack.is_made and stack.status.endswith("_IN_PROGRESS") and stack.status != "DELETE_IN_PROGRESS":
        raise DeploymentFailed(f"stack {name} is being changed ({stack.status}); wait until that has ended")
    made = [item for item in found if item.get("PhysicalResourceId")]
    return Doomed(
        stack,
        resources=tuple(_named(item) for item in made if item["ResourceStatus"] not in {_GONE, _LEFT}),
        left=tuple(_named(item) for item in made if item["ResourceStatus"] == _LEFT),
        definitions=tuple(item["PhysicalResourceId"] for item in made if item["ResourceType"] == _DEFINITION),
    )


def destroy(session: boto3.Session, doomed: Doomed) -> None:
    """Delete a stack and all that is in it, except for what outlives it.

    Raises:
        DeploymentFailed: A job does not end, or CloudFormation could not delete everything.
    """
    stop_runs(session, doomed)
    if not doomed.keeps_data:
        for bucket in doomed.of(_BUCKET):
            print(f"emptied {bucket}: {empty_bucket(session.client('s3'), bucket)} versions of objects")
    _delete(session.client("cloudformation"), doomed.stack.name)
    batch = session.client("batch")
    for arn in doomed.definitions:
        deregister(batch, arn)


def stop_runs(session: boto3.Session, doomed: Doomed) -> None:
    """Stop all executions and jobs, and wait until they have ended: a job that saves would fill the bucket again.

    Raises:
        DeploymentFailed: A job does not end.
    """
    stepfunctions, batch = session.client("stepfunctions"), session.client("batch")
    deadline = time.monotonic() + _JOBS_END_SECONDS
    while True:
        running = [arn for machine in doomed.of(_MACHINE) for arn in _executions(stepfunctions, machine)]
        for arn in running:
            stepfunctions.stop_execution(executionArn=arn, cause=_REASON)
            print(f"stopped {arn.rpartition(':')[2]}")
        jobs = [job for queue in doomed.of(_QUEUE) for job in _jobs(batch, queue)]
        for job in jobs:
            batch.terminate_job(jobId=job, reason=_REASON)
        if not running and not jobs:
            return
        if time.monotonic() > deadline:
            raise DeploymentFailed(f"{len(jobs)} jobs have not ended after {_JOBS_END_SECONDS} s; nothing was deleted")
        time.sleep(_POLL_SECONDS)


def empty_bucket(s3: Any, bucket: str) -> int:
    """Delete all versions of all objects of a bucket, and return how many there were; none if there is no bucket.

    Raises:
        DeploymentFailed: One cannot be deleted.
    """
    try:
        return _delete_versions(s3, bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return 0
        raise


def _delete_versions(s3: Any, bucket: str) -> int:
    count = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if not found:
            continue
        keys = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in found]
        refused = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True}).get("Errors", [])
        if refused:
            raise DeploymentFailed(f"{refused[0]['Key']} in {bucket} cannot be deleted: {refused[0].get('Message')}")
        count += len(found)
    return count


def deregister(batch: Any, arn: str) -> None:
    """De-register the revisions of a job definition that deployments have left active for runs under way."""
    name = arn.rpartition("/")[2].partition(":")[0]
    pages = batch.get_paginator("describe_job_definitions").paginate(jobDefinitionName=name, status="ACTIVE")
    for definition in [definition for page in pages for definition in page["jobDefinitions"]]:
        batch.deregister_job_definition(jobDefinition=definition["jobDefinitionArn"])


def main(arguments: Sequence[str]) -> int:
    """Ask, delete, and say what stays."""
    options = _parser().parse_args(arguments)
    try:
        session = boto3.Session()
        doomed = examine(session.client("cloudformation"), options.stack)
        kept = doomed.kept
        print(
            f"{doomed.stack.name} ({doomed.stack.status}, {session.region_name}) has {len(doomed.resources)} resources."
        )
        print("Its runs are stopped. " + ("What holds data stays." if kept else "All that it has found is deleted."))
        if not options.yes and _typed("Type its name to delete it: ") != doomed.stack.name:
            raise DeploymentFailed("that is not its name; nothing was deleted")  # noqa: TRY301
        destroy(session, doomed)
    except (DeploymentFailed, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{doomed.stack.name} is deleted.")
    for physical_id in kept:
        print(f"still there, and paid for by the gigabyte: {physical_id}")
    return 0


def _named(resource: Mapping[str, Any]) -> tuple[str, str]:
    return resource["ResourceType"], resource["PhysicalResourceId"]


def _executions(stepfunctions: Any, machine: str) -> list[str]:
    """Return the executions that run, none of a state machine that does not exist."""
    pages = stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    try:
        return [execution["executionArn"] for page in pages for execution in page["executions"]]
    except stepfunctions.exceptions.StateMachineDoesNotExist:
        return []


def _jobs(batch: Any, queue: str) -> list[str]:
    """Return the jobs that have not ended, none of a queue that does not exist."""
    listing = batch.get_paginator("list_jobs")
    try:
        return [
            job["jobId"]
            for status in _UNFINISHED
            for page in listing.paginate(jobQueue=queue, jobStatus=status)
            for job in page["jobSummaryList"]
        ]
    except batch.exceptions.ClientException:
        # Batch has this one error for all that is wrong with a request, "specifying an identifier that's not valid"
        # (botocore's documentation of it) among others.
        found = batch.describe_job_queues(jobQueues=[queue])["jobQueues"]
        if all(each.get("status") in _MISSING_QUEUE for each in found):
            return []
        raise


def _delete(cloudformation: Any, name: str) -> None:
    cloudformation.delete_stack(StackName=name)
    print(f"{name} is being deleted, which takes some minutes")
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=_DELETION)
    except WaiterError as error:
        events = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
        why = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason was given')}"
            for page in events
            for event in page["StackEvents"]
            if event["ResourceStatus"] == "DELETE_FAILED"
        ]
        raise DeploymentFailed("; ".join([f"{name} was not deleted", *why])) from error


def _typed(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _parser() -> argparse.ArgumentParser:
    usage = argparse.ArgumentParser("destroy", description=__doc__, usage=argparse.SUPPRESS)
    usage.formatter_class = argparse.RawDescriptionHelpFormatter
    usage.add_argument("--yes", action="store_true")
    usage.add_argument("stack", metavar="STACK")
    return usage


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
