"""ReconcileRun: end the jobs of an execution that ended without success, and close its run's record.

EventBridge invokes it, because no Catch in the machine sees aborts and time-outs. The event may arrive twice, late, or
after another execution has resumed the run, so the function only touches what belongs to the execution that ended.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel, Field

from worstsort.control.executions import owners, run_of
from worstsort.control.jobs import end_jobs
from worstsort.runs.records import Status
from worstsort.runtime.environment import Environment, run_store

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()


class QueueEnvironment(Environment):
    """The queue of the jobs."""

    job_queue: str = Field(alias="JOB_QUEUE", min_length=1)


class Detail(BaseModel):
    """An execution in an event of EventBridge; `input` is missing if it is too large for an event."""

    execution_arn: str = Field(alias="executionArn")
    name: str
    status: Status
    stopped_at: int | None = Field(None, alias="stopDate")
    input: str | None = None
    error: str | None = None
    cause: str | None = None

    @property
    def reason(self) -> str:
        """The reason for the end, with the error and the cause if they are known."""
        said = ": ".join(filter(None, [self.error, self.cause]))
        return f"the execution was {self.status.lower().replace('_', ' ')}" + (f": {said}" if said else "")

    @property
    def ended_at(self) -> str:
        """The time at which it ended, in ISO 8601."""
        return datetime.fromtimestamp((self.stopped_at or 0) / 1000, UTC).isoformat()


class Event(BaseModel):
    """The event "Step Functions Execution Status Change"."""

    detail: Detail


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """End the execution's jobs and close its run's record; a second call changes nothing."""
    ended = Event.model_validate(event).detail
    run_id = run_of(ended.name, ended.input)
    logger.append_keys(run_id=run_id)
    # The jobs first: while the record says RUNNING, nobody can resume the run and submit new ones.
    jobs = end_jobs(QueueEnvironment.load().job_queue, ended.execution_arn, ended.reason)
    closed = any(
        run_store().end_run(run_id, owner, ended.status, ended.reason, ended.ended_at)
        for owner in owners(ended.execution_arn, ended.input)
    )
    logger.info("reconciled", extra={"status": ended.status, "ended_jobs": jobs, "closed": closed})
    return {"run_id": run_id, "ended_jobs": jobs, "closed": closed}
