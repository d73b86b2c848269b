"""What the genetic algorithm breeds costs real Go what the algorithm was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from worstsort.genetic import evolve_island
from worstsort.gosort import TARGETS
from worstsort.runs import composition
from worstsort.runs.config import RunConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.go import Counter
    from worstsort.genetic import IslandState

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(900)]
GENERATIONS = 3


def evolve(config: RunConfig) -> IslandState:
    """Evolve one island for some generations."""
    parts = composition.algorithm(config), composition.fitness(config)
    return evolve_island(composition.first_state(config, 0), *parts, GENERATIONS)[0]


@pytest.mark.parametrize("size", [2, 13, 50, 200, 1000])
@pytest.mark.parametrize("preset", ["classic", "permutation", "blackbox", "strong"])
@pytest.mark.parametrize("target", TARGETS)
def test_fitnesses_are_counts_of_real_go(
    target: str, preset: str, size: int, counters_for: Callable[[str], list[Counter]]
) -> None:
    """Every individual after some generations, frozen where it stands for decisions, costs real Go its fitness."""
    config = RunConfig.parse({"target": target, "preset": preset, "size": size, "seed": size})
    state = evolve(config)
    arrays = [np.array(composition.phenotype(config, genome), np.int64) for genome in state.genomes]
    for counter in counters_for(target):
        assert np.array_equal(counter.count(arrays, target)[0], state.fitnesses), counter.name
