"""What a champion is compared with: random input, and McIlroy's adversary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel

from worstsort.genetic import Streams, initial_genomes
from worstsort.gosort import antiquicksort, count_plain

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

_BUDGET = 500_000
"""Comparisons that the random samples may take together: about a second in plain Python."""


class Baselines(BaseModel):
    """Comparisons that the same sort makes on inputs nobody evolved."""

    random_mean: float
    antiquicksort: int


def baselines(config: RunConfig) -> Baselines:
    """Count random inputs, drawn from streams of the run's seed, and the input of Go's own TestAdversary."""
    samples = sample_size(config.size)
    streams = Streams(config.seed, config.islands, 0)  # the first island number that no island of the run has
    inputs = initial_genomes("values", samples, config.size, streams)
    counts = [count_plain(values.tolist(), config.target) for values in inputs]
    adversary = count_plain(antiquicksort(config.size, config.target), config.target)
    return Baselines(random_mean=round(float(np.mean(counts)), 1), antiquicksort=adversary)


def sample_size(size: int) -> int:
    """How many random inputs are counted: 3 to 500, as the budget allows."""
    expected = max(1.0, size * math.log2(size))
    return max(3, min(500, int(_BUDGET / expected)))
