"""A look at a run: how far it is, how fast, how long it may still take, and what it has cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.runs.errors import EpochIncomplete
from worstsort.runs.records import Status
from worstsort_cli.clouds import lookup
from worstsort_cli.costs.prices import AS_OF, cost
from worstsort_cli.costs.resource_usage import Capacity, usage

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig, StopConfig
    from worstsort.runs.records import EpochRecord, RunRecord
    from worstsort_cli.clouds.deployment import Deployment


@dataclass(frozen=True)
class Glance:
    """One look.

    Attributes:
        islands_done: Islands that have recorded the epoch that is being evolved.
        rate: Evaluations a second, over the last closed epoch.
        at_most_seconds: Until a limit ends the run, whatever the search finds.
        if_stalled_seconds: Until it ends if nothing better is found, None if no condition says so.
        dollars: What the run has cost on AWS, or would have.
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
        """All of it, for programs."""
        return asdict(self)


def capacity(deployment: Deployment) -> Capacity:
    """What the stack's parameters give its jobs."""
    given, usual = deployment.parameters, Capacity()
    return Capacity(
        given.get("Capacity", usual.capacity),
        int(given.get("JobvCpus", usual.job_vcpus)),
        int(given.get("MaxvCpus", usual.most_vcpus)),
    )


def glance(deployment: Deployment, run_id: str, now: datetime | None = None) -> Glance:
    """Look at a run; raises RunNotFound."""
    store = deployment.store
    run = lookup.current(deployment, run_id)
    closed = store.last_epoch(run)
    before = store.epoch(run_id, run.epoch - 1) if run.epoch > 1 else None
    elapsed = _elapsed(run, now or datetime.now(UTC))
    running = run.status == Status.RUNNING
    # The clock of a resumed run counts the time for which it lay still too; its evolution alone does not.
    worked = closed.seconds if closed and running and run.finished_at else elapsed
    taken = usage(run.config, run.epoch, closed.seconds if closed else 0.0, capacity(deployment))
    return Glance(
        run_id=run_id,
        status=run.status.value,
        epoch=run.epoch,
        max_epochs=run.config.stop.max_epochs,
        islands=run.config.islands,
        islands_done=_reported(deployment, run) if running else run.config.islands,
        best=run.best,
        best_island=run.best_island,
        best_generation=run.best_generation,
        generations=run.generations,
        evaluations=run.evaluations,
        rate=rate(closed, before),
        elapsed_seconds=elapsed,
        at_most_seconds=at_most(run.config.stop, closed, worked) if running else None,
        if_stalled_seconds=if_stalled(run.config, closed, worked) if running else None,
        dollars=sum(cost(taken, capacity(deployment).capacity).values()),
        embedded=deployment.embedded,
        reason=run.reason,
    )


def rate(closed: EpochRecord | None, before: EpochRecord | None) -> float | None:
    """Evaluations a second in the last closed epoch."""
    if closed is None:
        return None
    evaluations = closed.evaluations - (before.evaluations if before else 0)
    seconds = closed.seconds - (before.seconds if before else 0.0)
    return evaluations / seconds if seconds > 0 else None


def at_most(stop: StopConfig, closed: EpochRecord | None, elapsed: float) -> float | None:
    """Seconds until the first of the limits on epochs, evaluations and time is reached, at the pace so far."""
    if closed is None:
        return None
    limits = (
        (stop.max_epochs, closed.epoch),
        (stop.max_evaluations, closed.evaluations),
        (stop.max_seconds, closed.seconds),
    )
    left = [elapsed * (limit - used) / used for limit, used in limits if limit is not None and used > 0]
    return max(0.0, min(left))


def if_stalled(config: RunConfig, closed: EpochRecord | None, elapsed: float) -> float | None:
    """Seconds until the run ends if nothing better is found; None if no condition watches for that."""
    if closed is None or config.stop.stall_epochs is None:
        return None
    return max(0, config.stop.stall_epochs - closed.stall_epochs) * elapsed / closed.epoch


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def describe(seen: Glance) -> list[tuple[str, str]]:
    """What was seen, as labelled lines."""
    best = f"{seen.best:,} (island {seen.best_island}, generation {seen.best_generation})" if seen.best else "none yet"
    lines = [
        ("run", f"{seen.run_id}  {seen.status}"),
        ("epoch", f"{seen.epoch} of {seen.max_epochs} closed; {seen.islands_done} of {seen.islands} islands done"),
        ("best", best),
        ("evaluations", f"{seen.evaluations:,}" + (f"  {seen.rate:,.0f} a second" if seen.rate else "")),
        ("time", duration(seen.elapsed_seconds) + _left(seen)),
        ("cost so far", _cost(seen)),
    ]
    return [*lines, ("ended", seen.reason)] if seen.reason and seen.status != "RUNNING" else lines


def one_line(seen: Glance) -> str:
    """The same in one line, for logs and pipes."""
    return "  ".join(f"{label}: {text}" for label, text in describe(seen))


def _left(seen: Glance) -> str:
    if seen.at_most_seconds is None:
        return ""
    stalled = seen.if_stalled_seconds
    soon = f", {duration(stalled)} if nothing better is found" if stalled is not None else ""
    return f"; at most {duration(seen.at_most_seconds)} left{soon}"


def _cost(seen: Glance) -> str:
    on_aws = f"about ${seen.dollars:.4f}"
    return f"nothing here; {on_aws} on AWS" if seen.embedded else f"{on_aws} (prices of {AS_OF})"


def _elapsed(run: RunRecord, now: datetime) -> float:
    ended = run.finished_at if run.status != Status.RUNNING else None
    end = datetime.fromisoformat(ended) if ended else now
    return max(0.0, (end - datetime.fromisoformat(run.started_at)).total_seconds())


def _reported(deployment: Deployment, run: RunRecord) -> int:
    try:
        return len(deployment.store.series(run.run_id, run.config.islands, run.epoch + 1))
    except EpochIncomplete as error:
        return run.config.islands - len(error.islands)
