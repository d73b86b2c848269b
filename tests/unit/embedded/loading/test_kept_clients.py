"""Clients that are made in one process and used in its forks."""

from __future__ import annotations

import os
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from worstsort_embedded.loading.kept_clients import KeptClients

VARIABLES = {
    "AWS_ACCESS_KEY_ID": "owner",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://localhost:9",
}


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave boto3 and the variables as they were."""
    monkeypatch.setattr(boto3, "client", boto3.client)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


def keep(service: str = "dynamodb", **options: Any) -> None:
    with KeptClients().keeping(VARIABLES):
        boto3.client(service, **options)


def asked_for(client: Any) -> dict[str, Any]:
    """Return the address and the headers of the request that a client would send."""
    sent: dict[str, Any] = {}

    def stop(request: Any, **_: Any) -> None:
        sent.update(url=request.url, **{name: str(value) for name, value in request.headers.items()})
        raise InterruptedError

    client.meta.events.register_first("before-send", stop)
    with pytest.raises(InterruptedError):
        client.list_tables() if client.meta.service_model.service_name == "dynamodb" else client.list_buckets()
    client.meta.events.unregister("before-send", stop)
    return sent


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_a_kept_client_is_given_away_once(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    """Whoever asks next has one of its own, so that no two share what they register with it."""
    made: list[str] = []
    make: Any = boto3.client

    def note(service: str, **options: Any) -> Any:
        made.append(service)
        return make(service, **options)

    monkeypatch.setattr(boto3, "client", note)
    keep(service, config=Config(read_timeout=20))
    first = boto3.client(service, config=Config(read_timeout=20))
    assert made == []
    second = boto3.client(service, config=Config(read_timeout=20))
    assert made == [service]
    assert first is not second


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_a_kept_client_signs_with_the_credentials_of_who_asks(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    """And asks the same address as one that was not kept."""
    plain = asked_for(boto3.client(service))
    keep(service)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "role")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    kept = asked_for(boto3.client(service))
    assert "Credential=owner/" in plain["Authorization"]
    assert "Credential=role/" in kept["Authorization"]
    assert "token" in kept["X-Amz-Security-Token"]
    assert kept["url"] == plain["url"]


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ({"AWS_ENDPOINT_URL": "http://localhost:10"}, {}),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, {}),
        ({}, {"config": Config(read_timeout=5)}),
        ({}, {"region_name": "eu-west-1"}),
    ],
)
def test_who_asks_for_something_else_gets_that(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], options: dict[str, Any]
) -> None:
    """Other variables, or other options, make another client."""
    keep()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("dynamodb", **options)
    assert client.meta.endpoint_url == variables.get("AWS_ENDPOINT_URL", VARIABLES["AWS_ENDPOINT_URL"])
    assert client.meta.region_name == (
        variables.get("AWS_DEFAULT_REGION") or options.get("region_name") or VARIABLES["AWS_DEFAULT_REGION"]
    )
    assert client.meta.config.read_timeout == (5 if "config" in options else 60)


@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_practice_leaves_nothing_behind(service: str) -> None:
    """The client's own calls are sent: here to a port where nobody listens, so that they fail by themselves."""
    keep(service, config=Config(retries={"total_max_attempts": 1}, connect_timeout=1))
    client = boto3.client(service, config=Config(retries={"total_max_attempts": 1}, connect_timeout=1))
    with pytest.raises(Exception, match="localhost:9") as raised:
        client.list_tables() if service == "dynamodb" else client.list_buckets()
    assert not isinstance(raised.value, ClientError)


def test_the_variables_are_those_from_before() -> None:
    """Even if what asks for clients fails."""
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), KeptClients().keeping(VARIABLES | {"AWS_PROFILE": "other"}):
        raise ZeroDivisionError
    assert dict(os.environ) == before
