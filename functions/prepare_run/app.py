"""PrepareRun: validate the input before anything is spent, and record the run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel

from worstsort.control.executions import Continuation, status_of
from worstsort.control.plan import continue_run, prepare, resume
from worstsort.runs.records import Status
from worstsort.runtime.environment import run_store
from worstsort.runtime.metrics import publish

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from worstsort.storage.run_store import RunStore

logger = Logger()
tracer = Tracer()


class Event(BaseModel):
    """The raw input of an execution, and which execution it is."""

    run_id: str
    execution_arn: str
    started_at: str
    input: Any


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Validate the input and record the run.

    Raises:
        InputRefused: the input is not allowed.
        RunExists: a run of this id is recorded with another configuration.
    """
    start = Event.model_validate(event)
    logger.append_keys(run_id=start.run_id)
    handed = Continuation.of(start.input)
    if handed:
        plan = continue_run(run_store(), handed, start.execution_arn)
    elif isinstance(start.input, dict) and "resume" in start.input:
        plan = resume(run_store(), start.input, start.execution_arn, status_of)
    else:
        plan = prepare(run_store(), start.run_id, start.input, start.execution_arn, start.started_at)
    close_if_ended(run_store(), plan.run_id, start.execution_arn)
    publish({"RunsPrepared": 1})
    logger.info("run prepared", extra={"plan": plan.model_dump()})
    return plan.model_dump()


def close_if_ended(store: RunStore, run_id: str, execution_arn: str) -> None:
    """Close the run's record again if the execution was aborted in the meantime.

    ReconcileRun normally closes records, but it may have run before there was one:

        PrepareRun    ---- starts --------------------- records the run -- checks -->
        the execution -------------- aborted ---------------------------------------->
        ReconcileRun  ------------------------ finds no record ---------------------->
    """
    status = status_of(execution_arn)
    if status is not Status.RUNNING:
        reason = f"the execution was {status.lower()} during PrepareRun"
        store.end_run(run_id, execution_arn, status, reason, datetime.now(UTC).isoformat())
