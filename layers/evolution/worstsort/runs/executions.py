"""Executions of the state machine, as seen by those who look after their runs."""

from __future__ import annotations

import json

from worstsort.runs.aws import client
from worstsort.runs.records import Status


def status_of(execution_arn: str) -> Status:
    """Whether an execution runs, or how it ended; one that AWS has forgotten has ended."""
    stepfunctions = client("stepfunctions")
    try:
        return Status(stepfunctions.describe_execution(executionArn=execution_arn)["status"])
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return Status.ABORTED


def run_of(name: str, execution_input: str | None) -> str:
    """The run that an execution is for: the one that its input resumes, else the one that it is named after."""
    try:
        given = json.loads(execution_input or "{}")
    except ValueError:
        return name
    resumed = given.get("resume") if isinstance(given, dict) else None
    return resumed if isinstance(resumed, str) else name
