"""How far a run is, in one word."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """States of a run, named as Step Functions names those of an execution."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    ABORTED = "ABORTED"
    TIMED_OUT = "TIMED_OUT"
