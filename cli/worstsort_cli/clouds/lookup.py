"""Finding runs in a deployment, with the state of their executions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from worstsort.runs.errors import RunNotFound
from worstsort.runs.status import Status
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment

_RECORD_TIMEOUT_SECONDS = 60.0
"""How long an execution may take to record its run: a cold start of a function, and some more."""

_POLL_SECONDS = 0.1


def runs(deployment: Deployment) -> list[RunRecord]:
    """Return all runs, newest first.

    Their ids come from the bucket and from the names of running executions, so that no table is scanned.
    """
    run_ids = sorted({*deployment.store.seeded_run_ids(), *running_executions(deployment)})
    return sorted(deployment.store.runs(run_ids), key=lambda run: run.started_at, reverse=True)


def latest(deployment: Deployment) -> RunRecord:
    """Return the newest running run, or the newest one if none is running.

    Raises:
        CommandFailed: There are no runs.
    """
    recorded = runs(deployment)
    if not recorded:
        raise CommandFailed("there are no runs yet; `worstsort start` starts one")
    return next((run for run in recorded if run.status == Status.RUNNING), recorded[0])


def find(deployment: Deployment, run_id: str) -> RunRecord:
    """Return the record of a run; if it has only just been started, wait for its record.

    Raises:
        RunNotFound: No run of this id was ever started.
        CommandFailed: It was started, but failed before it was recorded.
    """
    deadline = time.monotonic() + _RECORD_TIMEOUT_SECONDS
    while True:
        try:
            return deployment.store.run(run_id)
        except RunNotFound:
            if not _is_starting(deployment, run_id) or time.monotonic() > deadline:
                raise
        time.sleep(_POLL_SECONDS)


def current(deployment: Deployment, run_id: str) -> RunRecord:
    """Return the record of a run, corrected if its execution has failed and that is not recorded yet."""
    run = find(deployment, run_id)
    failure = execution_failure(deployment, run.execution_arn) if run.status == Status.RUNNING else None
    if failure is None:
        return run
    return run.model_copy(update={"status": Status(failure[0]), "reason": failure[1]})


def wait_until_ended(deployment: Deployment, run_id: str) -> RunRecord:
    """Return the state of a run; if its execution has failed, wait until that is recorded, as resuming requires."""
    deadline = time.monotonic() + _RECORD_TIMEOUT_SECONDS
    while (run := current(deployment, run_id)) != (recorded := find(deployment, run_id)):
        if time.monotonic() > deadline:
            return run
        time.sleep(_POLL_SECONDS)
    return recorded


def wait_until_resumed(deployment: Deployment, run: RunRecord, arn: str) -> None:
    """Wait until the run's record names the execution that resumes it; until then the run looks ended.

    Raises:
        CommandFailed: The execution has failed instead.
    """
    deadline = time.monotonic() + _RECORD_TIMEOUT_SECONDS
    while find(deployment, run.run_id).execution_arn == run.execution_arn and time.monotonic() < deadline:
        failure = execution_failure(deployment, arn)
        if failure is not None:
            raise CommandFailed(f"run {run.run_id} was not resumed: {failure[1]}")
        time.sleep(_POLL_SECONDS)


def execution_failure(deployment: Deployment, arn: str) -> tuple[str, str] | None:
    """Return the status and cause of an execution that failed; None if it is running, succeeded or is unknown."""
    stepfunctions = deployment.client("stepfunctions")
    try:
        description = stepfunctions.describe_execution(executionArn=arn)
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return None
    if description["status"] in {"RUNNING", "SUCCEEDED", "PENDING_REDRIVE"}:
        return None
    return description["status"], description.get("cause") or "no cause was given"


def running_executions(deployment: Deployment) -> Iterator[str]:
    """Return the names of the executions that run."""
    paginator = deployment.client("stepfunctions").get_paginator("list_executions")
    pages = paginator.paginate(stateMachineArn=deployment.outputs["StateMachineArn"], statusFilter="RUNNING")
    return (execution["name"] for page in pages for execution in page["executions"])


def _is_starting(deployment: Deployment, run_id: str) -> bool:
    machine = deployment.outputs["StateMachineArn"]
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{run_id}"
    failure = execution_failure(deployment, arn)
    if failure is not None:
        raise CommandFailed(f"run {run_id} {failure[0].lower()} before it was recorded: {failure[1]}")
    return run_id in set(running_executions(deployment))
