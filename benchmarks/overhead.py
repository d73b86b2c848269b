"""What a local run costs beside evolution: its start, each epoch, its end: python -m benchmarks.overhead [rounds].

The run is so small that evolution takes no time. CPU seconds are those of the command and of all that it starts.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

FEW_EPOCHS, MANY_EPOCHS = 2, 42
COMMAND = (
    *(str(Path(sys.executable).with_name("worstsort")), "run", "--preset", "permutation", "--target", "go1.24"),
    *("--size", "20", "--population", "20", "--islands", "1", "--generations-per-epoch", "1", "--seed", "1"),
)


@dataclass(frozen=True)
class Course:
    """How a run went, in seconds.

    Attributes:
        first: From its start until the first epoch was reported.
        last: Until the last one was.
        end: Until the command had ended.
        cpu: CPU time of all its processes.
    """

    first: float
    last: float
    end: float
    cpu: float


def cpu_seconds() -> float:
    """Return the CPU time of all processes that have ended and been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(epochs: int) -> Course:
    """Run the command, with bytecode as a user has it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as out:
        begun, used = time.monotonic(), cpu_seconds()
        command = [*COMMAND, "--max-epochs", str(epochs), "--out", out]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            reported = [time.monotonic() - begun for line in process.stdout or () if line.startswith("epoch ")]
        return Course(reported[0], reported[-1], time.monotonic() - begun, cpu_seconds() - used)


def measure(rounds: int) -> dict[str, float]:
    """Return the medians over some rounds of a short and a long run each."""
    pairs = [(run(FEW_EPOCHS), run(MANY_EPOCHS)) for _ in range(rounds)]
    between = MANY_EPOCHS - 1
    figures = {
        "start to first epoch, s": [long.first for _, long in pairs],
        "last epoch to end, s": [long.end - long.last for _, long in pairs],
        "epoch, s": [(long.last - long.first) / between for _, long in pairs],
        "epoch, CPU s": [(long.cpu - short.cpu) / (MANY_EPOCHS - FEW_EPOCHS) for short, long in pairs],
        "start and end, CPU s": [short.cpu for short, _ in pairs],
    }
    return {name: statistics.median(values) for name, values in figures.items()}


if __name__ == "__main__":
    run(FEW_EPOCHS)  # compiles what is not compiled yet
    for name, seconds in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3).items():
        print(f"{name}: {seconds:.3f}")
    print(f"load average: {os.getloadavg()[0]:.1f}")
