"""The status of a run: how far it is, how fast, how long it may still take, and what it has cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.runs.errors import EpochIncomplete
from worstsort.runs.status import Status
from worstsort_cli.clouds import lookup
from worstsort_cli.costs.capacity import Capacity
from worstsort_cli.costs.prices import AS_OF, cost
from worstsort_cli.costs.resource_usage import usage

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig, StopConfig
    from worstsort.runs.records import EpochRecord, RunRecord
    from worstsort_cli.clouds.deployment import Deployment


@dataclass(frozen=True)
class Snapshot:
    """A run as it was at one moment.

    Attributes:
        islands_done: Islands that have recorded the epoch after the last closed one; all of them if there is none.
        rate: Evaluations per second in the last closed epoch.
        at_most_seconds: Time until a limit ends the run, whatever the search finds; None if it has ended.
        if_stalled_seconds: Time until the run ends if nothing better is found; None if no condition says so.
        dollars: What the run has cost on AWS, or would have.
        embedded: Whether it runs on this machine, at no cost.
    """

    run_id: str
    status: str
    epoch: int
    max_epochs: int
    islands: int
    islands_done: int
    best: int | None
    best_island: int | None
    best_generation: int | None
    generations: int
    evaluations: int
    rate: float | None
    elapsed_seconds: float
    at_most_seconds: float | None
    if_stalled_seconds: float | None
    dollars: float
    embedded: bool
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        """Return all fields, for programs."""
        return asdict(self)


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


def duration(seconds: float) -> str:
    """Return a duration in the unit that people would use."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def describe(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return a snapshot as pairs of label and text."""
    done = f"{snapshot.islands_done} of {snapshot.islands} islands done"
    rate = f"; {snapshot.rate:,.0f} per second" if snapshot.rate else ""
    lines = [
        ("run", f"{snapshot.run_id}  {snapshot.status}"),
        ("epoch", f"{snapshot.epoch} of {snapshot.max_epochs} closed; {done}"),
        ("best", _best(snapshot)),
        ("evaluations", f"{snapshot.evaluations:,}{rate}"),
        ("time", duration(snapshot.elapsed_seconds) + _time_left(snapshot)),
        ("cost so far", _cost(snapshot)),
    ]
    ended = snapshot.reason and snapshot.status != "RUNNING"
    return [*lines, ("ended", str(snapshot.reason))] if ended else lines


def one_line(snapshot: Snapshot) -> str:
    """Return a snapshot as one line, for logs and pipes."""
    return "  ".join(f"{label}: {text}" for label, text in describe(snapshot))


def _best(snapshot: Snapshot) -> str:
    if snapshot.best is None:
        return "none yet"
    return f"{snapshot.best:,} (island {snapshot.best_island}, generation {snapshot.best_generation})"


def _time_left(snapshot: Snapshot) -> str:
    if snapshot.at_most_seconds is None:
        return ""
    stalled = snapshot.if_stalled_seconds
    sooner = f", {duration(stalled)} if nothing better is found" if stalled is not None else ""
    return f"; at most {duration(snapshot.at_most_seconds)} left{sooner}"


def _cost(snapshot: Snapshot) -> str:
    on_aws = f"about ${snapshot.dollars:.4f}"
    return f"nothing here; {on_aws} on AWS" if snapshot.embedded else f"{on_aws} (prices of {AS_OF})"


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
