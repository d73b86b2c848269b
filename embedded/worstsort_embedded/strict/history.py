"""The limit on an execution's history: on AWS an execution that reaches it fails, whatever it catches."""
# ruff: noqa: SLF001 - this module works on the inside of moto's interpreter

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.strict.machine import MAX_HISTORY_EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort_embedded.patches import Patches

_LAST = ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
"""Events that end a history, however long it is."""


class HistoryTooLong(EmbeddedCloudError):
    """An execution has as many events as its history holds."""


def limit_histories(patches: Patches) -> None:
    """Fail executions whose history is full."""
    patches.wrap(EventManager, "add_event", _add)


def most_events() -> int:
    """Return how many events a history holds."""
    return MAX_HISTORY_EVENTS


def _add(original: Callable[..., int], manager: EventManager, *args: Any, **kwargs: Any) -> int:
    kind = kwargs.get("event_type") or args[1]
    if len(manager._history_event_list) >= most_events() and kind not in _LAST:
        raise HistoryTooLong(f"{most_events():,} events are as many as a history holds")
    return original(manager, *args, **kwargs)
