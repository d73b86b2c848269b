"""The presets `strong` and `blackbox`, fitted to targets, and runs that start from a construction."""

from __future__ import annotations

import pytest

from worstsort.genetic import evolve_island
from worstsort.gosort import constructed, count_plain
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.constructions.registry import CONSTRUCTIONS
from worstsort.runs.composition import algorithm, best_list, first_state, fitness, phenotype
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort.runs.fitted_presets import MAX_EVOLVED_PLANS_SIZE, MAX_OPTIMAL_SIZE


@pytest.mark.long
@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("size", [MAX_OPTIMAL_SIZE + 1, 60, 1_001])
def test_a_run_begins_where_the_construction_ends(target: str, size: int) -> None:
    """The first population costs what the constructed input costs, or a variant that only plans hold, and then more."""
    given = {"target": target, "size": size, "population": 4, "tournament_size": 2, "migrants": 1}
    config = RunConfig.parse(given | {"values": "distinct"})
    state, series = evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 1)
    assert config.seeding == "constructed"
    assert series.best[0] >= count_plain(constructed(size, target), target)
    assert config.representation == "plan" or series.best[0] == count_plain(constructed(size, target), target)
    assert series.best[0] <= state.best_fitness
    assert count_plain(phenotype(config, state.best_genome), target) == state.best_fitness


@pytest.mark.parametrize("target", ["go1.19", "go1.24"])
@pytest.mark.parametrize("values", ["any", "distinct"])
def test_plans_pass_the_construction_within_a_few_generations(target: str, values: str) -> None:
    """On both sorts that they lead, and what they are said to cost is what plain Python counts."""
    config = RunConfig.parse({"target": target, "size": 60, "values": values})
    state, _ = evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 3)
    assert config.representation == "plan"
    assert state.record > count_plain(constructed(60, target), target)
    assert count_plain(best_list(config, state), target) == state.record


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
        {"target": "go1.24", "size": MAX_OPTIMAL_SIZE},
        {"target": "go1.24", "size": MAX_EVOLVED_PLANS_SIZE + 1},
        {"target": "go1.12", "representation": "decisions"},
        {"target": "heapsort", "mutation": "structured"},
        {"target": "go1.24", "crossover": "two_point"},
        {"target": "go1.24", "preset": "classic"},
        {"target": "go1.24", "preset": "permutation"},
    ],
)
def test_everything_else_begins_by_chance(given: dict[str, object]) -> None:
    """Where nothing is fitted, the preset is what it says."""
    assert RunConfig.parse(given).seeding == "random"


@pytest.mark.parametrize("target", ["go1.19", "go1.24"])
@pytest.mark.parametrize(
    ("size", "seeding"), [(2, "random"), (12, "random"), (13, "constructed"), (3_000, "constructed")]
)
def test_a_run_begins_by_chance_up_to_twelve_integers(target: str, size: int, seeding: str) -> None:
    """The sizes at which that finds the proven maximum, whatever the seed."""
    assert RunConfig.parse({"target": target, "size": size}).seeding == seeding


@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("size", [2, 12, 13, 50, 51, 1_000, 100_000])
@pytest.mark.parametrize("values", ["any", "distinct"])
def test_blackbox_begins_by_chance_and_knows_no_plans(target: str, size: int, values: str) -> None:
    """At any size it evolves decisions or answers, which stand for what any sort may be told."""
    config = RunConfig.parse({"preset": "blackbox", "target": target, "size": size, "values": values})
    assert config.seeding == "random"
    assert config.representation in {"decisions", "answers"}


@pytest.mark.parametrize(("values", "representation"), [("any", "values"), ("distinct", "permutation")])
def test_a_constructed_list_may_hold_what_the_run_asks_for(values: str, representation: str) -> None:
    """Only a list of values can come to hold equal ones."""
    given = {"target": "go1.12", "values": values}
    assert RunConfig.parse(given).representation == representation
    assert RunConfig.parse(given | {"size": 100_000}).seeding == "constructed"


def test_heapsort_of_any_values_begins_with_equal_ones() -> None:
    """With ties its construction costs one comparison more."""
    config = RunConfig.parse({"target": "heapsort"})
    counts = fitness(config, 1)(first_state(config, 0).genomes)
    assert set(counts.tolist()) == {1_132}


@pytest.mark.parametrize("target", ["go1.12", "go1.24"])
def test_what_cannot_be_constructed_is_refused(target: str) -> None:
    """A construction that the chromosomes cannot hold is refused by name."""
    with pytest.raises(InputRefused, match="seeding"):
        RunConfig.parse({"target": target, "representation": "decisions", "seeding": "constructed"})


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
    kind = "any" if representation == "values" else "distinct"
    assert set(counts.tolist()) == {count_plain(constructed(40, target, kind), target)}
