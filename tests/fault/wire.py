"""The wire between the embedded cloud's clients and its services, and the faults on it.

It takes the place of the network: below the retries of every client, in front of every service.
"""

from __future__ import annotations

import itertools
import os
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Environ = dict[str, Any]
Answer = Iterable[bytes]
App = Callable[[Environ, Any], Answer]

OBSERVER = "fault-test"
"""Part of the user agent of clients that no fault ever hits."""


@dataclass(frozen=True)
class Request:
    """A request on the wire: an operation such as `DynamoDB.PutItem`, `S3.PUT` or `Batch.submitjob`, and a path."""

    operation: str
    path: str


@dataclass
class Rule:
    """A fault and the requests that it hits: those for which `when` is true, at most `times` of them."""

    when: Callable[[Request], bool]
    fault: Callable[[Environ, Any, App], Answer]
    times: float = float("inf")
    hits: int = 0
    turn: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, request: Request) -> bool:
        """Return whether the fault hits this request, and count the hit."""
        with self.turn:
            if self.hits >= self.times or not self.when(request):
                return False
            self.hits += 1
            return True


class Wire:
    """A WSGI application around the services' own application."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.rules: list[Rule] = []
        self.seen: Counter[Request] = Counter()
        """The requests that passed, and how often."""
        self.written: Counter[str] = Counter()
        """The paths of objects that were written, and how often."""

    def __call__(self, environ: Environ, start_response: Any) -> Answer:
        """Pass a request on, or apply a fault to it."""
        if OBSERVER in environ.get("HTTP_USER_AGENT", ""):
            return self._app(environ, start_response)
        request = describe(environ)
        self.seen[request] += 1
        for rule in list(self.rules):
            if rule.takes(request):
                return rule.fault(environ, start_response, self._app)

        def respond(status: str, *rest: Any) -> Any:
            if request.operation == "S3.PUT" and status.startswith("200"):
                self.written[request.path] += 1
            return start_response(status, *rest)

        return self._app(environ, respond)

    def add(self, when: Callable[[Request], bool], fault: Any, times: float = float("inf")) -> Rule:
        """Put a fault on the wire."""
        rule = Rule(when, fault, times)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove all faults and counts."""
        self.rules.clear()
        self.written.clear()
        self.seen.clear()


def describe(environ: Environ) -> Request:
    """Return the request of a WSGI environment."""
    path = environ.get("PATH_INFO", "")
    if target := environ.get("HTTP_X_AMZ_TARGET", ""):
        service, _, operation = target.partition(".")
        return Request(f"{service.split('_')[0]}.{operation}", path)
    if path.startswith("/v1/"):
        return Request(f"Batch.{path[4:]}", path)
    if path.startswith("/2015-03-31/"):
        return Request(f"Lambda.{environ.get('REQUEST_METHOD', '')}", path)
    return Request(f"S3.{environ.get('REQUEST_METHOD', '')}", path)


def to(service: str, part: str = "") -> Callable[[Request], bool]:
    """Select requests to a service or operation, on paths that contain `part`."""
    return lambda request: request.operation.startswith(service) and part in request.path


def sometimes(share: float, seed: int, when: Callable[[Request], bool]) -> Callable[[Request], bool]:
    """Select a share of the requests, chosen by a seed and the order in which they arrive."""
    dice = random.Random(seed)
    return lambda request: when(request) and dice.random() < share


def every(number: int, when: Callable[[Request], bool]) -> Callable[[Request], bool]:
    """Select the first request and every `number`-th one after it, so that no client is hit again and again."""
    turns = itertools.count()
    return lambda request: when(request) and next(turns) % number == 0


def answer(status: str, body: bytes, content_type: str) -> Any:
    """Answer with an error."""

    def fault(environ: Environ, start_response: Any, _app: App) -> Answer:
        drain(environ)
        headers = {"Content-Type": content_type, "Content-Length": str(len(body)), "x-amzn-RequestId": "fault"}
        start_response(status, list(headers.items()))
        return [body]

    return fault


def throttle(code: str = "ProvisionedThroughputExceededException") -> Any:
    """Answer as DynamoDB or Batch does when it has no capacity for the request."""
    body = f'{{"__type": "com.amazonaws#{code}", "message": "slow down"}}'.encode()
    return answer("429 Too Many" if code == "TooManyRequestsException" else "400 Bad Request", body, "application/json")


def s3_error(status: str, code: str) -> Any:
    """Answer with an error of S3."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
    return answer(status, body, "application/xml")


def lost(environ: Environ, start_response: Any, app: App) -> Answer:
    """Carry the request out, but report to the client that it failed."""
    for _ in app(environ, lambda *_: None):
        pass
    failed: Answer = answer("500 Internal Server Error", b"", "text/plain")({}, start_response, app)
    return failed


def late(until: Callable[[], bool], error: Any) -> Any:
    """Carry the request out, but answer with an error, and only once something is true."""

    def fault(environ: Environ, start_response: Any, app: App) -> Answer:
        for _ in app(environ, lambda *_: None):
            pass
        end = time.monotonic() + 60
        while not until() and time.monotonic() < end:
            time.sleep(0.05)
        failed: Answer = error({}, start_response, app)
        return failed

    return fault


def slow(seconds: float) -> Any:
    """Delay the answer."""

    def fault(environ: Environ, start_response: Any, app: App) -> Answer:
        time.sleep(seconds)
        return app(environ, start_response)

    return fault


def hold(reached: threading.Event, go_on: threading.Event) -> Any:
    """Hold the request until it may continue."""

    def fault(environ: Environ, start_response: Any, app: App) -> Answer:
        reached.set()
        go_on.wait(60)
        return app(environ, start_response)

    return fault


def truncate(share: float) -> Any:
    """End the connection when only a share of the body has arrived."""

    def fault(environ: Environ, start_response: Any, app: App) -> Answer:
        body = b"".join(app(environ, start_response))
        return [body[: int(len(body) * share)]]

    return fault


def flip(*places: float) -> Any:
    """Change bytes of the body at these places, from 0 for the first to just under 1 for the last."""

    def fault(environ: Environ, start_response: Any, app: App) -> Answer:
        body = bytearray(b"".join(app(environ, start_response)))
        for at in places if body else ():
            body[int(len(body) * at)] ^= 0xFF
        return [bytes(body)]

    return fault


def reset(environ: Environ, _start_response: Any, _app: App) -> Answer:
    """Reset the connection before any answer."""
    drain(environ)
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    raise ConnectionResetError


def drain(environ: Environ) -> None:
    """Read the request's body, which the client could not finish sending otherwise."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length:
        environ["wsgi.input"].read(length)
