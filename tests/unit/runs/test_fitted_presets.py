"""The preset `strong`, fitted to targets, and runs that start from a construction."""

from __future__ import annotations

import pytest

from worstsort.genetic import evolve_island
from worstsort.gosort import constructed, count_plain
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.constructions.registry import CONSTRUCTIONS
from worstsort.runs.composition import algorithm, best_list, first_state, fitness, phenotype
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort.runs.fitted_presets import MAX_CONSTRUCTED_SIZE, MAX_OPTIMAL_SIZE


@pytest.mark.long
@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("size", [MAX_OPTIMAL_SIZE + 1, 60, 1_001])
def test_a_run_begins_where_the_construction_ends(target: str, size: int) -> None:
    """The first population costs what the constructed input costs, and a generation makes no champion worse."""
    config = RunConfig.parse({"target": target, "size": size, "population": 4, "migrants": 1})
    state, series = evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 1)
    assert config.seeding == "constructed"
    assert series.best[0] == count_plain(constructed(size, target), target) <= state.best_fitness
    assert count_plain(phenotype(config, state.best_genome), target) == state.best_fitness


@pytest.mark.long
@pytest.mark.parametrize("target", PROVEN_MAXIMA)
@pytest.mark.parametrize("size", [8, 9, 10, 11, 12])
def test_the_proven_maximum_of_a_small_input_is_found_whatever_the_seed(target: str, size: int) -> None:
    """Ten seeds of ten, within five generations of one island."""
    if size >= len(PROVEN_MAXIMA[target]):
        size = len(PROVEN_MAXIMA[target]) - 1
    found = []
    for seed in range(10):
        config = RunConfig.parse({"target": target, "size": size, "seed": seed})
        state, _ = evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 5)
        assert count_plain(best_list(config, state), target) == state.record
        found.append(state.record)
    assert found == [PROVEN_MAXIMA[target][size]] * 10


@pytest.mark.parametrize(
    "given",
    [
        {"target": "go1.12"},
        {"target": "go1.12", "size": 20},
        {"target": "go1.24", "size": MAX_OPTIMAL_SIZE},
        {"target": "go1.24", "size": MAX_CONSTRUCTED_SIZE + 1},
        {"target": "go1.24", "representation": "decisions"},
        {"target": "heapsort", "mutation": "structured"},
        {"target": "go1.24", "crossover": "two_point"},
        {"target": "go1.24", "preset": "classic"},
        {"target": "go1.24", "preset": "permutation"},
    ],
)
def test_everything_else_begins_by_chance(given: dict[str, object]) -> None:
    """Where nothing is fitted, the preset is what it says."""
    assert RunConfig.parse(given).seeding == "random"


@pytest.mark.parametrize("given", [{"target": "go1.12"}, {"target": "go1.24", "representation": "decisions"}])
def test_what_cannot_be_constructed_is_refused(given: dict[str, object]) -> None:
    """A construction that is not known, or that the chromosomes cannot hold, is refused by name."""
    with pytest.raises(InputRefused, match="seeding"):
        RunConfig.parse(given | {"seeding": "constructed"})


@pytest.mark.long
@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("representation", ["values", "permutation", "answers"])
def test_every_other_chromosome_holds_a_construction(target: str, representation: str) -> None:
    """Values, permutations and answers can all be seeded."""
    mutation = {"mutation": "swap", "crossover": "none"} if representation == "permutation" else {}
    config = RunConfig.parse(
        {"target": target, "size": 40, "representation": representation, "seeding": "constructed", **mutation}
    )
    counts = fitness(config, 1)(first_state(config, 0).genomes)
    assert set(counts.tolist()) == {count_plain(constructed(40, target), target)}
