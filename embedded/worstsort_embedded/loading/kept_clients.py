"""Clients of AWS that are made in the process from which others are forked, and used in those.

To make a client takes 10 ms of CPU time, and its first call as much again: botocore reads the model of the service, and
fills caches. A fork that asks for a client like one that has been made gets that one, with credentials of its own.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_CREDENTIALS = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
_SETTING = re.compile(r"(?!AWS_(LAMBDA|BATCH)_|AWS_SAM_LOCAL$)(AWS_.*|BOTO.*|.*_PROXY|HOME)", re.IGNORECASE)
"""The variables that decide how a client is made; Lambda's and Batch's own do not, and are each process's own."""

_PRACTICE: Mapping[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "dynamodb": (
        ("batch_get_item", {"RequestItems": {"practice": {"Keys": [{"key": {"S": "value"}}]}}}),
        ("put_item", {"TableName": "practice", "Item": {"key": {"S": "value"}, "list": {"L": [{"N": "1"}]}}}),
    ),
    "s3": (
        ("get_object", {"Bucket": "practice", "Key": "key"}),
        ("put_object", {"Bucket": "practice", "Key": "key", "Body": b"body", "ContentType": "text/plain"}),
    ),
}
"""Calls that fill the caches of a client's service; none of them leaves the process."""

_REFUSALS = {
    "dynamodb": b'{"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "practice"}',
    "s3": b"<Error><Code>NoSuchKey</Code><Message>practice</Message></Error>",
}


class KeptClients:
    """What stands for `boto3.client` in a process that forks others, and in its forks, once `keeping` was used."""

    def __init__(self) -> None:
        self._make: Callable[..., Any] = boto3.client
        self._kept = dict[tuple[Any, ...], tuple[Any, Any]]()

    def __call__(self, service: str, *positional: Any, **options: Any) -> Any:
        """Return a client, made ahead if there is one that would be made alike; each is given away once."""
        client, credentials = self._kept.pop(_kind(service, positional, options), (None, None))
        if client is None:
            return self._make(service, *positional, **options)
        credentials.access_key, credentials.secret_key, credentials.token = map(os.environ.get, _CREDENTIALS)
        return client

    @contextmanager
    def keeping(self, variables: Mapping[str, str]) -> Iterator[None]:
        """Keep clients like those that are made within this context, for processes with these variables.

        Args:
            variables: All environment variables that decide how a client is made.
        """
        made: list[tuple[str, Any, Any]] = []
        boto3.client = lambda service, *args, **options: made.append((service, args, options))
        environment = dict(os.environ)
        os.environ.update(variables)
        try:
            yield
            for service, positional, options in made:
                session = boto3.session.Session()  # the default one is to ask for credentials where it is used
                client = session.client(service, *positional, **options)
                _practise(service, client)
                self._kept[_kind(service, positional, options)] = client, session.get_credentials()
        finally:
            boto3.client = self
            os.environ.clear()
            os.environ.update(environment)


def _kind(service: str, positional: tuple[Any, ...], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what two clients have in common if one can stand for the other."""
    values = {
        name: value for name, value in os.environ.items() if _SETTING.fullmatch(name) and name not in _CREDENTIALS
    }
    config = vars(options["config"])["_user_provided_options"] if options.get("config") else None
    others = {name: value for name, value in options.items() if name != "config"}
    return service, repr(positional), repr(config), repr(others), frozenset(values.items())


def _practise(service: str, client: Any) -> None:
    """Make calls that are refused before they are sent."""

    def refuse(request: Any, **_: Any) -> Any:
        return AWSResponse(request.url, 404, {}, SimpleNamespace(stream=lambda: iter([_REFUSALS[service]])))

    client.meta.events.register_first("before-send", refuse)
    for operation, request in _PRACTICE.get(service, ()):
        with suppress(ClientError):
            getattr(client, operation)(**request)
    client.meta.events.unregister("before-send", refuse)
