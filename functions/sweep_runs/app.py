"""SweepRuns: once an hour, end what executions have left behind whose end no event has reported.

ReconcileRun does this when an execution ends, but events are delivered with best effort. Where nothing was left behind,
a sweep lists jobs and executions, which costs nothing, and tries one conditional write for each execution that ended
without success in the last two days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from pydantic import BaseModel, Field

from worstsort.control.jobs import JobQueues
from worstsort.control.sweep import close_records, end_orphans
from worstsort.runtime.environment import run_store
from worstsort.runtime.metrics import publish
from worstsort.runtime.observability import lambda_handler, logger

GRACE = timedelta(minutes=15)
"""How long ReconcileRun is left alone with an execution that has ended: Lambda retries it for some minutes."""

REACH = timedelta(days=2)
"""How far back ended executions are looked at: over any number of sweeps that failed in a row."""


class SweepEnvironment(JobQueues):
    """The queues of the jobs, and the state machine."""

    state_machine: str = Field(alias="STATE_MACHINE", min_length=1)


class Event(BaseModel):
    """A scheduled event of EventBridge: the time for which it was scheduled."""

    time: datetime

    @property
    def run_id(self) -> str:
        """All runs."""
        return "*"


@lambda_handler(Event)
def handler(event: Event) -> dict[str, Any]:
    """End jobs and close records that were left behind; a second call changes nothing."""
    return sweep(event)


def sweep(event: Event) -> dict[str, Any]:
    """Sweep, and say what was found.

    Raises:
        ClientError: A job could not be ended; everything else has been swept.
    """
    environment, until = SweepEnvironment.load(), event.time - GRACE
    jobs: list[str] = []
    refused: ClientError | None = None
    # The jobs first: while the record says RUNNING, nobody can resume the run and submit new ones.
    for queue in environment.arns:
        try:
            jobs += end_orphans(queue, until)
        except ClientError as error:
            refused = error
    closed = close_records(run_store(), environment.state_machine, until - REACH, until)
    found = {"ended_jobs": jobs, "closed_runs": closed}
    if jobs or closed:
        publish({"RunsSwept": len({*jobs, *closed})})
        logger().warning("swept what no event had reported", extra=found)
    if refused:
        raise refused
    return found
