"""What a worker measures of itself while it lives, so that no way of ending it leaves an island running for ever."""

from __future__ import annotations

import threading
import time

from worstsort.runtime.metrics import publish

INTERVAL_SECONDS = 60.0
"""CloudWatch keeps one sum per minute: with one beat in each, the sum is the number of islands that are running."""


class Heartbeat:
    """Beats from `start` to `end`, each of which any thread may call; a worker that is killed just stops beating."""

    def __init__(self, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self._interval, self._ended, self._turn = interval_seconds, threading.Event(), threading.Lock()
        self._counted = time.monotonic()

    def start(self) -> None:
        """Publish the first beat, and go on in a thread."""
        publish({"IslandsRunning": 1})
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def end(self) -> None:
        """Publish that the worker has ended, and the seconds since the last beat; once, however often it is called."""
        with self._turn:
            if not self._ended.is_set():
                self._ended.set()
                publish({"IslandsEnded": 1, "JobSeconds": self._seconds()})

    def _beat(self) -> None:
        while not self._ended.wait(self._interval):
            with self._turn:
                if not self._ended.is_set():
                    publish({"IslandsRunning": 1, "JobSeconds": self._seconds()})

    def _seconds(self) -> float:
        """Return the seconds that have not been published yet."""
        before, self._counted = self._counted, time.monotonic()
        return self._counted - before
