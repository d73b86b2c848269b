"""What AWS would bill of the requests that the embedded cloud sees, counted at the wire."""

from __future__ import annotations

import io
import json
import math
import re
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVICE = re.compile(r"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/")
_TESTS_KEY = "embedded"
"""The access key of the embedded cloud's users, whose requests are not the run's."""

_WRITE_UNIT_BYTES, _READ_UNIT_BYTES = 1024, 4096


@dataclass
class Meter:
    """Requests and units so far.

    Attributes:
        puts: Requests to S3 at the price of a PUT.
        gets: Requests to S3 at the price of a GET.
        saves: PUTs of progress within an epoch.
        stored_bytes: Bytes of all PUTs, saves excluded, as no version is overwritten.
        saved_bytes: Bytes of all saves.
        writes: Write units of DynamoDB.
        reads: Read units of DynamoDB, consistent.
        invocations: Requests to Lambda.
    """

    puts: int = 0
    gets: int = 0
    saves: int = 0
    stored_bytes: int = 0
    saved_bytes: int = 0
    writes: int = 0
    reads: int = 0
    invocations: int = 0

    def copy(self) -> Meter:
        """Return the counts of now."""
        return replace(self)

    def since(self, before: Meter) -> Meter:
        """Return what has been counted since."""
        return Meter(**{field.name: getattr(self, field.name) - getattr(before, field.name) for field in fields(self)})

    def count(self, environ: dict[str, Any], body: bytes, answer: bytes) -> None:
        """Add what a signed request costs."""
        signed = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if not signed or signed[1] == _TESTS_KEY:
            return
        if signed[2] == "s3":
            self._count_s3(environ, body)
        elif signed[2] == "lambda":
            self.invocations += 1
        elif signed[2] == "dynamodb":
            self._count_dynamodb(environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2], json.loads(body), json.loads(answer))

    def _count_s3(self, environ: dict[str, Any], body: bytes) -> None:
        method, key = environ["REQUEST_METHOD"], environ["PATH_INFO"].lstrip("/").partition("/")[2]
        if method == "PUT" or (method == "GET" and not key):  # listing costs what writing does
            self.puts += 1
        elif method in {"GET", "HEAD"}:
            self.gets += 1
        if method == "PUT" and "/partial/" in key:
            self.saves, self.saved_bytes = self.saves + 1, self.saved_bytes + len(body)
        elif method == "PUT":
            self.stored_bytes += len(body)

    def _count_dynamodb(self, action: str, given: dict[str, Any], answer: dict[str, Any]) -> None:
        if action == "PutItem":
            self.writes += _units(given["Item"], _WRITE_UNIT_BYTES)
        elif action == "UpdateItem":
            self.writes += 2  # the record of a run, between one and two units
        elif action == "BatchWriteItem":
            for request in (request for requests in given["RequestItems"].values() for request in requests):
                self.writes += _units(request["PutRequest"]["Item"], _WRITE_UNIT_BYTES)
        elif action == "GetItem":
            self.reads += _units(answer.get("Item", {}), _READ_UNIT_BYTES)
        elif action == "BatchGetItem":
            found = [item for items in answer["Responses"].values() for item in items]
            asked = sum(len(wanted["Keys"]) for wanted in given["RequestItems"].values())
            self.reads += sum(_units(item, _READ_UNIT_BYTES) for item in found)
            # "Requests for nonexistent items consume the minimum read capacity units" (API reference, BatchGetItem)
            self.reads += asked - len(found)
        elif action == "Query":
            self.reads += max(1, math.ceil(sum(map(_bytes, answer["Items"])) / _READ_UNIT_BYTES))


@contextmanager
def metered() -> Iterator[Meter]:
    """Count what reaches the embedded cloud."""
    meter, dispatch = Meter(), DomainDispatcherApplication.__call__

    def listening(app: Any, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        answer = b"".join(dispatch(app, environ, start_response))
        meter.count(environ, body, answer)
        return [answer]

    with patch.object(DomainDispatcherApplication, "__call__", listening):
        yield meter


def _units(item: dict[str, Any], unit_bytes: int) -> int:
    return max(1, math.ceil(_bytes(item) / unit_bytes))


def _bytes(item: dict[str, Any]) -> int:
    return sum(len(name) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: dict[str, Any]) -> int:
    """Return the size of an attribute by DynamoDB's developer guide."""
    ((kind, content),) = value.items()
    if kind == "N":
        return (len(content.replace(".", "").replace("-", "")) + 1) // 2 + 1
    if kind == "L":
        return 3 + sum(1 + _value_bytes(entry) for entry in content)
    if kind == "M":
        return 3 + sum(1 + len(name) + _value_bytes(entry) for name, entry in content.items())
    return len(str(content).encode())
