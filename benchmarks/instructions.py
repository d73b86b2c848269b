"""Instructions and mispredicted branches per comparison, by cachegrind: the difference of a long and a short run."""

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


def run(target: str, repetitions: int, cache: str) -> tuple[int, int, int]:
    """Return comparisons of one repetition, instructions and mispredicted branches of a whole process."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise RuntimeError("no valgrind found: install it")
    done = subprocess.run(
        [
            valgrind,
            *("--tool=cachegrind", "--cache-sim=no", "--branch-sim=yes", "--cachegrind-out-file=/dev/null"),
            *(sys.executable, "-c", CODE.format(size=SIZE, rows=ROWS, target=target), str(repetitions)),
        ],
        env=os.environ
        | {
            "NUMBA_CPU_NAME": "haswell",
            "NUMBA_CPU_FEATURES": "+avx2,+bmi,+bmi2,+popcnt,+lzcnt",
            "NUMBA_CACHE_DIR": cache,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    counted = [
        int("".join(re.findall(rf"{name}\s*:\s*([\d,]+)", done.stderr)).replace(",", ""))
        for name in ("I +refs", "Mispredicts")
    ]
    return int(done.stdout), counted[0], counted[1]


def measure(target: str) -> tuple[float, float]:
    """Return instructions and mispredicted branches per comparison, on random input, of AVX2 code."""
    with tempfile.TemporaryDirectory() as cache:
        run(target, 0, cache)  # compiles
        comparisons, instructions, missed = run(target, 0, cache)
        _, more_instructions, more_missed = run(target, REPETITIONS, cache)
    counted = REPETITIONS * comparisons
    return (more_instructions - instructions) / counted, (more_missed - missed) / counted


if __name__ == "__main__":
    for name in sys.argv[1:] or ("go1.12", "go1.24"):
        executed, mispredicted = measure(name)
        print(
            f"{name}: {executed:.1f} instructions, {mispredicted:.3f} mispredicted branches per comparison", flush=True
        )
