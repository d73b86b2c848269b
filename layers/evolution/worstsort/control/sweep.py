"""What executions leave behind whose end was not reported: jobs that still run, and records that still say RUNNING."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.control.executions import Ended, ended, ended_between, owners, run_of
from worstsort.control.jobs import submitted_by, terminate, unended_jobs
from worstsort.storage.clients import client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from worstsort.storage.run_store import RunStore


def end_orphans(queue: str, until: datetime) -> list[str]:
    """End the jobs of executions that ended before `until`; return the jobs' names; see `jobs.terminate`."""
    batch = client("batch")
    return terminate(batch, _orphans(batch, queue, until))


def _orphans(batch: Any, queue: str, until: datetime) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the jobs of executions that ended before `until`, and how these ended."""
    executions: dict[str, Ended | None] = {}
    for job in list(unended_jobs(batch, queue)):
        execution_arn = submitted_by(job)
        if execution_arn is None:
            continue
        if execution_arn not in executions:
            executions[execution_arn] = ended(execution_arn)
        end = executions[execution_arn]
        if end is not None and end.at < until:
            yield job, end.reason


def close_records(store: RunStore, machine_arn: str, since: datetime, until: datetime) -> list[str]:
    """Close the records of runs whose executions ended without success in this time; return the runs."""
    closed = []
    for end in ended_between(machine_arn, since, until):
        run_id = run_of(end.name, end.input)
        writes = (
            store.end_run(run_id, owner, end.status, end.reason, end.at.isoformat())
            for owner in owners(end.arn, end.input)
        )
        if any(writes):
            closed.append(run_id)
    return closed
