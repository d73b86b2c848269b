"""The cloud that a console reads: connected when it is there, with one client for each service, whose calls count."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from worstsort.runs.errors import StoreUnavailable
from worstsort_cli.clouds import aws_errors
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort_cli.clouds.deployment import Deployment

_MINUTE_SECONDS = 60.0


class CloudGone(CommandFailed):
    """There is no cloud, or it does not answer: whoever asks again may find another."""


_LOST = (403, 404, 503)
"""What an embedded cloud answers that is not the one which the console was connected to."""


class Cloud:
    """A deployment that may come and go, as the embedded cloud of `worstsort up` does.

    Args:
        connect: Connects to it; raises CommandFailed.
        name: The stack, or None for the embedded cloud.
        poll_seconds: How old what is shown of it may be.
    """

    def __init__(self, connect: Callable[[], Deployment], name: str | None, poll_seconds: float) -> None:
        self._connect, self.name, self.poll_seconds = connect, name, poll_seconds
        self._deployment: Deployment | None = None
        self._lock = threading.Lock()
        self._calls: deque[tuple[float, str]] = deque()
        self._counted: Counter[str] = Counter()

    def deployment(self) -> Deployment:
        """Return the deployment, and connect to it if that has not been done yet.

        Raises:
            CloudGone: It is not there.
        """
        with self._lock:
            if self._deployment is None:
                try:
                    self._deployment = self._with_clients(self._connect())
                except CommandFailed as error:
                    raise CloudGone(str(error)) from error
            return self._deployment

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Turn what AWS does not answer into CloudGone, and connect anew the next time."""
        try:
            yield
        except (BotoCoreError, StoreUnavailable) as error:
            self._lose()
            said = str(error) if isinstance(error, StoreUnavailable) else aws_errors.explain(error)
            raise CloudGone(f"the cloud does not answer: {said}") from error
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in _LOST:
                self._lose()
            raise CloudGone(aws_errors.explain(error)) from error

    def _lose(self) -> None:
        with self._lock:
            self._deployment = None

    def calls_in_last_minute(self) -> int:
        """Return how many AWS calls were made for the console's pages."""
        start = time.monotonic() - _MINUTE_SECONDS
        while self._calls and self._calls[0][0] < start:
            self._calls.popleft()
        return len(self._calls)

    def calls(self) -> dict[str, int]:
        """Return how often each operation was called since the start."""
        return dict(self._counted)

    def _with_clients(self, deployment: Deployment) -> Deployment:
        """Return the deployment with one client for each service: making one takes a tenth of a second."""
        clients: dict[str, Any] = {}
        lock = threading.Lock()

        def client(service: str) -> Any:
            with lock:
                if service not in clients:
                    clients[service] = deployment.client(service)
                    clients[service].meta.events.register("before-call", self._count)
                return clients[service]

        return replace(deployment, client=client)

    def _count(self, model: Any, **_others: Any) -> None:
        self._calls.append((time.monotonic(), model.name))
        self._counted[f"{model.service_model.service_id}:{model.name}"] += 1
