"""A Lambda execution environment: imports a handler once and answers one invocation after another.

Run as a script by the zygote. Standard input is a Unix socket: a line when the handler is imported, then one JSON line
an invocation and one an answer. What the handler prints goes to standard output, which becomes the function's log.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
import time
import traceback
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def load(name: str) -> Callable[[Any, Any], Any]:
    """Import `module.function`; a function that cannot be imported says why at every invocation, as in Lambda."""
    module, _, function = name.rpartition(".")
    try:
        handler: Callable[[Any, Any], Any] = getattr(importlib.import_module(module.replace("/", ".")), function)
    except Exception as error:  # noqa: BLE001 - a module may raise anything when imported
        traceback.print_exc()
        kind = "Runtime.HandlerNotFound" if isinstance(error, AttributeError) else "Runtime.ImportModuleError"
        refusal = type(kind, (Exception,), {})(f"Unable to import module {module!r}: {error!r}")

        def handler(_event: Any, _context: Any) -> Any:
            raise refusal

    return handler


def context(invocation: dict[str, Any]) -> SimpleNamespace:
    """The context object of an invocation, with the attributes and the method that AWS documents."""
    deadline = time.monotonic() + invocation["seconds"]
    found = SimpleNamespace(**invocation["context"], identity=None, client_context=None)
    found.get_remaining_time_in_millis = lambda: max(0, int((deadline - time.monotonic()) * 1000))
    return found


def answer(handler: Callable[[Any, Any], Any], invocation: dict[str, Any]) -> dict[str, Any]:
    """The JSON text of a result, or of an exception, whose class is the name of the error."""
    kind = None
    try:
        result = handler(invocation["event"], context(invocation))
        kind = "Runtime.MarshalError"
        return {"failed": False, "payload": json.dumps(result)}
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is the caller's to judge
        traceback.print_exc()
        described = {
            "errorMessage": str(error),
            "errorType": kind or type(error).__name__,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        return {"failed": True, "payload": json.dumps(described)}


def main() -> None:
    """Serve until the owner closes the socket."""
    sys.path.pop(0)  # this script's folder is no part of a function
    lines = socket.socket(fileno=os.dup(0)).makefile("rw", encoding="utf-8")
    handler = load(os.environ["_HANDLER"])
    print("{}", file=lines, flush=True)
    for line in lines:
        answered = answer(handler, json.loads(line))
        sys.stdout.flush()
        print(json.dumps(answered), file=lines, flush=True)


if __name__ == "__main__":
    main()
