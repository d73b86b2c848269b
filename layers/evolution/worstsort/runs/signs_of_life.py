"""How often an island says how far it is within an epoch."""

from __future__ import annotations

import math

MIN_SECONDS, MAX_SECONDS = 1.0, 10.0
"""Between two lines: as often as a person looks when an epoch begins, seldom enough to cost nothing later."""

_SHARE_OF_EPOCH = 0.05
"""How much longer an epoch has lasted when the next line is due."""


def interval_after(seconds: float) -> float:
    """Return the seconds to the next line, of an epoch that has lasted so many."""
    return min(max(seconds * _SHARE_OF_EPOCH, MIN_SECONDS), MAX_SECONDS)


def lines_within(seconds: float) -> int:
    """Return about how many lines an island logs in an epoch of so many seconds, if its generations are short."""
    steady, slowest = MIN_SECONDS / _SHARE_OF_EPOCH, MAX_SECONDS / _SHARE_OF_EPOCH
    lines = min(seconds, steady) / MIN_SECONDS
    if seconds > steady:
        lines += math.log(min(seconds, slowest) / steady) / math.log1p(_SHARE_OF_EPOCH)
    return int(lines + max(0.0, seconds - slowest) / MAX_SECONDS)
