"""CloseEpoch: fold the islands' series into per-generation bests and decide whether the run continues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel

from worstsort.runs.epoch import close_epoch, fold_series
from worstsort.runtime.environment import run_store
from worstsort.runtime.metrics import publish

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from worstsort.runs.records import EpochRecord
    from worstsort.storage.run_store import RunStore

logger = Logger()
tracer = Tracer()


class Event(BaseModel):
    """The epoch whose jobs have ended."""

    run_id: str
    epoch: int


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Close an epoch.

    Raises:
        EpochIncomplete: an island has not reported.
    """
    ended = Event.model_validate(event)
    logger.append_keys(run_id=ended.run_id)
    closed = close(run_store(), ended.run_id, ended.epoch)
    logger.info("epoch closed", extra=closed.model_dump(exclude={"run_id"}))
    return {"decision": closed.decision, "reason": closed.reason, "best": closed.best, "next_epoch": closed.epoch + 1}


def close(store: RunStore, run_id: str, epoch: int) -> EpochRecord:
    """Close an epoch; the result depends on immutable records only, so closing it twice changes nothing."""
    config = store.run(run_id).config
    series = store.series(run_id, config.islands, epoch)
    closed = close_epoch(config, series, store.epoch(run_id, epoch - 1))
    store.put_epoch(closed, fold_series(series))
    evaluations = sum(sum(recorded.evaluations) for recorded in series)
    measured = {"BestComparisons": closed.best, "Evaluations": evaluations, "StallEpochs": closed.stall_epochs}
    publish(measured, config.target)
    return closed
