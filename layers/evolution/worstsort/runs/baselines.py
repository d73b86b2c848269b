"""What a champion is compared with: random inputs, and McIlroy's adversary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from worstsort.foreign.growth import fixed_games
from worstsort.genetic import Streams, initial_genomes
from worstsort.gosort import antiquicksort, count_plain, count_population, play_population
from worstsort.gosort.foreign_names import is_foreign
from worstsort.gosort.validation import MAX_INT64

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from worstsort.runs.config import RunConfig

MIN_SAMPLE_INPUTS, MAX_SAMPLE_INPUTS = 3, 500
"""Bounds for the random inputs of a sample."""

_SAMPLE_COMPARISONS = 500_000
"""Comparisons that a sample should take together: about a second in plain Python."""

Counter: TypeAlias = "Callable[[NDArray[Any], str], Sequence[int] | NDArray[np.int64]]"
"""(inputs, target) to the comparisons on each row."""


class Baselines(BaseModel):
    """Comparisons that the champion's target makes on inputs that were not evolved."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    random_mean: float = Field(ge=0)
    antiquicksort: int = Field(ge=0, le=MAX_INT64)


@dataclass(frozen=True)
class RandomSample:
    """Comparisons that a target makes on random inputs of one size.

    Attributes:
        inputs: How many inputs were counted.
        mean: Their mean, to one decimal.
        deviation: Their standard deviation, to one decimal; the mean is good to deviation / sqrt(inputs).
    """

    inputs: int
    mean: float
    deviation: float


def baselines(config: RunConfig) -> Baselines:
    """Count random inputs, drawn from streams of the run's seed, and what the adversary leads to."""
    sample = random_sample(config.size, config.target, config.seed, config.islands)
    return Baselines(random_mean=sample.mean, antiquicksort=adversary_count(config.size, config.target))


def adversary_count(size: int, target: str) -> int:
    """Count the input of Go's own TestAdversary.

    The adversary of a foreign sort plays some fixed games instead, of which the worst is taken: the one game that Go's
    plays leads to a sorted list where a sort looks for runs.
    """
    if is_foreign(target):
        return int(play_population(fixed_games(size), size, target, threads=1).max())
    return count_plain(antiquicksort(size, target), target)


def adversary_name(target: str) -> str:
    """Return what that is called."""
    return "fixed games" if is_foreign(target) else "antiquicksort"


@lru_cache(maxsize=8)
def random_sample(
    size: int,
    target: str,
    seed: int = 0,
    islands: int = 0,
    *,
    max_inputs: int = MAX_SAMPLE_INPUTS,
    count: Counter | None = None,
) -> RandomSample:
    """Count random inputs; equal arguments give equal inputs, and fewer inputs are the first ones of more.

    Args:
        size: Of each input.
        target: Whose comparisons are counted.
        seed: Of the run that the sample is for.
        islands: How many the run has: the sample takes the streams of the first island that the run does not have.
        max_inputs: How many inputs at most; without it as many as plain Python counts in about a second.
        count: Counts them; without it plain Python does.
    """
    inputs = initial_genomes("values", min(max_inputs, sample_size(size)), size, Streams(seed, islands, 0))
    counts = np.asarray((count or _count_rows)(inputs, target))
    return RandomSample(len(counts), round(float(np.mean(counts)), 1), round(float(np.std(counts)), 1))


def random_input(size: int, seed: int = 0, islands: int = 0) -> list[int]:
    """Return the first input of the sample that `random_sample` counts for these arguments."""
    values: list[int] = initial_genomes("values", 1, size, Streams(seed, islands, 0))[0].tolist()
    return values


def sample_size(size: int) -> int:
    """Return how many random inputs of a size are counted: 3 to 500, fewer the longer they take."""
    expected = max(1.0, size * math.log2(size)) if size else 1.0
    return max(MIN_SAMPLE_INPUTS, min(MAX_SAMPLE_INPUTS, int(_SAMPLE_COMPARISONS / expected)))


def _count_rows(inputs: NDArray[Any], target: str) -> Sequence[int] | NDArray[np.int64]:
    if is_foreign(target):
        return count_population(inputs, target, threads=1)
    return [count_plain(values.tolist(), target) for values in inputs]
