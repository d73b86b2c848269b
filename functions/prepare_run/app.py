"""PrepareRun: validate the input before anything is spent, and record the run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from worstsort.control.executions import Continuation, how_it_ended, status_of
from worstsort.control.plan import Plan, continue_run, prepare, resume
from worstsort.runs.errors import InputRefused, RunExists, RunNotFound
from worstsort.runs.status import Status
from worstsort.runtime.environment import Environment, run_store
from worstsort.runtime.metrics import publish
from worstsort.runtime.observability import lambda_handler, logger

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore


class Event(BaseModel):
    """What the state machine passes on: the execution's name as `run_id`, its ARN, its start and its raw input."""

    run_id: str
    execution_arn: str
    started_at: str
    input: Any


class JobEnvironment(Environment):
    """What the jobs are given."""

    memory_mib: int = Field(alias="JOB_MEMORY", ge=1)


@lambda_handler(Event)
def handler(start: Event) -> dict[str, Any]:
    """Validate the input and record the run; a refusal is an answer, too, and no error of the function."""
    try:
        plan = make_plan(run_store(), start)
    except (InputRefused, RunExists) as refused:
        logger().warning("run refused", extra={"error": type(refused).__name__, "cause": str(refused)})
        return refuse(start.run_id, refused)
    close_if_ended(run_store(), plan.run_id, start.execution_arn)
    publish({"RunsPrepared": 1})
    logger().info("run prepared", extra={"plan": plan.model_dump()})
    return plan.model_dump() | {"failure": None}


def refuse(run_id: str, refused: InputRefused | RunExists) -> dict[str, Any]:
    """Return, with the fields of a plan, the error that the execution ends with, as a Catch would pass it on."""
    plan = Plan(run_id=run_id, start="refuse", epoch=0, islands=0, chunks=[], part=0, until=0)
    return plan.model_dump() | {"failure": {"Error": type(refused).__name__, "Cause": str(refused)}}


def make_plan(store: RunStore, start: Event) -> Plan:
    """Continue a run that was handed over, resume one that has ended, or begin a new one."""
    job_mib = JobEnvironment.load().memory_mib
    handed = Continuation.of(start.input)
    if handed:
        restore_if_redriven(store, handed)
        return continue_run(store, handed, start.execution_arn, job_mib=job_mib)
    if isinstance(start.input, dict) and "resume" in start.input:
        return resume(store, start.input, start.execution_arn, status_of, job_mib=job_mib)
    return prepare(store, start.run_id, start.input, start.execution_arn, start.started_at, job_mib=job_mib)


def restore_if_redriven(store: RunStore, handed: Continuation) -> None:
    """Reopen the record of an aborted or timed-out execution that was redriven, and hands the run over after all."""
    try:
        run = store.run(handed.continues)
    except RunNotFound:
        return
    closed = run.status in {Status.ABORTED, Status.TIMED_OUT} and run.execution_arn == handed.after
    if closed and status_of(handed.after) in {Status.RUNNING, Status.SUCCEEDED}:
        store.restore_run(run.run_id, handed.after)


def close_if_ended(store: RunStore, run_id: str, execution_arn: str) -> None:
    """Close the run's record again if the execution was aborted in the meantime.

    ReconcileRun normally closes records, but it may have run before there was one:

        PrepareRun    ---- starts --------------------- records the run -- looks --->
        the execution -------------- aborted ---------------------------------------->
        ReconcileRun  ------------------------ finds no record ---------------------->
    """
    status = status_of(execution_arn)
    if status is not Status.RUNNING:
        reason = f"{how_it_ended(status)} while it was being prepared"
        closed = store.end_run(run_id, execution_arn, status, reason, datetime.now(UTC).isoformat())
        logger().warning(reason, extra={"closed": closed})
