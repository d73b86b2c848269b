"""An execution's history as visits of states: what was entered when, how it ended, what was retried.

Step Functions tells a history as a list of events, each naming the one before it. A visit is the chain of events from a
state's entry to its exit. Events are taken in once, so a long history is not read again and again.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worstsort.plain_text import visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

_MAX_TEXT = 20_000
"""Characters of an input or an output that a page shows."""

_FAILED = ("TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed", "LambdaFunctionFailed",
           "LambdaFunctionTimedOut", "MapStateFailed", "ParallelStateFailed")  # fmt: skip
_SUCCEEDED = ("TaskSucceeded", "LambdaFunctionSucceeded", "MapStateSucceeded", "ParallelStateSucceeded")
_ENDED = ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
_NO_DETAILS: dict[str, Any] = {}


@dataclass
class Visit:
    """A state from its entry to its exit.

    Attributes:
        state: The state's name.
        entered_at: When it was entered.
        left_at: When it was left; None while it runs.
        input: What it was given, as JSON.
        output: What it has returned.
        error: The last error in it, with its cause.
        attempts: How often its task was scheduled.
        failing: Whether nothing has succeeded after the last error.
        aborted: Whether its execution ended before it did.
        submitted: What the service answered that its task was submitted to.
        is_job: Whether its task is a Batch job.
        events: The ids of its events.
    """

    state: str
    entered_at: datetime
    input: str = ""
    left_at: datetime | None = None
    output: str = ""
    error: str = ""
    attempts: int = 0
    failing: bool = False
    aborted: bool = False
    submitted: str = ""
    is_job: bool = False
    events: list[int] = field(default_factory=list)

    @property
    def status(self) -> str:
        """How it is: running, succeeded, failed, caught (it failed, and the machine went on), or aborted."""
        if self.left_at is None:
            return "running"
        if self.aborted:
            return "failed" if self.failing else "aborted"
        return "caught" if self.failing else "succeeded"

    def seconds(self, now: datetime) -> float:
        """Return how long it took, or takes until now."""
        return max(0.0, ((self.left_at or now) - self.entered_at).total_seconds())


class History:
    """The visits and events of one execution, from the events taken in so far.

    Attributes:
        whole: Whether all events were taken in that there were at the last reading.
        events: The events, in their order.
        visits: The visits, in the order of entry.
    """

    def __init__(self) -> None:
        self.whole = True
        self.events: list[dict[str, Any]] = []
        self.visits: list[Visit] = []
        self._owner: dict[int, Visit] = {}
        self._last_id = 0

    def take(self, events: Iterable[dict[str, Any]]) -> None:
        """Take in events in their order; those that were taken in before are passed over."""
        for event in events:
            if event["id"] > self._last_id:
                self._last_id = event["id"]
                self.events.append(event)
                self._take(event)

    def states(self, now: datetime) -> dict[str, dict[str, Any]]:
        """Return for each state that was entered how often, how it is, and how long it took altogether."""
        grouped: dict[str, list[Visit]] = {}
        for visit in self.visits:
            grouped.setdefault(visit.state, []).append(visit)
        return {
            state: {
                "count": len(visits),
                "status": _together([visit.status for visit in visits]),
                "running": sum(visit.status == "running" for visit in visits),
                "failures": sum(visit.status in {"failed", "caught"} for visit in visits),
                "retries": sum(max(0, visit.attempts - 1) for visit in visits),
                "seconds": round(sum(visit.seconds(now) for visit in visits), 3),
            }
            for state, visits in grouped.items()
        }

    def visits_of(self, state: str, offset: int, limit: int, now: datetime) -> dict[str, Any]:
        """Return the visits of a state, the last first, with input, output and error."""
        found = [visit for visit in reversed(self.visits) if visit.state == state]
        shown = [_shown(visit, now) for visit in found[offset : offset + limit]]
        return {"visits": shown, "total": len(found)}

    def events_page(self, text: str, state: str, offset: int, limit: int) -> dict[str, Any]:
        """Return events, the last first: all, those whose type or text mentions something, or those of a state."""
        wanted = text.lower()
        found = [
            event for event in reversed(self.events)
            if (not state or self._state_of(event) == state)
            and (not wanted or wanted in event["type"].lower() or wanted in json.dumps(_details(event)).lower())
        ]  # fmt: skip
        shown = [
            {
                "id": event["id"],
                "type": event["type"],
                "at": event["timestamp"].isoformat(),
                "state": self._state_of(event),
                "details": text_of(json.dumps(_details(event), indent=2)),
            }
            for event in found[offset : offset + limit]
        ]
        kinds = Counter(event["type"] for event in self.events)
        return {"events": shown, "total": len(found), "of": len(self.events), "types": sorted(kinds)}

    def _state_of(self, event: dict[str, Any]) -> str:
        visit = self._owner.get(event["id"])
        return visit.state if visit else ""

    def _take(self, event: dict[str, Any]) -> None:
        kind, details, at = event["type"], _details(event), event["timestamp"]
        if kind.endswith("StateEntered"):
            visit = Visit(details["name"], at, details.get("input", ""))
            self.visits.append(visit)
            self._own(visit, event)
            return
        if kind in _ENDED:
            self._end(at)
            return
        found = self._owner.get(event.get("previousEventId", 0))
        if kind.endswith("StateExited") and (found is None or found.state != details["name"]):
            found = self._open(details["name"])  # the event before the end of a Map belongs to a state within it
        if found is None:
            return
        self._own(found, event)
        _advance(found, kind, details, at)

    def _own(self, visit: Visit, event: dict[str, Any]) -> None:
        self._owner[event["id"]] = visit
        visit.events.append(event["id"])

    def _open(self, state: str) -> Visit | None:
        return next((visit for visit in reversed(self.visits) if visit.state == state and visit.left_at is None), None)

    def _end(self, at: datetime) -> None:
        for visit in self.visits:
            if visit.left_at is None:
                visit.left_at, visit.aborted = at, True


def text_of(text: str) -> str:
    """Return text from a history as a page shows it: what cannot be seen made visible, and cut off where it is long."""
    shown = visible_lines(text[:_MAX_TEXT])
    return shown if len(text) <= _MAX_TEXT else f"{shown}\n(cut off; {len(text):,} characters)"


def _advance(visit: Visit, kind: str, details: dict[str, Any], at: datetime) -> None:
    if kind.endswith("StateExited"):
        visit.left_at, visit.output = at, details.get("output", "")
    elif kind in {"TaskScheduled", "LambdaFunctionScheduled"}:
        visit.attempts += 1
        visit.is_job = details.get("resourceType") == "batch"
    elif kind == "TaskSubmitted":
        visit.submitted = details.get("output", "")
    elif kind in _FAILED:
        visit.failing = True
        visit.error = ": ".join(filter(None, [details.get("error", ""), details.get("cause", "")]))
    elif kind in _SUCCEEDED:
        visit.failing = False


def _shown(visit: Visit, now: datetime) -> dict[str, Any]:
    return {
        "status": visit.status,
        "entered_at": visit.entered_at.isoformat(),
        "left_at": visit.left_at.isoformat() if visit.left_at else None,
        "seconds": round(visit.seconds(now), 3),
        "input": text_of(_indented(visit.input)),
        "output": text_of(_indented(visit.output)),
        "error": text_of(visit.error),
        "attempts": visit.attempts,
        "first_event": visit.events[0],
    }


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2)
    except ValueError:  # AWS cuts off what is long
        return text


def _details(event: dict[str, Any]) -> dict[str, Any]:
    return next((value for key, value in event.items() if key.endswith("EventDetails")), _NO_DETAILS)


def _together(statuses: Sequence[str]) -> str:
    """Return one status for several visits: what runs, else how the last one ended."""
    return "running" if "running" in statuses else statuses[-1]
