"""Clients of AWS services, with bounded retries and time-outs."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

_CONFIG = Config(
    # Jittered exponential back-off, at most 51 s in all: a function that gives up can still say so before its time-out.
    retries={"mode": "standard", "total_max_attempts": 7},
    connect_timeout=5,
    read_timeout=30,
)


def client(service: str) -> Any:
    """A client of `service`, configured by the usual AWS_* environment variables."""
    return boto3.client(service, config=_CONFIG)
