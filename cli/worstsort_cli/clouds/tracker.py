"""What a run is doing at the moment: its status, with what the state machine and the islands say of the epoch."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from worstsort.gosort import upper_bound
from worstsort.runs.status import Status
from worstsort_cli.clouds.job_log import JobLog
from worstsort_cli.clouds.status import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from worstsort.runs.config import RunConfig
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.files.run_folder.log import LogLine
    from worstsort_cli.show.snapshot import Snapshot

MAX_CURVE_EPOCHS = 24
"""How many of the last epochs are drawn."""

MAX_BOUND_SIZE = 1_000
"""The largest size whose upper bound takes less than a second."""

_LATEST_EVENTS = 25
"""Of an execution's history: enough to find the state that it has entered last."""

_LOG_SECONDS = 300
"""How old the islands' latest lines may be when somebody begins to watch."""

DOING: Mapping[str, str] = {
    "IdentifyRun": "preparing the run",
    "PrepareRun": "preparing the run",
    "WhereToStart": "preparing the run",
    "SeedPopulations": "drawing the first populations",
    "SeedIslands": "drawing the first populations",
    "FinishRun": "recounting the champion and writing its files",
    "RunSucceeded": "recounting the champion and writing its files",
    "RecordFailure": "recording why it failed",
}
"""What is being done in the states of `statemachine/evolve.asl.json` that belong to no epoch."""

_SAID = frozenset({"evolving", "compiling", "progress", "evolved"})
"""The messages of a worker that tell how far it is."""

_PROGRESS = {"done", "generations"}
"""The fields of a line that tell it in generations."""

_CLOSING = ("CloseEpoch", "ContinueOrStop", "NextEpoch")


class Tracker:
    """Takes snapshots of a run, with what is being done at the moment."""

    def __init__(
        self, deployment: Deployment, run_id: str, keep: Callable[[Sequence[LogLine]], None] = lambda _lines: None
    ) -> None:
        """Track a run; `keep` gets the lines that its islands log."""
        self._deployment, self._run_id, self._keep = deployment, run_id, keep
        self._log = JobLog(deployment, run_id, int((time.time() - _LOG_SECONDS) * 1000))
        self._said: dict[int, Mapping[str, Any]] = {}
        self._curve: dict[int, int] = {}
        self._bound: int | None = None

    def snapshot(self) -> Snapshot:
        """Read how far the run is; raises RunNotFound."""
        taken = take_snapshot(self._deployment, self._run_id)
        self.listen()
        return self._detailed(taken)

    def listen(self) -> None:
        """Note what the islands have logged since the last time."""
        lines = self._log.new_lines()
        self._keep(lines)
        self._said |= latest(lines)

    def _detailed(self, taken: Snapshot) -> Snapshot:
        run = self._deployment.store.run(self._run_id)
        if self._bound is None:
            self._bound = bound_of(run.config)
        for epoch in range(max(1, taken.epoch - MAX_CURVE_EPOCHS + 1), taken.epoch + 1):
            if epoch not in self._curve and (closed := self._deployment.store.epoch(self._run_id, epoch)):
                self._curve[epoch] = closed.best
        last = sorted(self._curve.items())[-MAX_CURVE_EPOCHS:]
        state = self._state(run.execution_arn) if taken.status == Status.RUNNING else ""
        return with_details(taken, state, self._said, self._bound or None, [best for _, best in last])

    def _state(self, arn: str) -> str:
        """Return the state that an execution has entered last, empty if that is not known."""
        stepfunctions = self._deployment.client("stepfunctions")
        request = {"executionArn": arn, "reverseOrder": True, "maxResults": _LATEST_EVENTS}
        events = stepfunctions.get_execution_history(**request)["events"]
        entered = [event for event in events if "stateEnteredEventDetails" in event]
        latest = max(entered, key=lambda event: int(event["id"]), default=None)
        return str(latest["stateEnteredEventDetails"]["name"]) if latest else ""


def latest(lines: Iterable[LogLine]) -> dict[int, Mapping[str, Any]]:
    """Return what each island said last of how far it is."""
    return {
        line.island: line.fields for line in lines if line.island is not None and line.fields.get("message") in _SAID
    }


def bound_of(config: RunConfig) -> int:
    """Return what no input of a run can exceed; 0 where that is unknown or slow to compute."""
    if config.size > MAX_BOUND_SIZE:
        return 0
    return upper_bound(config.size, config.target, config.values) or 0


def with_details(
    taken: Snapshot, state: str, said: Mapping[int, Mapping[str, Any]], bound: int | None, curve: list[int]
) -> Snapshot:
    """Return a snapshot with what is being done.

    Args:
        taken: How far the run is by its records.
        state: The state that its execution has entered last, empty if unknown.
        said: The fields of each island's latest line.
        bound: What no input can exceed, if known.
        curve: The best count after each of the last epochs.
    """
    now = {island: fields for island, fields in said.items() if fields.get("epoch") == taken.epoch + 1}
    done = [_share(fields) for fields in now.values()]
    share = sum(done) / taken.islands if taken.islands else 0.0
    bests = [taken.best, *(fields.get("best") for fields in now.values())]
    return replace(
        taken,
        doing=_doing(taken, state, now) if taken.status == Status.RUNNING else "",
        share=round(min(share, 1.0), 4),
        leading=max((best for best in bests if best is not None), default=None),
        bound=bound,
        curve=tuple(curve),
        at_most_seconds=_left(taken, share),
    )


def _share(fields: Mapping[str, Any]) -> float:
    if fields.get("message") == "evolved":
        return 1.0
    done: int = fields.get("done", 0)
    generations: int = fields.get("generations", 1)
    return done / max(1, generations)


def _left(taken: Snapshot, share: float) -> float | None:
    """Return the time until a limit ends the run, by what the epoch under way has done, too."""
    gone = (taken.epoch + share) / taken.max_epochs
    if taken.status != Status.RUNNING or gone <= 0:
        return taken.at_most_seconds
    left = max(0.0, taken.elapsed_seconds * (1 - gone) / gone)
    return left if taken.at_most_seconds is None else min(left, taken.at_most_seconds)


def _doing(taken: Snapshot, state: str, said: Mapping[int, Mapping[str, Any]]) -> str:
    if state in DOING:
        return DOING[state]
    if state in _CLOSING:
        return f"closing epoch {min(taken.epoch + 1, taken.max_epochs)} of {taken.max_epochs}"
    epoch = f"epoch {min(taken.epoch + 1, taken.max_epochs)} of {taken.max_epochs}"
    messages = {fields["message"] for fields in said.values()}
    if progress := [fields for fields in said.values() if fields.keys() >= _PROGRESS]:
        furthest = max(progress, key=lambda fields: int(fields["done"]))
        return f"{epoch}, generation {furthest['done']} of {furthest['generations']}"
    if "compiling" in messages:
        return f"{epoch}, compiling the counters, once"
    return f"{epoch}, evolving" if messages else f"{epoch}, starting islands"
