"""The share of a generation's CPU time that goes into counting: python -m benchmarks.generation [size] [population]."""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from worstsort.genetic import evolve_island, trusted
from worstsort.runs import composition
from worstsort.runs.config import RunConfig

if TYPE_CHECKING:
    import numpy as np

WARM_UP, GENERATIONS, ROUNDS = 2, 20, 7


def measure(config: RunConfig) -> list[tuple[float, float]]:
    """Evolve one island on one thread; return (all, counting) CPU seconds per generation for each round."""
    counting, count = [0.0], composition.fitness(config, 1)

    @trusted
    def fitness(genomes: Any) -> np.ndarray:
        begun = time.process_time()
        counts = count(genomes)
        counting[0] += time.process_time() - begun
        return counts

    algorithm = composition.algorithm(config)
    state, _ = evolve_island(composition.first_state(config, 0), algorithm, fitness, WARM_UP)
    rounds = []
    for _ in range(ROUNDS):
        counting[0], begun = 0.0, time.process_time()
        state, _ = evolve_island(state, algorithm, fitness, GENERATIONS)
        rounds.append(((time.process_time() - begun) / GENERATIONS, counting[0] / GENERATIONS))
    return rounds


if __name__ == "__main__":
    size, population = (*map(int, sys.argv[1:]), 1000, 1000)[:2]
    measured = measure(
        RunConfig.parse({"preset": "classic", "size": size, "population": population, "stall_generations": 0})
    )
    whole, counted = (statistics.median(seconds) for seconds in zip(*measured, strict=True))
    share = statistics.median(part / total for total, part in measured)
    print(f"{whole * 1e3:.2f} ms of CPU time per generation, {counted * 1e3:.2f} ms of them counting: {share:.1%}")
