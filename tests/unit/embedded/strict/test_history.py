"""A history holds as many events as AWS's does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from worstsort_embedded.strict import history
from worstsort_embedded.strict.history import HistoryTooLong, limit_histories

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort_embedded.patches import Patches

    Add = Callable[..., int]


class Manager:
    """A history in moto's form."""

    def __init__(self, events: int) -> None:
        self._history_event_list = ["event"] * events


class Patched:
    """Takes what is patched."""

    def __init__(self) -> None:
        self.add: Add = lambda *_given: 0

    def wrap(self, _owner: type, name: str, wrapper: Callable[..., int]) -> None:
        """Put a wrapper around moto's method."""
        assert name == "add_event"

        def original(manager: Manager, *_given: Any, **_named: Any) -> int:
            manager._history_event_list.append("event")  # noqa: SLF001 - as moto does
            return len(manager._history_event_list)  # noqa: SLF001

        self.add = lambda *given, **named: wrapper(original, *given, **named)


@pytest.fixture
def add() -> Add:
    """Return the method that adds events."""
    patched = Patched()
    limit_histories(cast("Patches", patched))
    return patched.add


def test_a_full_history_takes_no_more(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    """HistoryTooLong: the event of the limit's number is the last one."""
    monkeypatch.setattr(history, "MAX_HISTORY_EVENTS", 3)
    manager = Manager(2)
    assert add(manager, "context", "TaskScheduled") == 3
    for given, named in ((("context", "TaskScheduled"), {}), (("context",), {"event_type": "TaskSucceeded"})):
        with pytest.raises(HistoryTooLong, match="3 events are as many as a history holds"):
            add(manager, *given, **named)


@pytest.mark.parametrize("kind", ["ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"])
def test_the_end_of_an_execution_is_always_recorded(add: Add, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """However long its history is."""
    monkeypatch.setattr(history, "MAX_HISTORY_EVENTS", 3)
    assert add(Manager(3), "context", kind) == 4
    assert add(Manager(9), "context", event_type=kind) == 10


def test_the_limit_is_aws() -> None:
    """Step Functions Developer Guide, quotas: 25,000 events in a single state machine execution history."""
    assert history.most_events() == 25_000
