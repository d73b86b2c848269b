"""Cells of the tables that runs leave, read back: numbers that a run can have counted or measured, and no others."""

from __future__ import annotations

MAX = 2**63 - 1
"""More than any counter has counted."""


def count(cell: str) -> int:
    """Read a number of things; raises ValueError if no run can have counted so many."""
    value = int(cell)
    _check(value)
    return value


def measure(cell: str) -> float:
    """Read a mean or a duration; raises ValueError if it is negative, infinite or no number."""
    value = float(cell)
    _check(value)
    return value


def _check(value: float) -> None:
    if not 0 <= value <= MAX:
        raise ValueError(f"{value} is not from 0 to {MAX}")
