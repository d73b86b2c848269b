"""Signs of life of an island under way, as lines of its log that people can watch from anywhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from worstsort.runs.signs_of_life import MIN_SECONDS, interval_after
from worstsort.runtime.observability import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.runs.progress import Progress

MESSAGE = "progress"
"""What the lines say; what they are about is in their fields."""


class Pulse:
    """Logs how far an island is within an epoch, after whole generations; one of less than a second logs nothing."""

    def __init__(self, generations: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin an epoch of so many generations by the clock."""
        self._generations, self._clock = generations, clock
        self._began = clock()
        self._due = self._began + MIN_SECONDS

    def note(self, progress: Progress) -> None:
        """Take note of a complete generation, and log it if it is time."""
        now = self._clock()
        if now < self._due:
            return
        self._due = now + interval_after(now - self._began)
        state = progress.state
        said = {
            "generation": state.generation,
            "done": self._generations - (progress.until - state.generation),
            "generations": self._generations,
            "best": state.record,
        }
        logger().info(MESSAGE, extra=said)
