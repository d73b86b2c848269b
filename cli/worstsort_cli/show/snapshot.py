"""A run as it was at one moment, and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


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
        doing: What is being done at the moment, in words.
        share: How much of the epoch under way is done, 0 to 1.
        leading: The best count so far, with what the islands say of the epoch under way.
        bound: What no input can exceed, if known.
        curve: The best count after each of the last epochs.
        prices_as_of: When the prices were looked up.
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
    doing: str = ""
    share: float = 0.0
    leading: int | None = None
    bound: int | None = None
    curve: tuple[int, ...] = ()
    prices_as_of: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return all fields, for programs."""
        return asdict(self)


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
    if snapshot.best_island is None:
        return f"{snapshot.best:,}"
    return f"{snapshot.best:,} (island {snapshot.best_island}, generation {snapshot.best_generation})"


def _time_left(snapshot: Snapshot) -> str:
    if snapshot.at_most_seconds is None:
        return ""
    stalled = snapshot.if_stalled_seconds
    sooner = f", {duration(stalled)} if nothing better is found" if stalled is not None else ""
    return f"; at most {duration(snapshot.at_most_seconds)} left{sooner}"


def _cost(snapshot: Snapshot) -> str:
    on_aws = f"about ${snapshot.dollars:.4f}"
    return f"nothing here; {on_aws} on AWS" if snapshot.embedded else f"{on_aws} (prices of {snapshot.prices_as_of})"
