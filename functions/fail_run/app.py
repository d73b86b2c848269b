"""RecordFailure: explain in plain words why the execution failed, and close the run's record."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field

from worstsort.control.diagnosis import diagnose
from worstsort.control.executions import owners, run_of
from worstsort.runs.errors import StoreUnavailable
from worstsort.runs.records import Status
from worstsort.runtime.environment import Environment, run_store
from worstsort.runtime.metrics import publish
from worstsort.runtime.observability import lambda_handler, logger


class TaskError(BaseModel):
    """The error that a Catch of Step Functions passes on."""

    error: str = Field(alias="Error")
    cause: str = Field("", alias="Cause")


class JobsEnvironment(Environment):
    """The log group of the jobs."""

    log_group: str = Field(alias="JOB_LOG_GROUP", min_length=1)


class Event(BaseModel):
    """The failed execution, its input, and the error it caught."""

    execution_name: str = Field(alias="run_id")
    execution_arn: str
    failed_at: str
    input: Any = None
    failure: TaskError

    @property
    def run_id(self) -> str:
        """The run that the execution was for."""
        return run_of(self.execution_name, json.dumps(self.input))


@lambda_handler(Event)
def handler(failed: Event) -> dict[str, Any]:
    """Explain the failure and, if the run belongs to this execution, record it."""
    failure = diagnose(failed.failure.error, failed.failure.cause, JobsEnvironment.load().log_group)
    recorded = record(failed, failure.cause)
    publish({"RunsFailed": 1})
    logger().error("run failed", extra=failure.model_dump() | {"recorded": recorded})
    return failure.model_dump()


def record(failed: Event, cause: str) -> bool:
    """Close the run's record; return False if that was not possible or the run belongs to another execution."""
    try:
        ended = [
            run_store().end_run(failed.run_id, owner, Status.FAILED, cause, failed.failed_at)
            for owner in owners(failed.execution_arn, json.dumps(failed.input))
        ]
    except StoreUnavailable:
        # The execution reports its cause all the same; ReconcileRun, or whoever resumes the run, closes the record.
        logger().exception("the run's record could not be closed")
        return False
    return any(ended)
