"""Compiles everything that a worker may need when its image is built: `python -m worstsort.worker.warm_up`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import PRESETS, REPRESENTATIONS, evolve_island
from worstsort.gosort import TARGETS
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig

if TYPE_CHECKING:
    from collections.abc import Iterable


def warm_up(targets: Iterable[str] = TARGETS) -> None:
    """Evolve a generation with every preset and evaluate every representation, so that Numba fills its cache."""
    for target in targets:
        for preset in PRESETS:
            config = _small(preset=preset, target=target)
            evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 1)
        for representation in REPRESENTATIONS:
            config = _small(representation=representation, target=target, crossover="none", mutation="swap")
            fitness(config, 1)(first_state(config, 0).genomes.copy())  # writeable, as children are


def _small(**chosen: str) -> RunConfig:
    return RunConfig.parse({"size": 32, "population": 32, "tournament_size": 2, "migrants": 1} | chosen)


if __name__ == "__main__":
    warm_up()
