"""How many individuals `classic` evaluates per CPU second on one thread: python -m benchmarks.classic [TARGET PROGRAM].

PROGRAM is what to compare with, built elsewhere, and run in turn with `classic`. It takes a size and a number of
generations, evolves 1,000 individuals on one thread for 3 generations and then for as many as that, and prints how
many individuals it evaluated per CPU second in the latter. docs/performance.md says how geneticsort was made one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from worstsort.genetic import evolve_island, trusted
from worstsort.runs import composition
from worstsort.runs.config import RunConfig

if TYPE_CHECKING:
    import numpy as np

POPULATION, WARM_UP, ROUNDS = 1000, 3, 5
GENERATIONS = {100: 200, 500: 100, 1000: 60}
"""How many generations are measured, by size."""


def classic(target: str, size: int, generations: int, *, every: bool) -> tuple[float, float]:
    """Return the individuals evaluated per CPU second, and the share that was counted.

    Args:
        target: The sort.
        size: Integers in a list.
        generations: How many are measured.
        every: Whether copies of parents are counted, too, as if nothing were known of the fitness.
    """
    config = RunConfig.parse(
        {"preset": "classic", "target": target, "size": size, "population": POPULATION, "stall_generations": 0}
    )
    counted, count = [0], composition.fitness(config, 1)

    def fitness(genomes: Any) -> np.ndarray:
        counted[0] += len(genomes)
        return count(genomes)

    algorithm, known = composition.algorithm(config, 1), fitness if every else trusted(fitness)
    state, _ = evolve_island(composition.first_state(config, 0), algorithm, known, WARM_UP)
    counted[0], begun = 0, time.process_time()
    evolve_island(state, algorithm, known, generations)
    seconds = time.process_time() - begun
    return generations * POPULATION / seconds, counted[0] / (generations * POPULATION)


def other(program: str, size: int, generations: int) -> float:
    """Return the individuals that the program evaluates per CPU second."""
    done = subprocess.run(
        [program, str(size), str(generations)],
        env=os.environ | {"GOMAXPROCS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[0])


def compare(target: str, program: str, size: int, generations: int) -> str:
    """Return a line of medians of several rounds, in which all take turns."""
    rounds = []
    for _ in range(ROUNDS):
        mine, share = classic(target, size, generations, every=False)
        plain, _ = classic(target, size, generations, every=True)
        rounds.append((mine, share, plain, other(program, size, generations) if program else float("nan")))
    mine, share, plain, theirs = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    ratio, of_plain = (statistics.median(row[at] / row[3] for row in rounds) for at in (0, 2))
    figures = f"{mine:,.0f} | {share:.0%} | {plain:,.0f} | {theirs:,.0f} | {ratio:.1f} | {of_plain:.1f}"
    return f"| {target} | {size:,} | {figures} |"


if __name__ == "__main__":
    target, program = sys.argv[1:] or ("go1.24", "")
    print("| target | size | classic, individuals per CPU s | counted | all counted | program | ratio | all counted |")
    for size, generations in GENERATIONS.items():
        print(compare(target, program, size, generations), flush=True)
