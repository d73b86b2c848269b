"""Evaluations per second, side by side with real Go: python -m benchmarks.counting [--quick].

Everything runs in one go on the same arrays, contenders in turn, population after population, and then all over again,
so that a noisy minute spoils one round and not one line. Medians of CPU time count. Writes docs/performance.md between
its two marks.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import counting_report
from benchmarks.counting_report import Row
from tests.oracle.go import Counter, build
from worstsort.gosort import (
    TARGETS,
    antiquicksort,
    count_plain,
    count_population,
    freeze,
    play_population,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
SIZES = (50, 100, 500, 1000, 5000)
KINDS = ("random", "adversaries", "antiquicksort")
ROUNDS, SECONDS = 5, 0.1
"""Rounds over all contenders and populations, and how long each is measured per round."""

PAIRS, MANY = 10, 2_000_000
"""Calls of one thread and of two per round, and the items that each counts."""

CLOCKED = ("1 thread, wall", "2 threads")
ROWS = {50: 1000, 100: 1000, 500: 200, 1000: 100, 5000: 10}


def population(target: str, size: int, kind: str) -> np.ndarray:
    """Make the arrays: random ones, adversaries (one McIlroy choice in 20 changed), or one killer many times."""
    rng, rows = np.random.default_rng(size), ROWS[size]
    if kind == "random":
        return rng.permuted(np.tile(np.arange(size, dtype=np.int64), (rows, 1)), axis=1)
    if kind == "antiquicksort":
        return np.array([antiquicksort(size, target)] * rows, dtype=np.int64)
    choices = np.where(rng.random((rows, size - 1)) < 0.05, 3, 0).astype(np.uint8)
    return np.array([freeze(row, size, target) for row in choices], dtype=np.int64)


def as_in_a_run(arrays: np.ndarray) -> np.ndarray:
    """Take the arrays to the 32 bits that the lists in a run have; 64 cost up to 5 % more, to see that they fit."""
    return arrays.astype(np.int32)


def seconds_each(work: Callable[[], object], clock: Callable[[], float], budget: float = SECONDS) -> float:
    """Call `work` until the budget is spent; return the seconds a call took."""
    begun, calls = clock(), 0
    while True:
        work()
        calls += 1
        spent = clock() - begun
        if spent >= budget:
            return spent / calls


def contenders(target: str, arrays: np.ndarray, counters: list[Counter]) -> dict[str, Callable[[], float]]:
    """Name everyone who counts these arrays, as functions that return the CPU seconds for all of them."""
    few, ours = arrays[:2], as_in_a_run(arrays)
    everyone: dict[str, Callable[[], float]] = {
        "1 thread": lambda: seconds_each(lambda: count_population(ours, target, 1), time.process_time),
        "plain Python": lambda: (
            seconds_each(lambda: [count_plain(row, target) for row in few], time.process_time) / len(few) * len(arrays)
        ),
    }
    for counter in [counters[0], *(c for c in counters if c.name.startswith("gccgo") and target != "heapsort")]:
        everyone[counter.name] = partial(go_seconds, counter, arrays, target)
    return everyone


def by_the_clock(target: str, arrays: np.ndarray) -> dict[str, float]:
    """Return the seconds for all arrays of one thread and of two, call by call in turn, each at its best.

    Two threads are only worth measuring on processors that nobody else keeps busy: elsewhere nothing is returned.
    """
    processors = os.cpu_count() or 1
    if processors < 2 or os.getloadavg()[0] > processors + 0.5:
        return {}
    many = np.tile(as_in_a_run(arrays), (-(-MANY // arrays.size), 1))  # threads are for whole populations
    taken: dict[str, list[float]] = {name: [] for name in CLOCKED}
    for _ in range(PAIRS):
        for threads, name in enumerate(CLOCKED, 1):
            begun = time.perf_counter()
            count_population(many, target, threads)
            taken[name].append(time.perf_counter() - begun)
    return {name: min(seconds) * len(arrays) / len(many) for name, seconds in taken.items()}


def go_seconds(counter: Counter, arrays: np.ndarray, target: str) -> float:
    """Let Go sort the arrays often enough; return the CPU seconds for all of them once."""
    once = max(counter.count(arrays, target, 1)[1], 1e-5)
    repetitions = max(1, int(SECONDS / once))
    return counter.count(arrays, target, repetitions)[1] / repetitions


class Measurement:
    """Everyone's times on one population, round by round."""

    def __init__(self, target: str, size: int, kind: str, counters: list[Counter]) -> None:
        """Make the arrays, and have everything compiled."""
        self.target, self.size, self.kind = target, size, kind
        self.arrays = population(target, size, kind)
        self.everyone = contenders(target, self.arrays, counters)
        self.comparisons = float(count_population(as_in_a_run(self.arrays), target, 1).mean())
        self.taken: dict[str, list[float]] = {}

    def go_round(self) -> None:
        """Measure everyone once."""
        seconds = {name: each() for name, each in self.everyone.items()} | by_the_clock(self.target, self.arrays)
        for name, once in seconds.items():
            self.taken.setdefault(name, []).append(once)

    def row(self) -> Row:
        """Sum up: the median of CPU seconds, and the best by the clock, which others' work can only lengthen."""
        typical = {name: (min if name in CLOCKED else statistics.median)(each) for name, each in self.taken.items()}
        speeds = {name: len(self.arrays) / each for name, each in typical.items()}
        return Row(self.target, self.size, self.kind, self.comparisons, speeds)


def measure_plays(target: str, rounds: int) -> float:
    """Return the plays per CPU second against random decisions at n = 1000."""
    choices = np.random.default_rng(0).integers(0, 4, (50, 999), dtype=np.uint8)
    play_population(choices, 1000, target, 1)
    taken = [seconds_each(lambda: play_population(choices, 1000, target, 1), time.process_time) for _ in range(rounds)]
    return len(choices) / statistics.median(taken)


def main() -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, sizes up to 1000")
    options = parser.parse_args()
    rounds, sizes = (1, SIZES[:-1]) if options.quick else (ROUNDS, SIZES)
    with tempfile.TemporaryDirectory() as folder:
        counters = build(Path(folder))
        everything = [
            Measurement(target, size, kind, counters) for target in TARGETS for kind in KINDS for size in sizes
        ]
        for number in range(rounds):
            for measurement in everything:
                measurement.go_round()
                print(number + 1, counting_report.line(measurement.row(), counters[0].name), flush=True)
        rows = [measurement.row() for measurement in everything]
    plays = {target: measure_plays(target, rounds) for target in TARGETS}
    counting_report.write(ROOT / "docs" / "performance.md", rows, plays, [counter.name for counter in counters])


if __name__ == "__main__":
    main()
