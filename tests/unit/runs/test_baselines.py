"""What a champion is compared with."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.genetic import Streams, initial_genomes
from worstsort.gosort import count_plain, count_population
from worstsort.runs.baselines import baselines, random_sample, sample_size
from worstsort.runs.config import RunConfig


def test_a_sample_says_its_size_and_spread() -> None:
    """Mean and standard deviation are those of the inputs that the streams give."""
    inputs = initial_genomes("values", 500, 30, Streams(7, 2, 0))
    counts = [count_plain(values.tolist(), "go1.12") for values in inputs]
    sample = random_sample(30, "go1.12", seed=7, islands=2)
    assert sample.inputs == 500
    assert sample.mean == round(float(np.mean(counts)), 1)
    assert sample.deviation == round(float(np.std(counts)), 1)


def test_the_baseline_of_a_run_is_the_sample_of_its_seed_and_islands() -> None:
    """Whoever compares with the same seed and islands compares with the same inputs, however they are counted."""
    config = RunConfig.parse({"target": "go1.12", "size": 30, "seed": 7, "islands": 2})
    sample = random_sample(30, "go1.12", seed=7, islands=2, count=count_population)
    assert baselines(config).random_mean == sample.mean
    assert random_sample(30, "go1.12", seed=8, islands=2).mean != sample.mean


def test_fewer_inputs_are_the_first_ones_of_more() -> None:
    """A quick sample is a part of the thorough one."""
    seen: list[np.ndarray] = []

    def keep(inputs: np.ndarray, _target: str) -> list[int]:
        seen.append(inputs)
        return [1] * len(inputs)

    few, many = (random_sample(30, "go1.12", max_inputs=most, count=keep) for most in (5, 500))
    assert (few.inputs, many.inputs) == (5, 500)
    assert np.array_equal(seen[0], seen[1][:5])


@pytest.mark.parametrize(("size", "inputs"), [(0, 500), (2, 500), (100, 500), (1_000, 50), (100_000, 3)])
def test_a_sample_is_smaller_where_counting_takes_longer(size: int, inputs: int) -> None:
    """At most 500 inputs, at least 3."""
    assert sample_size(size) == inputs
