"""Step Functions' status changes as EventBridge events, delivered to the functions that the template's rules name."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import lambda_backends
from moto.events.models import events_backends

if TYPE_CHECKING:
    from moto.stepfunctions.parser.backend.execution import Execution

LOG = logging.getLogger(__name__)


def announce(execution: Execution) -> None:
    """Send what changed to every function whose rule matches it; each is invoked in a thread of its own."""
    event: Any = status_change(execution)
    backend = events_backends[execution.account_id][execution.region_name]
    for rule in list(backend.describe_event_bus("default").rules.values()):
        if rule.state == "ENABLED" and rule.event_pattern.matches_event(event):
            for target in (each for each in rule.targets if ":lambda:" in each["Arn"]):
                threading.Thread(target=_deliver, args=(target["Arn"], event), name="event", daemon=True).start()


def status_change(execution: Execution) -> dict[str, Any]:
    """The event that AWS documents as "Step Functions Execution Status Change"."""
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


def _deliver(arn: str, event: dict[str, Any]) -> None:
    account, region = arn.split(":")[4], arn.split(":")[3]
    function: Any = lambda_backends[account][region].get_function_by_arn(arn)
    payload, failed, _ = function._invoke_lambda(event)  # noqa: SLF001 - the seam of functions.py
    if failed:
        LOG.error("%s failed on an event: %s", arn, payload)
