"""CloseEpoch: fold the islands' series into the run's history and decide whether the run continues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from worstsort.runs.epoch import close_epoch, fold_series
from worstsort.runtime.environment import run_store
from worstsort.runtime.metrics import publish
from worstsort.runtime.observability import lambda_handler, logger

if TYPE_CHECKING:
    from worstsort.runs.records import EpochRecord
    from worstsort.storage.run_store import RunStore


class Event(BaseModel):
    """The epoch whose jobs have ended."""

    run_id: str
    epoch: int


@lambda_handler(Event)
def handler(ended: Event) -> dict[str, Any]:
    """Close an epoch; raise EpochIncomplete if an island has not reported."""
    closed = close(run_store(), ended.run_id, ended.epoch)
    logger().info("epoch closed", extra=closed.model_dump(exclude={"run_id"}))
    return {"decision": closed.decision, "reason": closed.reason, "best": closed.best, "next_epoch": closed.epoch + 1}


def close(store: RunStore, run_id: str, epoch: int) -> EpochRecord:
    """Close an epoch; doing it twice changes nothing, as the result depends on immutable records only."""
    run, before = store.run_at(run_id, epoch - 1)
    config = run.config
    series = store.series(run_id, config.islands, epoch)
    closed = close_epoch(config, series, before)
    store.put_epoch(closed, fold_series(series))
    evaluations = sum(sum(island.generation_evaluations) for island in series)
    measured = {"BestComparisons": closed.best, "Evaluations": evaluations, "StallEpochs": closed.stall_epochs}
    publish(measured, config.target)
    return closed
