"""How the cost of a local run grows: python -m benchmarks.scaling [islands|size|population|epochs] [VALUE ...].

Each run is `worstsort run` in a process of its own. Its CPU seconds are those of the command and of all that it starts:
cloud, functions and workers. All but one of its dimensions are small, so that a curve shows what that one costs.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SMALL = {"islands": 2, "size": 20, "population": 20, "epochs": 2}
CURVES = {
    "islands": (1, 10, 100, 300),
    "size": (20, 200, 1000, 4000),
    "population": (20, 200, 2000, 20_000),
    "epochs": (2, 10, 40),
}
"""What is varied, and how."""

OPTIONS = {"islands": "--islands", "size": "--size", "population": "--population", "epochs": "--max-epochs"}
COMMAND = (
    *(str(Path(sys.executable).with_name("worstsort")), "run", "--preset", "classic", "--target", "go1.24"),
    *("--generations-per-epoch", "5", "--seed", "1"),
)


def cost(**changes: int) -> tuple[float, float]:
    """Return CPU seconds and seconds of a run whose dimensions differ from the small one's by these."""
    dimensions = SMALL | changes
    options = [part for name, value in dimensions.items() for part in (OPTIONS[name], str(value))]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([*COMMAND, *options, "--out", out], check=True, capture_output=True)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - begun
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds


if __name__ == "__main__":
    cost()  # compiles what is not compiled yet
    name, *values = sys.argv[1:] or ("",)
    for dimension in [name] if name else CURVES:
        for value in map(int, values) if values else CURVES[dimension]:
            cpu, seconds = cost(**{dimension: value})
            print(f"| {dimension} | {value:,} | {cpu:.1f} | {seconds:.1f} |", flush=True)
    print(f"load average: {os.getloadavg()[0]:.1f}")
