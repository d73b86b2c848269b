"""RecordFailure: explain in plain words why the execution failed, and close the run's record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel, Field

from worstsort.control.diagnosis import diagnose
from worstsort.control.executions import owners, run_of
from worstsort.runs.errors import StoreUnavailable
from worstsort.runs.records import Status
from worstsort.runtime.environment import Environment, run_store
from worstsort.runtime.metrics import publish

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()


class TaskError(BaseModel):
    """The error that a Catch of Step Functions passes on."""

    error: str = Field(alias="Error")
    cause: str = Field("", alias="Cause")


class JobsEnvironment(Environment):
    """The log group of the jobs."""

    log_group: str = Field(alias="JOB_LOG_GROUP", min_length=1)


class Event(BaseModel):
    """The failed execution, the run it was for, and the error it caught."""

    run_id: str
    execution_arn: str
    failed_at: str
    input: Any = None
    failure: TaskError


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Explain the failure, and record it if this execution owns the run."""
    failed = Event.model_validate(event)
    execution_input = json.dumps(failed.input)
    run_id = run_of(failed.run_id, execution_input)
    logger.append_keys(run_id=run_id)
    failure = diagnose(failed.failure.error, failed.failure.cause, JobsEnvironment.load().log_group)
    try:
        for owner in owners(failed.execution_arn, execution_input):
            run_store().end_run(run_id, owner, Status.FAILED, failure.cause, failed.failed_at)
    except StoreUnavailable:
        # The failure is still explained; ReconcileRun, or the execution that resumes the run, takes care of the record.
        logger.exception("the run's record could not be closed")
    publish({"RunsFailed": 1})
    logger.error("run failed", extra=failure.model_dump())
    return failure.model_dump()
