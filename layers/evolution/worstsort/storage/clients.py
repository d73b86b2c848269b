"""Clients of AWS services, with bounded retries and time-outs."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

MAX_CLIENT_ATTEMPTS = 7
"""Attempts at a call; throttled, a client waits at most 51 s in all."""

CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS = 5, 20
"""How long an attempt waits for a connection, and for the next part of an answer."""

_MAX_BACKOFF_SECONDS = 20
"""The longest wait between two attempts of botocore's standard mode, whose first is at most 1 s and doubles."""


def client(service: str, max_attempts: int = MAX_CLIENT_ATTEMPTS) -> Any:
    """Return a client of `service`, configured by the usual AWS_* environment variables."""
    retries: Any = {"mode": "standard", "total_max_attempts": max_attempts}
    config = Config(retries=retries, connect_timeout=CONNECT_TIMEOUT_SECONDS, read_timeout=READ_TIMEOUT_SECONDS)
    return boto3.client(service, config=config)


def longest_call_seconds(max_attempts: int) -> float:
    """Return after how long a call fails if no attempt is answered: what a function has to outlast to report it."""
    waits = sum(min(2.0**failures, _MAX_BACKOFF_SECONDS) for failures in range(max_attempts - 1))
    return max_attempts * (CONNECT_TIMEOUT_SECONDS + READ_TIMEOUT_SECONDS) + waits
