"""The calls that the tasks of a state machine make, and the limits of the states language."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model

from worstsort_embedded.strict.checks import UNKNOWN, Call, Check
from worstsort_embedded.strict.limit import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TASK = re.compile(r"arn:[^:]*:states:::(?P<sdk>aws-sdk:)?(?P<service>[\w-]+):(?P<action>\w+)")
_SERVICES = {"states": "stepfunctions", "sfn": "stepfunctions"}
_GUIDE = "AWS Step Functions Developer Guide"

_LONGEST_NAME = Limit(
    "longest",
    get_service_model("stepfunctions").shape_for("StateEnteredEventDetails").members["name"].metadata["max"],
    "max: 80, for the name of the state",
    "botocore: stepfunctions StateEnteredEventDetails.name",
)
_INTERVAL = Limit(
    "at most", 99_999_999, "IntervalSeconds has a maximum value of 99999999.", f"{_GUIDE}, concepts-error-handling.md"
)
_ATTEMPTS = Limit(
    "at most", 99_999_999, "MaxAttempts has a maximum value of 99999999.", f"{_GUIDE}, concepts-error-handling.md"
)
_POSITIVE = Limit(
    "at least", 1, "Must be a positive, non-zero integer.", f"{_GUIDE}, amazon-states-language-task-state.md"
)
_NOT_NEGATIVE = Limit(
    "at least",
    0,
    "A value of 0 specifies that the error or errors are never retried.",
    f"{_GUIDE}, concepts-error-handling.md",
)
_NUMBERS = {
    "TimeoutSeconds": (_POSITIVE,),
    "HeartbeatSeconds": (_POSITIVE,),
    "IntervalSeconds": (_INTERVAL, _POSITIVE),
    "MaxAttempts": (_ATTEMPTS, _NOT_NEGATIVE),
}

MAX_HISTORY_EVENTS = 25_000
LONGEST_HISTORY = Limit(
    "at most",
    MAX_HISTORY_EVENTS,
    "25,000 events in a single state machine execution history.",
    f"{_GUIDE}, limits-overview.md",
)


def states(machine: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the states of a machine with their names, those inside of Map and Parallel states too."""
    for name, state in machine.get("States", {}).items():
        yield name, state
        for inner in (state.get("ItemProcessor"), state.get("Iterator"), *state.get("Branches", ())):
            if inner:
                yield from states(inner)


def calls(machine: Mapping[str, Any]) -> Iterator[Call]:
    """Yield the calls of a machine's tasks; what comes from an execution's data is not known."""
    for name, state in states(machine):
        task = _TASK.match(str(state.get("Resource", "")))
        if not task:
            continue
        service, action = _SERVICES.get(task["service"], task["service"]), task["action"]
        operation = action[0].upper() + action[1:]
        yield Call(service, operation, _written(service, operation, state.get("Parameters", {})), f"state {name}")


def checks(machine: Mapping[str, Any]) -> Iterator[Check]:
    """Yield the checks of a machine's own names and numbers."""
    for name, state in states(machine):
        where = f"state {name}"
        yield Check(where, "states language: name", _LONGEST_NAME, name)
        for holder in (state, *state.get("Retry", ())):
            for key, limits in _NUMBERS.items():
                yield from (
                    Check(where, f"states language: {key}", limit, holder[key]) for limit in limits if key in holder
                )


def _written(service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's parameters, those from data as unknown; a payload is sent as the text of its JSON."""
    written = {key.removesuffix(".$"): _value(key, item) for key, item in parameters.items()}
    for key in ("Payload", "Input"):
        if isinstance(written.get(key), dict) and (service, operation) != ("batch", "SubmitJob"):
            written[key] = json.dumps(written[key], default=str)
    return written


def _value(key: str, item: Any) -> Any:
    if key.endswith(".$"):
        return UNKNOWN
    if isinstance(item, dict):
        return {inner.removesuffix(".$"): _value(inner, value) for inner, value in item.items()}
    return [_value("", value) for value in item] if isinstance(item, list) else item
