"""Clients of AWS services, with bounded retries and time-outs."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

MAX_CLIENT_ATTEMPTS = 7
"""Attempts at a call; throttled, a client waits at most 51 s in all, so that a function still has time to report it."""


def client(service: str, max_attempts: int = MAX_CLIENT_ATTEMPTS) -> Any:
    """Return a client of `service`, configured by the usual AWS_* environment variables."""
    retries: Any = {"mode": "standard", "total_max_attempts": max_attempts}
    return boto3.client(service, config=Config(retries=retries, connect_timeout=5, read_timeout=30))
