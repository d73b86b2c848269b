"""How long something may take on a machine that others use, too."""

from __future__ import annotations

import os


def patience(seconds: float) -> float:
    """Return how long what may take so many seconds on an idle machine may take now.

    It is longer by as many times as there are processes for each core that this one may use. What a user has to wait
    for is bounded in seconds; how many of them others use up is no fault of what is tested.
    """
    return seconds * max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))
