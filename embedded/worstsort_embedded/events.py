"""Step Functions' status changes and points in time as EventBridge events, for the functions and topics of rules."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from moto.awslambda.models import lambda_backends
from moto.events.models import events_backends
from moto.sns.models import sns_backends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.stepfunctions.parser.backend.execution import Execution

LOG = logging.getLogger(__name__)
_TICK_SECONDS = 0.5
"""How often it is looked whether a rule with a schedule is due."""

_UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


class Events:
    """Delivery of events to functions and topics, until it is closed."""

    def __init__(self) -> None:
        self._ended = threading.Event()

    def keep_schedules(self) -> None:
        """Send the rules' scheduled events from now on, the first of each rule after its first period."""
        threading.Thread(target=self._keep_schedules, name="event schedule", daemon=True).start()

    def _keep_schedules(self) -> None:
        sent: dict[str, float] = {}
        while not self._ended.wait(_TICK_SECONDS):
            now = time.monotonic()
            for rule in _scheduled():
                if now - sent.setdefault(rule.arn, now) >= period_seconds(rule.scheduled_expression):
                    sent[rule.arn] = now
                    self._send(rule, scheduled(rule.arn))

    def announce(self, execution: Execution) -> None:
        """Send an execution's status to every function and topic with a matching rule, each in its own thread."""
        event: Any = status_change(execution)
        backend = events_backends[execution.account_id][execution.region_name]
        for rule in list(backend.describe_event_bus("default").rules.values()):
            if _listens(rule) and rule.event_pattern.matches_event(event):
                self._send(rule, event)

    def close(self) -> None:
        """Stop delivering, and log no failures of functions that end with the cloud."""
        self._ended.set()

    def _send(self, rule: Any, event: dict[str, Any]) -> None:
        for target in rule.targets if not self._ended.is_set() else ():
            threading.Thread(target=self._deliver, args=(target, event), name="event", daemon=True).start()

    def _deliver(self, target: Mapping[str, Any], event: dict[str, Any]) -> None:
        _, _, service, region, account, *_ = str(target["Arn"]).split(":")
        if service == "lambda":
            self._invoke(str(target["Arn"]), account, region, event)
        elif service == "sns" and not self._ended.is_set():
            if is_json(text := message(target, event)):
                sns_backends[account][region].publish(text, str(target["Arn"]))
            else:
                LOG.error("a message was not delivered, as its text is not JSON: %s", text)

    def _invoke(self, arn: str, account: str, region: str, event: dict[str, Any]) -> None:
        if not (function := lambda_backends[account][region].get_function_by_arn(arn)):
            return  # it was deleted with the cloud
        payload, failed, _ = cast("Any", function)._invoke_lambda(event)  # noqa: SLF001 - replaced by functions.py
        if failed and not self._ended.is_set():
            LOG.error("%s failed on an event: %s", arn, payload)


def message(target: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Return what a target is told: the event, or the text that its InputTransformer makes of it."""
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps(event)
    values = {name: _at(path, event) for name, path in transformer.get("InputPathsMap", {}).items()}
    template: str = transformer["InputTemplate"]
    return re.sub(r"<([A-Za-z0-9_-]+)>", lambda found: values.get(found[1], found[0]), template)


def is_json(text: str) -> bool:
    """Return whether a text is JSON, which everything is that EventBridge delivers; it escapes no value of a text."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _at(path: str, event: Mapping[str, Any]) -> str:
    """Return the text of what a path such as $.detail.name points to, and nothing where there is nothing."""
    value: Any = event
    for name in path.removeprefix("$.").split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _listens(rule: Any) -> bool:
    """Return whether a rule waits for events; one with a schedule has no pattern, which moto takes for all events."""
    return rule.state == "ENABLED" and bool(rule.event_pattern.get_pattern())


def _scheduled() -> Iterator[Any]:
    """Yield the rules that are due at a rate; other schedules have no effect on one machine."""
    for regions in list(events_backends.values()):
        for backend in list(regions.values()):
            for rule in list(backend.describe_event_bus("default").rules.values()):
                if rule.state == "ENABLED" and period_seconds(rule.scheduled_expression):
                    yield rule


def period_seconds(expression: str | None) -> float:
    """Return the period of a schedule such as `rate(1 hour)`, 0 for anything else."""
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression or "")
    return int(found[1]) * _UNIT_SECONDS[found[2]] if found else 0


def scheduled(rule_arn: str) -> dict[str, Any]:
    """Return the event that AWS documents as "Scheduled Event"."""
    _, _, _, region, account, *_ = rule_arn.split(":")
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [rule_arn],
        "detail": {},
    }


def status_change(execution: Execution) -> dict[str, Any]:
    """Return the event that AWS documents as "Step Functions Execution Status Change"."""
    stopped = execution.stop_date
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": execution.account_id,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": execution.region_name,
        "resources": [execution.exec_arn],
        "detail": {
            "executionArn": execution.exec_arn,
            "stateMachineArn": execution.state_machine.arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": int(execution.start_date.timestamp() * 1000),
            "stopDate": int(stopped.timestamp() * 1000) if stopped else None,
            "input": json.dumps(execution.input_data),
            "output": json.dumps(execution.output, default=str) if execution.output is not None else None,
            "error": execution.error,
            "cause": execution.cause,
        },
    }


def in_one_line(execution: Execution) -> str:
    """Return what has just happened to an execution, for a person who watches."""
    happened = "started" if execution.status == "RUNNING" else execution.status.lower().replace("_", " ")
    why = ": ".join(str(part) for part in (execution.error, execution.cause) if part)
    return f"{datetime.now(UTC).astimezone():%H:%M:%S} {execution.name} {happened}" + (f": {why}" if why else "")
