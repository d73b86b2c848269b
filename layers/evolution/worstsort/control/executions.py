"""Executions of the state machine: how they are doing, and which run they are for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.run_id import checked_run_id
from worstsort.runs.status import Status
from worstsort.storage.clients import client

if TYPE_CHECKING:
    from collections.abc import Iterator


def status_of(execution_arn: str) -> Status:
    """Return whether an execution is running or how it ended; one that AWS has forgotten counts as aborted."""
    stepfunctions = client("stepfunctions")
    try:
        return Status(stepfunctions.describe_execution(executionArn=execution_arn)["status"])
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return Status.ABORTED


@dataclass(frozen=True)
class Ended:
    """An execution that has ended; `input` and `cause` are missing of one that AWS has forgotten."""

    arn: str
    name: str
    status: Status
    at: datetime
    input: str | None = None
    cause: str | None = None

    @property
    def reason(self) -> str:
        """How it ended, in words."""
        return how_it_ended(self.status) + (f": {self.cause}" if self.cause else "")


_HOW = {
    Status.SUCCEEDED: "succeeded",
    Status.FAILED: "failed",
    Status.ABORTED: "was aborted",
    Status.TIMED_OUT: "timed out",
}


def how_it_ended(status: Status) -> str:
    """Return the status of an ended execution in words."""
    return f"the execution {_HOW[status]}"


def ended(execution_arn: str) -> Ended | None:
    """Return how an execution ended, None if it is running; one that AWS has forgotten was aborted long ago."""
    stepfunctions, name = client("stepfunctions"), execution_arn.rpartition(":")[2]
    try:
        found = stepfunctions.describe_execution(executionArn=execution_arn)
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return Ended(execution_arn, name, Status.ABORTED, datetime.fromtimestamp(0, UTC))
    if found["status"] == Status.RUNNING:
        return None
    status, at = Status(found["status"]), found["stopDate"]
    return Ended(execution_arn, name, status, at, found.get("input"), found.get("cause"))


def ended_between(machine_arn: str, since: datetime, until: datetime) -> Iterator[Ended]:
    """Yield the executions of a machine that ended without success in this time."""
    pages = client("stepfunctions").get_paginator("list_executions")
    for status in (Status.FAILED, Status.TIMED_OUT, Status.ABORTED):
        for page in pages.paginate(stateMachineArn=machine_arn, statusFilter=status.value):
            for execution in page["executions"]:
                recent = since <= execution["stopDate"] < until
                if recent and (found := ended(execution["executionArn"])):
                    yield found


class Continuation(BaseModel):
    """The input of an execution that was started by another one to continue its run.

    Attributes:
        continues: The run.
        part: Number of this execution among those of the run.
        after: ARN of the execution that hands the run over.
    """

    continues: str = Field(min_length=1)
    part: int = Field(ge=2)
    after: str = Field(min_length=1)

    @classmethod
    def of(cls, execution_input: Any) -> Continuation | None:
        """Return the continuation that an input asks for, or None if it asks for something else.

        Raises:
            InputRefused: it asks for one in a way that no execution does.
        """
        if not isinstance(execution_input, dict) or "continues" not in execution_input:
            return None
        try:
            return cls.model_validate(execution_input)
        except ValidationError as error:
            given = execution_input["continues"]
            raise InputRefused([Problem("continues", given, "only executions continue runs; use resume")]) from error


def run_of(name: str, execution_input: str | None) -> str:
    """Return the run of an execution: the one that it continues or resumes, or else the one named like it.

    An input that was refused may name what can be no run, and no key of a table.
    """
    given = _decode(execution_input)
    wanted = given.get("continues", given.get("resume"))
    try:
        return checked_run_id(wanted) if isinstance(wanted, str) else name
    except ValueError:
        return name


def owners(execution_arn: str, execution_input: str | None) -> list[str]:
    """Return which executions may own the run: this one and, until it has taken over, the one that it continues."""
    after = _decode(execution_input).get("after")
    return [execution_arn, after] if isinstance(after, str) else [execution_arn]


def _decode(text: str | None) -> dict[str, Any]:
    try:
        given = json.loads(text or "{}")
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
