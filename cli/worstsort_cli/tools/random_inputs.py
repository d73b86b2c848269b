"""What random inputs cost: the measure of everything else."""

from __future__ import annotations

from functools import cache

from worstsort.genetic import Streams, initial_genomes
from worstsort.gosort import count_population

SAMPLES = 100


@cache
def random_mean(size: int, target: str) -> float:
    """Mean comparisons of `SAMPLES` random inputs, always the same ones."""
    inputs = initial_genomes("values", SAMPLES, size, Streams(0, 0, 0))
    return float(count_population(inputs, target).mean())
