"""Carrying out a sweep: so many runs at once, and each that ends makes room for the next."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Protocol

from worstsort_cli.clouds.execution import POLL_SECONDS
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.clouds.execution import Following, Outcome
    from worstsort_cli.files.sweep_folder.grid import PlannedRun

_MAX_NAMED_FAILURES = 5


class Place(Protocol):
    """Where the runs of a sweep run."""

    @property
    def deployment(self) -> Deployment:
        """The cloud that runs them."""

    def start(self, run: PlannedRun, report: Callable[[EpochRecord], None]) -> Following:
        """Start a run, or go on with it where it was; `report` is called with every epoch that closes."""

    def end(self, run: PlannedRun, outcome: Outcome) -> None:
        """Keep what a run has left that has ended, however it did."""


class Observer(Protocol):
    """Who is told how a sweep gets on."""

    def started(self, run_id: str) -> None:
        """Hear that a run has been started, or goes on."""

    def closed(self, run_id: str, epochs: str) -> None:
        """Hear how far a run is, such as "3/10"."""

    def ended(self, run_id: str, said: str) -> None:
        """Hear what a run has found, or how it failed."""


def carry_out(place: Place, runs: Sequence[PlannedRun], at_once: int, observer: Observer) -> None:
    """Carry out runs, in their order, and wait until all have ended; one that fails does not stop the others.

    Args:
        place: Where they run.
        runs: Those of the sweep that have not succeeded yet.
        at_once: Runs under way at any moment, at most.
        observer: Told of what happens.

    Raises:
        CommandFailed: Some runs have failed; it says which, and why.
    """
    waiting, active, failed = deque(runs), dict[str, tuple["PlannedRun", "Following"]](), list[str]()
    while waiting or active:
        while waiting and len(active) < at_once:
            run = waiting.popleft()
            active[run.run_id] = run, place.start(run, partial(_tell, observer, run))
            observer.started(run.run_id)
        for run, following in list(active.values()):
            outcome = following.look()
            if outcome is None:
                continue
            del active[run.run_id]
            place.end(run, outcome)
            observer.ended(run.run_id, _describe(run, outcome))
            if outcome.status != "SUCCEEDED":
                failed.append(f"{run.run_id} {outcome.status.lower()}: {outcome.cause}")
        if active:
            place.deployment.wait(POLL_SECONDS)
    if failed:
        more = f"; and {len(failed) - _MAX_NAMED_FAILURES} more" * (len(failed) > _MAX_NAMED_FAILURES)
        raise CommandFailed(
            f"{len(failed)} of {len(runs)} runs failed: {'; '.join(failed[:_MAX_NAMED_FAILURES])}{more}"
        )


def _tell(observer: Observer, run: PlannedRun, epoch: EpochRecord) -> None:
    observer.closed(run.run_id, f"{epoch.epoch}/{run.config.stop.max_epochs}")


def _describe(run: PlannedRun, outcome: Outcome) -> str:
    found = outcome.output
    said = (
        f"{found['comparisons']:,} comparisons, {found['evaluations']:,} evaluations"
        if outcome.status == "SUCCEEDED"
        else f"{outcome.status.lower()}: {outcome.cause}"
    )
    return f"{run.config.target}, {run.config.size:,} items, {run.configuration}, seed {run.config.seed}: {said}"
