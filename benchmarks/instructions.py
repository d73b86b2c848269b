"""Instructions, mispredicted branches and cache misses per comparison, by cachegrind.

Each figure is the difference of a long and a short run, on random input; the caches are this machine's, as it says.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROWS, REPETITIONS, SIZE = 50, 20, 1000
CODE = """
import sys, numpy as np
from worstsort.gosort import count_population
rows = np.random.default_rng(0).permuted(np.tile(np.arange({size}), ({rows}, 1)), axis=1)
total = 0
for _ in range(1 + int(sys.argv[1])):
    total = int(count_population(rows, "{target}", 1).sum())
print(total)
"""


COUNTED = {
    "instructions": r"I +refs",
    "mispredicted branches": "Mispredicts",
    "misses of the first data cache": r"D1 +misses",
    "misses of the last cache": r"LL +misses",
}
"""What is counted, and what cachegrind calls it."""


def run(target: str, repetitions: int, cache: str, under: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Count on random input in a process of its own, under a tool that watches it; code for AVX2 is kept in `cache`."""
    variables = {
        "NUMBA_CPU_NAME": "haswell",
        "NUMBA_CPU_FEATURES": "+avx2,+bmi,+bmi2,+popcnt,+lzcnt",
        "NUMBA_CACHE_DIR": cache,
    }
    code = CODE.format(size=SIZE, rows=ROWS, target=target)
    command = [*under, sys.executable, "-c", code, str(repetitions)]
    return subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=True)


def counted(target: str, repetitions: int, cache: str) -> tuple[int, list[int]]:
    """Return comparisons of one repetition, and everything in COUNTED of a whole process."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise RuntimeError("no valgrind found: install it")
    watched = ("--tool=cachegrind", "--cache-sim=yes", "--branch-sim=yes", "--cachegrind-out-file=/dev/null")
    done = run(target, repetitions, cache, (valgrind, *watched))
    figures = [
        int("".join(re.findall(rf"{name}\s*:\s*([\d,]+)", done.stderr)).replace(",", "")) for name in COUNTED.values()
    ]
    return int(done.stdout), figures


def measure(target: str) -> list[float]:
    """Return what each comparison takes of everything in COUNTED, on random input, with AVX2 code."""
    with tempfile.TemporaryDirectory() as cache:
        run(target, 0, cache)  # compiles: under valgrind that would take half an hour
        comparisons, short = counted(target, 0, cache)
        _, long = counted(target, REPETITIONS, cache)
    return [(more - less) / (REPETITIONS * comparisons) for more, less in zip(long, short, strict=True)]


if __name__ == "__main__":
    for name in sys.argv[1:] or ("go1.12", "go1.24", "stable", "heapsort"):
        measured = zip(measure(name), COUNTED, strict=True)
        print(f"{name}: " + ", ".join(f"{figure:.4g} {what}" for figure, what in measured), flush=True)
