"""Evolves one island for one epoch: what each child of the Batch array job runs.

Configured by environment variables alone (see `worstsort.worker.evolve_epoch.Job`), so that it can also be run by hand.
It handles SIGTERM, which Batch sends 30 seconds before it kills, from its first moment; the imports that the work needs
take a second and therefore come later.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worstsort.worker.saver import Saver

DONE, FAILED, INTERRUPTED = 0, 1, 75

GRACE_SECONDS = 4.0
"""How long the generation under way may still take after a SIGTERM; then the one before it is saved."""


class Interruption:
    """Handles SIGTERM whatever the main thread is doing."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.saver: Saver | None = None
        self._noticed, noticing = socket.socketpair()
        noticing.setblocking(False)
        self._noticing = noticing
        # Python runs a signal's handler only between two bytecodes, which may be long in coming while compiled code
        # runs; the byte that it writes for each signal comes at once.
        signal.set_wakeup_fd(noticing.fileno())
        signal.signal(signal.SIGTERM, lambda *_: None)
        threading.Thread(target=self._watch, name="interruption", daemon=True).start()

    def _watch(self) -> None:
        while signal.SIGTERM not in self._noticed.recv(64):
            pass
        self.asked.set()
        time.sleep(GRACE_SECONDS)
        try:
            if self.saver is not None:
                from worstsort.runtime.observability import logger  # noqa: PLC0415 - takes a second; the watch for SIGTERM comes first

                logger().warning("interrupted: %s", self.saver.save())
        finally:
            os._exit(INTERRUPTED)


def main() -> int:
    """Evolve the island that the environment names; return the exit code."""
    interruption = Interruption()
    from worstsort.runtime.observability import logger  # noqa: PLC0415 - takes a second; the watch for SIGTERM comes first

    try:
        return work(interruption)
    except Exception as error:  # noqa: BLE001 - logged by its name, and the end of the job
        logger().exception("%s: %s", type(error).__name__, error)
        return FAILED


def work(interruption: Interruption) -> int:
    """Evolve the island; return the exit code unless something is wrong."""
    from worstsort.runtime.environment import run_store  # noqa: PLC0415 - takes a second; the watch for SIGTERM comes first
    from worstsort.runtime.metrics import publish  # noqa: PLC0415
    from worstsort.runtime.observability import logger  # noqa: PLC0415
    from worstsort.worker.evolve_epoch import Job, evolve_epoch  # noqa: PLC0415
    from worstsort.worker.saver import Interrupted, Saver  # noqa: PLC0415

    job = Job.load()
    logger().append_keys(run_id=job.run_id, island=job.island, epoch=job.epoch)
    publish({"IslandsStarted": 1})
    started = time.monotonic()
    interruption.saver = Saver(run_store(), job.save_seconds, interruption.asked)
    try:
        evolve_epoch(run_store(), job, interruption.saver)
    except Interrupted as interrupted:
        logger().warning("interrupted: %s", interrupted)
        return INTERRUPTED
    finally:
        publish({"IslandsEnded": 1, "JobSeconds": time.monotonic() - started})
    return DONE


if __name__ == "__main__":
    sys.exit(main())
