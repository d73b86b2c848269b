"""AWS clients that do only what their documents promise, and remember what they were asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Unkind:
    """A client that answers in small pages, out of order, and leaves part of each batch to be asked for again.

    Attributes:
        client: The client that it asks.
        requests: Every call so far: the operation and its arguments.
    """

    client: Any
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """Return the arguments of all calls of an operation."""
        return [arguments for name, arguments in self.requests if name == operation]

    def __getattr__(self, operation: str) -> Any:
        unkind = getattr(type(self), f"_{operation}", None)

        def call(**arguments: Any) -> Any:
            self.requests.append((operation, arguments))
            return unkind(self, **arguments) if unkind else getattr(self.client, operation)(**arguments)

        return call

    def _batch_get_item(self, **arguments: Any) -> Any:
        """Return a third of the items, in reverse, and every other key as unprocessed."""
        ((table, request),) = arguments["RequestItems"].items()
        now = request["Keys"][: max(1, len(request["Keys"]) // 3)]
        answer = self.client.batch_get_item(RequestItems={table: request | {"Keys": now}})
        answer["Responses"][table].reverse()
        rest = request["Keys"][len(now) :]
        return answer | {"UnprocessedKeys": {table: request | {"Keys": rest}} if rest else {}}

    def _batch_write_item(self, **arguments: Any) -> Any:
        """Write a third of the items."""
        ((table, requests),) = arguments["RequestItems"].items()
        now = requests[: max(1, len(requests) // 3)]
        answer = self.client.batch_write_item(RequestItems={table: now})
        rest = requests[len(now) :]
        return answer | {"UnprocessedItems": {table: rest} if rest else {}}

    def _query(self, **arguments: Any) -> Any:
        return self.client.query(**arguments, Limit=2)

    def _scan(self, **arguments: Any) -> Any:
        return self.client.scan(**arguments, Limit=2)

    def _list_objects_v2(self, **arguments: Any) -> Any:
        return self.client.list_objects_v2(**arguments, MaxKeys=1)
