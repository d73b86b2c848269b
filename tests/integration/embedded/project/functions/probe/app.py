"""Does what the event says."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import boto3

COLD_STARTS: list[int] = []


class ProbeFailed(Exception):
    """Raised when the event asks for it."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say who ran, after doing what was asked for."""
    from probe_layer import NAME  # noqa: PLC0415 - from the layer, which only a deployed function has

    COLD_STARTS.append(1)
    match event.get("do"):
        case "raise":
            raise ProbeFailed("as asked")
        case "sleep":
            time.sleep(event.get("seconds", 60))
        case "exit":
            sys.exit(3)
        case "print":
            for number in range(event["lines"]):
                print("line", number)
        case "unserialisable":
            return {"set": {1, 2}}
    return {
        "pid": os.getpid(),
        "invocation": len(COLD_STARTS),
        "layer": NAME,
        "greeting": os.environ["GREETING"],
        "left": context.get_remaining_time_in_millis(),
        "event": event,
    }


def listen(event: dict[str, Any], _context: Any) -> None:
    """Record the event in the table."""
    item = {"id": event["detail"]["executionArn"], "status": event["detail"]["status"], "source": event["source"]}
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=item)
