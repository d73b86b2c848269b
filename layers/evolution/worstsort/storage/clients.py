"""Clients of AWS services, with bounded retries and time-outs."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

ATTEMPTS = 7
"""Of a call; a client that is throttled waits 51 s at most in all, with jitter: a function that gives up can say so."""


def client(service: str, attempts: int = ATTEMPTS) -> Any:
    """A client of `service`, configured by the usual AWS_* environment variables."""
    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    return boto3.client(service, config=Config(retries=retries, connect_timeout=5, read_timeout=30))
