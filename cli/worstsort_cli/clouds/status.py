"""Taking the status of a run: how far it is, how fast, how long it may still take, and what it has cost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from worstsort.runs.errors import EpochIncomplete
from worstsort.runs.status import Status
from worstsort_cli.clouds import lookup
from worstsort_cli.costs.capacity import Capacity
from worstsort_cli.costs.prices import AS_OF, cost
from worstsort_cli.costs.resource_usage import usage
from worstsort_cli.show.snapshot import Snapshot

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig, StopConfig
    from worstsort.runs.records import EpochRecord, RunRecord
    from worstsort_cli.clouds.deployment import Deployment


def capacity(deployment: Deployment) -> Capacity:
    """Return what the stack's parameters give its jobs."""
    return Capacity.of_stack(deployment.parameters)


def take_snapshot(deployment: Deployment, run_id: str, now: datetime | None = None) -> Snapshot:
    """Read the status of a run; raises RunNotFound."""
    store = deployment.store
    run = lookup.current(deployment, run_id)
    closed = store.last_epoch(run)
    before = store.epoch(run_id, run.epoch - 1) if run.epoch > 1 else None
    elapsed = _elapsed(run, now or datetime.now(UTC))
    running = run.status == Status.RUNNING
    # A resumed run's clock includes the time during which it was stopped; its seconds of evolution do not.
    worked = closed.seconds if closed and running and run.finished_at else elapsed
    evolved = closed.seconds if closed else 0.0
    used = usage(run.config, run.epoch, evolved, capacity(deployment), evolved / max(1, run.epoch))
    return Snapshot(
        run_id=run_id,
        status=run.status.value,
        epoch=run.epoch,
        max_epochs=run.config.stop.max_epochs,
        islands=run.config.islands,
        islands_done=_islands_done(deployment, run, closed),
        best=run.best,
        best_island=run.best_island,
        best_generation=run.best_generation,
        generations=run.generations,
        evaluations=run.evaluations,
        rate=evaluations_per_second(closed, before),
        elapsed_seconds=elapsed,
        at_most_seconds=max_seconds_left(run.config.stop, closed, worked) if running else None,
        if_stalled_seconds=seconds_left_if_stalled(run.config, closed, worked) if running else None,
        dollars=sum(cost(used, capacity(deployment).purchase).values()),
        embedded=deployment.embedded,
        reason=run.reason,
        prices_as_of=AS_OF,
    )


def of_record(run: RunRecord, now: datetime | None = None, given: Capacity | None = None) -> Snapshot:
    """Return what the record of a run says by itself, as on this machine, whose cloud nobody else can ask.

    `given` is what its jobs have, for the cost; by default what a stack gives them unless it is told otherwise.
    """
    given = given or Capacity.of_stack({})
    running = run.status == Status.RUNNING
    elapsed = _elapsed(run, now or datetime.now(UTC))
    used = usage(run.config, run.epoch, elapsed, given, elapsed / max(1, run.epoch))
    return Snapshot(
        run_id=run.run_id,
        status=run.status.value,
        epoch=run.epoch,
        max_epochs=run.config.stop.max_epochs,
        islands=run.config.islands,
        islands_done=0 if running else run.config.islands,
        best=run.best,
        best_island=run.best_island,
        best_generation=run.best_generation,
        generations=run.generations,
        evaluations=run.evaluations,
        rate=None,
        elapsed_seconds=elapsed,
        at_most_seconds=None,
        if_stalled_seconds=None,
        dollars=sum(cost(used, given.purchase).values()),
        embedded=True,
        reason=run.reason,
        prices_as_of=AS_OF,
    )


def evaluations_per_second(closed: EpochRecord | None, before: EpochRecord | None) -> float | None:
    """Return the rate of the last closed epoch, given its record and that of the epoch before."""
    if closed is None:
        return None
    evaluations = closed.evaluations - (before.evaluations if before else 0)
    seconds = closed.seconds - (before.seconds if before else 0.0)
    return evaluations / seconds if seconds > 0 else None


def max_seconds_left(stop: StopConfig, closed: EpochRecord | None, elapsed: float) -> float | None:
    """Return the time until the first limit on epochs, evaluations or seconds is reached, at the pace so far."""
    if closed is None:
        return None
    limits = (
        (stop.max_epochs, closed.epoch),
        (stop.max_evaluations, closed.evaluations),
        (stop.max_seconds, closed.seconds),
    )
    left = [elapsed * (limit - used) / used for limit, used in limits if limit is not None and used > 0]
    return max(0.0, min(left))


def seconds_left_if_stalled(config: RunConfig, closed: EpochRecord | None, elapsed: float) -> float | None:
    """Return the time until the run ends if nothing better is found; None if no condition watches for that."""
    if closed is None or config.stop.stall_epochs is None:
        return None
    return max(0, config.stop.stall_epochs - closed.stall_epochs) * elapsed / closed.epoch


def _elapsed(run: RunRecord, now: datetime) -> float:
    finished_at = run.finished_at if run.status != Status.RUNNING else None
    end = datetime.fromisoformat(finished_at) if finished_at else now
    return max(0.0, (end - datetime.fromisoformat(run.started_at)).total_seconds())


def _islands_done(deployment: Deployment, run: RunRecord, closed: EpochRecord | None) -> int:
    if closed and closed.decision == "stop":
        return run.config.islands
    try:
        return len(deployment.store.series(run.run_id, run.config.islands, run.epoch + 1))
    except EpochIncomplete as error:
        return run.config.islands - len(error.islands)
