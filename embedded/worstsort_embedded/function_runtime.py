"""A Lambda execution environment: imports a handler once and serves one invocation after another.

The zygote runs it as a script. Standard input is a Unix socket to the owner. The runtime writes the line `{}` once the
handler is imported; from then on it reads one JSON line per invocation and writes one JSON line per answer. What the
handler prints goes to standard output, which becomes the function's log.
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
    """Import `module.function`.

    Returns:
        The function, or, where it cannot be imported, one that fails every invocation with the reason, as in Lambda.
    """
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


def make_context(invocation: dict[str, Any]) -> SimpleNamespace:
    """Return an invocation's context object, with the attributes and the method that AWS documents."""
    deadline = time.monotonic() + invocation["timeout_seconds"]
    context = SimpleNamespace(**invocation["context"], identity=None, client_context=None)
    context.get_remaining_time_in_millis = lambda: max(0, int((deadline - time.monotonic()) * 1000))
    return context


def answer(handler: Callable[[Any, Any], Any], invocation: dict[str, Any]) -> dict[str, Any]:
    """Call the handler.

    Returns:
        Whether it failed, and as JSON text its result or its exception, named after the exception's class.
    """
    kind = None
    try:
        result = handler(invocation["event"], make_context(invocation))
        kind = "Runtime.MarshalError"
        return {"failed": False, "payload": json.dumps(result)}
    except Exception as error:  # noqa: BLE001 - the caller judges whatever a handler raises
        traceback.print_exc()
        described = {
            "errorMessage": str(error),
            "errorType": kind or type(error).__name__,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        return {"failed": True, "payload": json.dumps(described)}


def main() -> None:
    """Serve invocations until the owner closes the socket."""
    sys.path.pop(0)  # this script's own folder, which is no part of the function
    lines = socket.socket(fileno=os.dup(0)).makefile("rw", encoding="utf-8")
    handler = load(os.environ["_HANDLER"])
    print("{}", file=lines, flush=True)
    for line in lines:
        answered = answer(handler, json.loads(line))
        sys.stdout.flush()
        print(json.dumps(answered), file=lines, flush=True)


if __name__ == "__main__":
    main()
