"""Instructions, mispredicted branches and cache misses per comparison, by callgrind: python -m benchmarks.instructions.

Python and Numba start with nothing counted, which takes a minute for each counter; then the loop alone is watched, on
random input. Caches are this machine's, as valgrind finds them; machine code is for AVX2, as valgrind knows no AVX-512.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, cast

ROWS, SIZE, CALLS = 20, 1000, 5
CODE = """
import sys, numpy as np
from worstsort.gosort import count_population
rows = np.random.default_rng(0).permuted(np.tile(np.arange({size}), ({rows}, 1)), axis=1)
call = lambda: int(count_population(rows, "{target}", 1).sum())
"""
PLAN_CODE = """
import sys, numpy as np
from worstsort.gosort import count_population
from worstsort.gosort.constructions.plans import inputs_of
from worstsort.runs.composition import first_state
from worstsort.runs.config import RunConfig
config = RunConfig.parse({{"representation": "plan", "target": "{target}", "size": {size}, "population": {rows},
                           "crossover": "none", "mutation": "swap", "tournament_size": 2, "migrants": 1}})
genomes = first_state(config, 0).genomes.copy()
play = lambda: np.array(inputs_of(genomes, {size}, "{target}", ties=True, threads=1))
total = int(count_population(play(), "{target}", 1).sum())
call = lambda: play() is None or total
"""
WATCHED = """
total = call()
print(total, flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        call()
    print(flush=True)
"""
"""Compiles and loads, says how many comparisons a call makes, and calls as often as it is told to."""

EVENTS = {
    "instructions": ("Ir",),
    "mispredicted branches": ("Bcm", "Bim"),
    "misses of the first data cache": ("D1mr", "D1mw"),
    "misses of the last cache": ("DLmr", "DLmw"),
}
"""What is counted, and what callgrind calls it."""

PLAN = "plans for "
"""Before the name of a target: the player of its plans."""


def start(counter: str, cache: str, under: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """Start a process that counts when it is told to, under a tool that watches it; `cache` keeps its machine code."""
    variables = {
        "NUMBA_CPU_NAME": "haswell",
        "NUMBA_CPU_FEATURES": "+avx2,+bmi,+bmi2,+popcnt,+lzcnt",
        "NUMBA_CACHE_DIR": cache,
    }
    target = counter.removeprefix(PLAN)
    code = (PLAN_CODE if counter != target else CODE).format(size=SIZE, rows=ROWS, target=target) + WATCHED
    command = [*under, sys.executable, "-c", code]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=os.environ | variables, stdin=pipe, stdout=pipe, text=True)


def answer(process: subprocess.Popen[str], calls: int = 0) -> str:
    """Tell a process to make calls, if any, and return its next line."""
    told, said = cast("tuple[IO[str], IO[str]]", (process.stdin, process.stdout))
    if calls:
        print(calls, file=told, flush=True)
    line = said.readline()
    if not line:
        raise RuntimeError(f"ended with exit code {process.wait()}")
    return line


def control(process: subprocess.Popen[str], *option: str) -> None:
    """Have callgrind watch a process or not, or forget what it has counted."""
    command = ("callgrind_control", *option, str(process.pid))
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(counter: str) -> list[float]:
    """Return what each comparison takes of everything in EVENTS, on random input, with AVX2 code."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise RuntimeError("no valgrind found: install it")
    with tempfile.TemporaryDirectory() as folder:
        with start(counter, folder) as compiling:  # under valgrind that would take half an hour
            answer(compiling)
            compiling.kill()
        dump = Path(folder) / "dump"
        options = ("--instr-atstart=no", "--cache-sim=yes", "--branch-sim=yes", f"--callgrind-out-file={dump}", "-q")
        with start(counter, folder, (valgrind, "--tool=callgrind", *options)) as watched:
            comparisons = int(answer(watched))
            control(watched, "--instr=on")
            answer(watched, calls=1)  # fills the caches, and teaches the predictor
            control(watched, "--zero")
            answer(watched, CALLS)
            control(watched, "--instr=off")
            cast("IO[str]", watched.stdin).close()
        content = Path(dump).read_text(encoding="utf-8")
    names = re.findall(r"^events: (.*)", content, re.MULTILINE)[0].split()
    totals = map(int, re.findall(r"^(?:totals|summary): (.*)", content, re.MULTILINE)[-1].split())
    counted = dict(zip(names, totals, strict=False))
    return [sum(counted.get(name, 0) for name in event) / (CALLS * comparisons) for event in EVENTS.values()]


if __name__ == "__main__":
    for name in sys.argv[1:] or ("go1.12", "go1.19", "go1.24", "stable", "heapsort", PLAN + "go1.24"):
        measured = zip(measure(name), EVENTS, strict=True)
        print(f"{name}: " + ", ".join(f"{figure:.4g} {what}" for figure, what in measured), flush=True)
