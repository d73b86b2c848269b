"""Clients of the process that has the cloud: what it reads again and again is taken from its own memory.

An epoch of a small run takes some hundredths of a second, of which each request would take three thousandths, most of
them with Python's lock held. So these clients answer what finds something at once, and leave all else to real ones: how
something is missing, or not allowed, is then said by the services themselves.
"""

from __future__ import annotations

import io
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from worstsort_embedded.environment import REGION
from worstsort_embedded.serving.services import WRITING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.s3.models import FakeKey

_PARTITION = "aws"
_METADATA = "x-amz-meta-"
"""What moto leaves before the names of some metadata."""


class OwnersClient:
    """A client whose methods are those of the real one, but for what a subclass knows by itself."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _client(self) -> Any:
        """The real client: to make one takes longer than a whole epoch, and many a run asks for nothing of it."""
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class _Tables(OwnersClient):
    def get_item(self, **request: Any) -> dict[str, Any]:
        """Return an item of a table."""
        item = _item(request["TableName"], request["Key"])
        return {} if item is None else {"Item": item}

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        """Return those of the items that exist, all that were asked for."""
        return {
            "Responses": {
                table: [item for key in wanted["Keys"] if (item := _item(table, key)) is not None]
                for table, wanted in request["RequestItems"].items()
            },
            "UnprocessedKeys": {},
        }


class _Buckets(OwnersClient):
    def get_object(self, **request: Any) -> dict[str, Any]:
        """Return an object of a bucket."""
        with WRITING:
            stored = _object(request)
            if stored is not None:
                return _version(stored) | {"Body": io.BytesIO(stored.value)}
        answer: dict[str, Any] = self._client.get_object(**request)
        return answer

    def head_object(self, **request: Any) -> dict[str, Any]:
        """Return what is known of an object of a bucket."""
        with WRITING:
            stored = _object(request)
            if stored is not None:
                return _version(stored)
        answer: dict[str, Any] = self._client.head_object(**request)
        return answer


class _Executions(OwnersClient):
    def describe_execution(self, **request: Any) -> Mapping[str, Any]:
        """Return how an execution is or has ended."""
        backend: Any = stepfunctions_parser_backends[DEFAULT_ACCOUNT_ID][REGION]
        described = backend.describe_execution(request["executionArn"]).to_describe_output()
        return {**described, "status": str(described["status"].value)}

    def get_execution_history(self, **request: Any) -> Mapping[str, Any]:
        """Return the latest events of an execution, newest first, as `reverseOrder` and `maxResults` ask for."""
        backend: Any = stepfunctions_parser_backends[DEFAULT_ACCOUNT_ID][REGION]
        worker = backend.describe_execution(request["executionArn"]).exec_worker
        env = worker.env if worker else None
        events = env.event_manager._history_event_list if env else []  # noqa: SLF001 - a copy takes longer
        return {"events": events[: -request["maxResults"] - 1 : -1]}


class _Logs(OwnersClient):
    def filter_log_events(self, **request: Any) -> dict[str, Any]:
        """Return the events of a group from a time on, of all its streams."""
        group: Any = logs_backends[DEFAULT_ACCOUNT_ID][REGION].groups.get(request["logGroupName"])
        phrase, events = request["filterPattern"].strip('"'), []
        for name, stream in list(group.streams.items()) if group else ():
            recent = takewhile(lambda event: event.timestamp >= request["startTime"], reversed(list(stream.events)))
            events += [
                {"eventId": str(event.event_id), "logStreamName": name, "timestamp": event.timestamp,
                 "message": event.message}
                for event in recent if phrase in event.message
            ]  # fmt: skip
        return {"events": sorted(events, key=lambda event: (event["timestamp"], int(event["eventId"])))}


def owners_client(service: str, make: Callable[[], Any]) -> Any:
    """Return what reads from this process's memory where it can, and otherwise makes the real client and asks it."""
    return _KINDS.get(service, OwnersClient)(make)


def _item(table: str, key: dict[str, Any]) -> dict[str, Any] | None:
    with WRITING:
        found = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_item(table, key)
        return None if found is None else found.to_json()["Attributes"]


def _object(request: Mapping[str, Any]) -> FakeKey | None:
    return s3_backends[DEFAULT_ACCOUNT_ID][_PARTITION].get_object(request["Bucket"], request["Key"])


def _version(stored: FakeKey) -> dict[str, Any]:
    metadata = {name.removeprefix(_METADATA): value for name, value in stored.metadata.items()}
    return {"ETag": stored.etag, "Metadata": metadata}


_KINDS: Mapping[str, type[OwnersClient]] = {
    "dynamodb": _Tables,
    "s3": _Buckets,
    "stepfunctions": _Executions,
    "logs": _Logs,
}
