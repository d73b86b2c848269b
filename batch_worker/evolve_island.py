"""Evolve one island for one epoch: the program that each child of the Batch array job runs.

Environment variables alone configure it (see `worstsort.worker.evolve_epoch.Job`), so it can also be run by hand. It
handles SIGTERM, which Batch sends 30 seconds before SIGKILL, from the start; the imports for the work itself take a
second and therefore come later.
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
    from worstsort.worker.heartbeat import Heartbeat
    from worstsort.worker.saver import Saver

DONE, FAILED = 0, 1

INTERRUPTED = 130
"""Exit code for "interrupted, state saved": a program that an interrupt ends has it. AWS Batch accepts five rules about
exits, so one pattern, `13*`, has to cover this one and the 137 of SIGKILL."""

GRACE_SECONDS = 4.0
"""After a SIGTERM, the time for the current generation to end; after that, the previous one is saved."""


class Interruption:
    """A watch for SIGTERM that works whatever the main thread is doing."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.saver: Saver | None = None
        self.heartbeat: Heartbeat | None = None
        self._noticed, noticing = socket.socketpair()
        noticing.setblocking(False)
        self._noticing = noticing
        # Python runs signal handlers only between bytecodes, which compiled code may delay; the byte that it writes for
        # each signal is not delayed.
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
            if self.heartbeat is not None:
                self.heartbeat.end()
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
    from worstsort.runtime.observability import logger  # noqa: PLC0415
    from worstsort.worker.evolve_epoch import Job, evolve_epoch  # noqa: PLC0415
    from worstsort.worker.heartbeat import Heartbeat  # noqa: PLC0415
    from worstsort.worker.saver import Interrupted, Saver  # noqa: PLC0415

    job = Job.load()
    logger().append_keys(run_id=job.run_id, island=job.island, epoch=job.epoch)
    interruption.heartbeat = heartbeat = Heartbeat()
    heartbeat.start()
    interruption.saver = Saver(run_store(), job.save_seconds, interruption.asked)
    try:
        evolve_epoch(run_store(), job, interruption.saver)
    except Interrupted as interrupted:
        logger().warning("interrupted: %s", interrupted)
        return INTERRUPTED
    finally:
        heartbeat.end()
    return DONE


if __name__ == "__main__":
    sys.exit(main())
