"""A long run under random kills, in a process of its own: `python -m tests.fault.soak EPOCHS`.

It prints, as JSON, how the run ended, how many workers were killed, the memory of the embedded cloud's process (MiB,
after a fifth of the epochs and at the end), and which processes and files were left behind.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from tests.fault.harness import SMALL, Attempt, Testbed, open_testbed, pure_digest
from worstsort.runs.config import RunConfig

KILL_EVERY_SECONDS = 1.0


class Reaper:
    """A hook that kills a worker every few seconds."""

    def __init__(self, seed: int) -> None:
        self._dice, self._next, self.killed = random.Random(seed), time.monotonic(), 0

    def __call__(self, attempt: Attempt) -> None:
        """Kill a worker that has started, if it is time."""
        if attempt.number < 8 and time.monotonic() >= self._next:
            self._next = time.monotonic() + self._dice.uniform(0.5, 1.5) * KILL_EVERY_SECONDS
            self.killed += 1
            threading.Timer(self._dice.uniform(0, 0.2), attempt.child.signal, (signal.SIGKILL,)).start()


def configured(epochs: int) -> dict[str, Any]:
    """Return the configuration of a run of 8 small islands."""
    return SMALL | {"size": 20, "population": 20, "islands": 8, "stop": {"max_epochs": epochs}}


def soak(testbed: Testbed, epochs: int) -> dict[str, Any]:
    """Run a number of epochs under kills."""
    reaper, myself = Reaper(1), psutil.Process()
    samples: list[tuple[int, int]] = []
    testbed.on_attempt[:] = [reaper]
    run = testbed.start("soak", configured(epochs))
    while run.describe()["status"] == "RUNNING":
        time.sleep(1)
        samples.append((testbed.store.run("soak").epoch if run.objects("islands/0/0") else 0, myself.memory_info().rss))
    status = run.describe()["status"]
    warm = next(memory for epoch, memory in samples if epoch >= epochs // 5)
    return {
        "status": status,
        "digest": run.digest(),
        "killed": reaper.killed,
        "warm": warm / 2**20,
        "end": samples[-1][1] / 2**20,
    }


def main() -> None:
    """Run the soak, and report what it left behind."""
    epochs, temporary = int(sys.argv[1]), Path(tempfile.gettempdir())
    before = set(temporary.iterdir())
    with open_testbed({"JobLogLevel": "WARNING", "SaveSeconds": "0.05"}) as testbed:
        result = soak(testbed, epochs)
    result["undisturbed"] = pure_digest(RunConfig.parse(configured(epochs)))
    result["left processes"] = [child.pid for child in psutil.Process(os.getpid()).children(recursive=True)]
    result["left files"] = [str(path) for path in set(temporary.iterdir()) - before]
    print(json.dumps(result))


if __name__ == "__main__":
    main()
