"""Executions of the state machine: how they are doing, and which run they are for."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.records import Status
from worstsort.storage.clients import client


def status_of(execution_arn: str) -> Status:
    """Return whether an execution is running or how it ended; one that AWS has forgotten counts as aborted."""
    stepfunctions = client("stepfunctions")
    try:
        return Status(stepfunctions.describe_execution(executionArn=execution_arn)["status"])
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return Status.ABORTED


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
    """Return the run of an execution: the one that it continues or resumes, or else the one named like it."""
    given = _decode(execution_input)
    wanted = given.get("continues", given.get("resume"))
    return wanted if isinstance(wanted, str) else name


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
