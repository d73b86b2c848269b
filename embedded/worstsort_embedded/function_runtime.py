"""A Lambda execution environment: imports a handler once and answers one invocation after another.

Run as a script by the zygote. Standard input is a Unix socket: one JSON line an invocation, one an answer. What the
handler prints goes to standard output, which the owner turns into the function's log.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[Any, "Context"], Any]


@dataclass(frozen=True)
class Context:
    """The context object of one invocation, with the attributes that AWS documents."""

    aws_request_id: str
    invoked_function_arn: str
    function_name: str
    memory_limit_in_mb: str
    deadline: float
    function_version: str = "$LATEST"
    log_group_name: str = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", "")
    log_stream_name: str = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", "")
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's time-out."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def load(name: str) -> Handler:
    """Import `module.function` and return the function."""
    module, _, function = name.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), function)
    return handler


def failure(error: BaseException, kind: str | None = None) -> dict[str, Any]:
    """How Lambda tells its caller about an exception: its class is the error's name."""
    return {
        "errorMessage": str(error),
        "errorType": kind or type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def answer(handler: Handler, invocation: dict[str, Any]) -> tuple[bool, str]:
    """Whether the invocation succeeded, and the JSON text of its result or of its failure."""
    context = Context(deadline=time.monotonic() + invocation["seconds"], **invocation["context"])
    try:
        result = handler(invocation["event"], context)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is the caller's to judge
        traceback.print_exc()
        return False, json.dumps(failure(error))
    try:
        return True, json.dumps(result)
    except (TypeError, ValueError) as error:
        return False, json.dumps(failure(error, "Runtime.MarshalError"))


def refuse(error: Exception) -> Handler:
    """A handler for a function that cannot be imported: every invocation says why."""

    def handler(_event: Any, _context: Context) -> Any:
        kind = "Runtime.ImportModuleError" if isinstance(error, ImportError) else "Runtime.HandlerNotFound"
        raise type(kind, (Exception,), {})(f"Unable to import the handler: {error!r}")

    return handler


def main() -> None:
    """Serve until the owner closes the socket."""
    sys.path.pop(0)  # this script's folder is no part of a function
    lines = socket.socket(fileno=os.dup(0)).makefile("rw", encoding="utf-8")
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - a module may raise anything when imported
        traceback.print_exc()
        handler = refuse(error)
    for line in lines:
        succeeded, payload = answer(handler, json.loads(line))
        sys.stdout.flush()
        lines.write(json.dumps({"succeeded": succeeded, "payload": payload}) + "\n")
        lines.flush()


if __name__ == "__main__":
    main()
