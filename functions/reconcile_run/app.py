"""ReconcileRun: end the jobs of an execution that has failed, was aborted or timed out, and close its run's record.

EventBridge invokes it, because no Catch in the machine sees aborts and time-outs. The event may arrive twice, late, or
after another execution has resumed the run, so the function touches only what belongs to the execution that ended.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from worstsort.control.executions import how_it_ended, owners, run_of
from worstsort.control.jobs import JobQueues, end_jobs
from worstsort.runs.status import Status
from worstsort.runtime.environment import run_store
from worstsort.runtime.observability import lambda_handler, logger


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
        """Why it ended, in as much detail as the event has."""
        details = ": ".join(filter(None, [self.error, self.cause]))
        return how_it_ended(self.status) + (f": {details}" if details else "")

    @property
    def ended_at(self) -> str:
        """When it ended, as ISO 8601."""
        return datetime.fromtimestamp((self.stopped_at or 0) / 1000, UTC).isoformat()


class Event(BaseModel):
    """The event "Step Functions Execution Status Change"."""

    detail: Detail

    @property
    def run_id(self) -> str:
        """The run that the execution was for."""
        return run_of(self.detail.name, self.detail.input)


@lambda_handler(Event)
def handler(event: Event) -> dict[str, Any]:
    """End the execution's jobs and close its run's record; a second call changes nothing."""
    ended = event.detail
    # The jobs first: while the record says RUNNING, nobody can resume the run and submit new ones.
    queues = JobQueues.load().arns
    jobs = [job for queue in queues for job in end_jobs(queue, ended.execution_arn, ended.reason)]
    closed = any(
        run_store().end_run(event.run_id, owner, ended.status, ended.reason, ended.ended_at)
        for owner in owners(ended.execution_arn, ended.input)
    )
    logger().info("reconciled", extra={"status": ended.status, "ended_jobs": jobs, "closed": closed})
    return {"run_id": event.run_id, "ended_jobs": jobs, "closed": closed}
