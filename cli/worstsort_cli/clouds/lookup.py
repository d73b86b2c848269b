"""Reading what a deployment has recorded: its runs, and its champions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from worstsort.runs.champion import family_of
from worstsort.runs.errors import RunNotFound
from worstsort.runs.records import ChampionRecord, RunRecord, Status
from worstsort.storage import keys
from worstsort.storage.items import attributes, from_item
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_cli.clouds.deployment import Deployment

_BATCH_READ = 100
"""Items DynamoDB returns at most from one BatchGetItem."""

_RECORD_SECONDS = 60.0
"""What an execution may take to record its run: a cold start of a function, with room."""


def runs(deployment: Deployment) -> list[RunRecord]:
    """All runs, newest first.

    Their ids are the folders in the bucket and the names of running executions, so that no table is scanned.
    """
    ids = sorted(set(_folders(deployment)) | set(_running(deployment)))
    records = [from_item(RunRecord, item) for item in _records(deployment, ids)]
    return sorted(records, key=lambda run: run.started_at, reverse=True)


def latest(deployment: Deployment) -> RunRecord:
    """The newest run, a running one if there is any; raises CommandFailed if there is none at all."""
    recorded = runs(deployment)
    if not recorded:
        raise CommandFailed("there is no run yet; `worstsort start` starts one")
    return next((run for run in recorded if run.status == "RUNNING"), recorded[0])


def find(deployment: Deployment, run_id: str) -> RunRecord:
    """The record of a run, waiting a moment for that of one that has only just been started.

    Raises:
        RunNotFound: nothing of that name was ever started.
        CommandFailed: it was, but ended before it was recorded.
    """
    end = time.monotonic() + _RECORD_SECONDS
    while True:
        try:
            return deployment.store.run(run_id)
        except RunNotFound:
            if not _is_starting(deployment, run_id) or time.monotonic() > end:
                raise
        time.sleep(0.1)


def current(deployment: Deployment, run_id: str) -> RunRecord:
    """The same, put right if its execution has failed but nobody has written that down yet."""
    run = find(deployment, run_id)
    failure = execution_failure(deployment, run.execution_arn) if run.status == Status.RUNNING else None
    if failure is None:
        return run
    return run.model_copy(update={"status": Status(failure[0]), "reason": failure[1]})


def wait_until_ended(deployment: Deployment, run_id: str) -> RunRecord:
    """The same, waiting a moment for it to be written down; only then can the run be resumed."""
    end = time.monotonic() + _RECORD_SECONDS
    while (run := current(deployment, run_id)) != (recorded := find(deployment, run_id)):
        if time.monotonic() > end:
            return run
        time.sleep(0.2)
    return recorded


def wait_until_resumed(deployment: Deployment, run: RunRecord, arn: str) -> None:
    """Wait a moment until a run is the execution's that resumes it; whoever looks before takes it for ended.

    Raises:
        CommandFailed: the execution has failed instead.
    """
    end = time.monotonic() + _RECORD_SECONDS
    while find(deployment, run.run_id).execution_arn == run.execution_arn and time.monotonic() < end:
        failure = execution_failure(deployment, arn)
        if failure is not None:
            raise CommandFailed(f"run {run.run_id} was not resumed: {failure[1]}")
        time.sleep(0.1)


def execution_failure(deployment: Deployment, arn: str) -> tuple[str, str] | None:
    """Status and cause of an execution that did not end well; None if it runs, ended well or is forgotten."""
    stepfunctions = deployment.client("stepfunctions")
    try:
        description = stepfunctions.describe_execution(executionArn=arn)
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return None
    if description["status"] in {"RUNNING", "SUCCEEDED", "PENDING_REDRIVE"}:
        return None
    return description["status"], description.get("cause") or "no cause was given"


def _is_starting(deployment: Deployment, run_id: str) -> bool:
    machine = deployment.outputs["StateMachineArn"]
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{run_id}"
    failure = execution_failure(deployment, arn)
    if failure is not None:
        raise CommandFailed(f"run {run_id} {failure[0].lower()} before it was recorded: {failure[1]}")
    return run_id in set(_running(deployment))


def champions(deployment: Deployment, target: str | None, size: int | None) -> list[ChampionRecord]:
    """Champions, the best of a family first; all families unless target and size are given."""
    found = [from_item(ChampionRecord, item) for item in _champion_items(deployment, target, size)]
    wanted = [one for one in found if target in {None, one.target} and size in {None, one.size}]
    return sorted(wanted, key=lambda one: (one.target, one.size, -one.fitness, one.found_at))


def _champion_items(deployment: Deployment, target: str | None, size: int | None) -> Iterator[dict[str, Any]]:
    dynamodb, table = deployment.client("dynamodb"), deployment.outputs["ChampionsTableName"]
    if target is None or size is None:
        # One item a finished run: reading them all is cheap, and no index spans the families.
        pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    else:
        pages = dynamodb.get_paginator("query").paginate(
            TableName=table,
            IndexName="by_fitness",
            KeyConditionExpression="family = :family",
            ExpressionAttributeValues=attributes({":family": family_of(target, size)}),
            ScanIndexForward=False,
        )
    return (item for page in pages for item in page["Items"])


def _folders(deployment: Deployment) -> Iterator[str]:
    paginator = deployment.client("s3").get_paginator("list_objects_v2")
    pages = paginator.paginate(Bucket=deployment.outputs["BucketName"], Prefix="runs/", Delimiter="/")
    return (one["Prefix"].split("/")[1] for page in pages for one in page.get("CommonPrefixes", []))


def _running(deployment: Deployment) -> Iterator[str]:
    paginator = deployment.client("stepfunctions").get_paginator("list_executions")
    pages = paginator.paginate(stateMachineArn=deployment.outputs["StateMachineArn"], statusFilter="RUNNING")
    return (one["name"] for page in pages for one in page["executions"])


def _records(deployment: Deployment, run_ids: list[str]) -> Iterator[dict[str, Any]]:
    dynamodb, table = deployment.client("dynamodb"), deployment.outputs["GenerationsTableName"]
    wanted = [attributes({"run_id": run_id, "sk": keys.META}) for run_id in run_ids]
    while wanted:
        answer = dynamodb.batch_get_item(RequestItems={table: {"Keys": wanted[:_BATCH_READ]}})
        yield from answer["Responses"].get(table, [])
        # Keys may come back unprocessed under load; each answer makes progress, so this ends.
        wanted = wanted[_BATCH_READ:] + answer["UnprocessedKeys"].get(table, {}).get("Keys", [])
