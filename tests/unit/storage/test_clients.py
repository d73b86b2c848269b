"""Clients are bounded: a service that does not answer is given up on, and a function can still say so."""

from __future__ import annotations

import pytest

from worstsort.storage.clients import (
    CONNECT_TIMEOUT_SECONDS,
    MAX_CLIENT_ATTEMPTS,
    READ_TIMEOUT_SECONDS,
    client,
    longest_call_seconds,
)


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give clients the region that every deployment gives them."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.mark.parametrize("service", ["s3", "dynamodb", "batch", "stepfunctions"])
@pytest.mark.parametrize(("given", "attempts"), [({}, MAX_CLIENT_ATTEMPTS), ({"max_attempts": 2}, 2)])
def test_a_client_has_the_bounds_that_are_published(service: str, given: dict[str, int], attempts: int) -> None:
    """What botocore keeps of the configuration, not what was handed to it."""
    config = client(service, **given).meta.config
    assert config.retries["mode"] == "standard"
    assert config.retries["total_max_attempts"] == attempts
    assert (config.connect_timeout, config.read_timeout) == (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 25), (2, 2 * 25 + 1), (3, 3 * 25 + 1 + 2), (7, 7 * 25 + 1 + 2 + 4 + 8 + 16 + 20)]
)
def test_the_longest_call_is_all_attempts_and_all_waits(attempts: int, seconds: float) -> None:
    """Each attempt connects and reads in vain, and the waits between them double up to botocore's longest."""
    assert longest_call_seconds(attempts) == seconds
