"""RecordFailure: explain in plain words why the execution failed, and close the run's record."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field

from worstsort.control.diagnosis import diagnose
from worstsort.control.executions import owners, run_of
from worstsort.runs.errors import RunNotFound, StoreUnavailable
from worstsort.runs.status import Status
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


class End(BaseModel):
    """Whether the failure was recorded, and, if the run belongs to another execution, its ARN."""

    recorded: bool
    owner: str | None = None


@lambda_handler(Event)
def handler(failed: Event) -> dict[str, Any]:
    """Explain the failure and, if the run belongs to this execution, record it; else say whose the run is."""
    failure = diagnose(failed.failure.error, failed.failure.cause, JobsEnvironment.load().log_group)
    end = record(failed, failure.cause)
    said = failure.model_dump() | end.model_dump()
    if end.recorded:
        publish({"RunsFailed": 1})
    logger().error("execution failed", extra=said)
    return said | {"run_id": failed.run_id}


def record(failed: Event, cause: str) -> End:
    """Close the run's record, unless that is not possible or the run belongs to another execution."""
    ours = owners(failed.execution_arn, json.dumps(failed.input))
    try:
        store = run_store()
        ended = [store.end_run(failed.run_id, owner, Status.FAILED, cause, failed.failed_at) for owner in ours]
        if any(ended):
            return End(recorded=True)
        owner = store.run(failed.run_id).execution_arn
    except RunNotFound:
        return End(recorded=False)  # the input was refused, or its record could not be made
    except StoreUnavailable:
        # The execution reports its cause all the same; ReconcileRun, or whoever resumes the run, closes the record.
        logger().exception("the run's record could not be closed")
        return End(recorded=False)
    return End(recorded=False, owner=None if owner in ours else owner)
