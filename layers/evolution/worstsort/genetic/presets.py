"""The parameters of the algorithm, each declared once with its bounds, and the presets.

The bounds are annotations: a `Settings` that is made in Python is taken as it is, and the input of a run, which
`worstsort.runs.config` builds from these classes, is refused outside of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from annotated_types import Interval

from worstsort.genetic.catalogue import (
    CROSSOVERS,
    LOCAL_SEARCHES,
    MUTATIONS,
    POLISHES,
    SELECTIONS,
    SURVIVALS,
)
from worstsort.genetic.migration import TOPOLOGIES
from worstsort.genetic.operators.seeding import SEEDINGS
from worstsort.genetic.registry import OneOf
from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """The plain parameters of an algorithm; override any of them with dataclasses.replace.

    Attributes:
        representation: What the genomes are.
        population: Individuals per island, and children per generation.
        selection: Who becomes a parent.
        tournament_size: K of tournaments, in parent and survivor selection.
        crossover: How two parents make a child.
        mutation: How a child, or a step of local search, is changed.
        mutation_ratio: One in how many children is mutated, where the ratio starts.
        mutation_floor: Where the ratio stops falling.
        local_search: What improves each child after it was evaluated.
        survival: Who is in the next generation.
        polish: What improves the fittest list itself.
        stall_generations: Stop after this many generations without improvement; 0 never stops.
        breed_best: Whether the last child is a copy of the population's best.
        topology: Which islands send migrants to which.
        migrants: How many individuals an island takes in at the border of an epoch.
        seeding: Where the first population comes from.
    """

    representation: Annotated[str, OneOf(REPRESENTATIONS)]
    population: Annotated[int, Interval(ge=2, le=100_000)]
    selection: Annotated[str, OneOf(SELECTIONS)] = "tournament"
    tournament_size: Annotated[int, Interval(ge=1, le=100_000)] = 3
    crossover: Annotated[str, OneOf(CROSSOVERS)] = "one_point"
    mutation: Annotated[str, OneOf(MUTATIONS)] = "index"
    mutation_ratio: Annotated[int, Interval(ge=1, le=1_000_000)] = 30
    mutation_floor: Annotated[int, Interval(ge=1, le=1_000_000)] = 1
    local_search: Annotated[str, OneOf(LOCAL_SEARCHES)] = "none"
    survival: Annotated[str, OneOf(SURVIVALS)] = "tournament"
    polish: Annotated[str, OneOf(POLISHES)] = "none"
    stall_generations: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    breed_best: bool = False
    topology: Annotated[str, OneOf(TOPOLOGIES)] = "ring"
    migrants: Annotated[int, Interval(ge=0, le=100_000)] = 2
    seeding: Annotated[str, OneOf(SEEDINGS)] = "random"


@dataclass(frozen=True)
class Tuning:
    """Finer parameters of single operators, with values that serve every preset.

    Attributes:
        tournament_probability: P, that the fittest wins a tournament for parenthood.
        selection_pressure: How many times the average the fittest is picked in selection by rank.
        selection_share: The share of the population that truncation selection lets breed.
        crossover_rate: The share of children that have two parents.
        search_steps: Evaluations that local search spends on each child.
        search_heat: How much fitness annealing may lose; see local_search.annealing.
        restart_generations: With local search, a population that has not improved for this long is given up.
        polish_copies: How many copies of the fittest list are polished in a generation.
        elites: How many parents generational survival keeps.
        age_limit: Generations after which survival by age lets an individual go.
    """

    tournament_probability: Annotated[float, Interval(gt=0, le=1)] = 1.0
    selection_pressure: Annotated[float, Interval(ge=1, le=2)] = 2.0
    selection_share: Annotated[float, Interval(gt=0, le=1)] = 0.5
    crossover_rate: Annotated[float, Interval(ge=0, le=1)] = 1.0
    search_steps: Annotated[int, Interval(ge=1, le=10_000)] = 50
    search_heat: Annotated[float, Interval(ge=0, le=1_000)] = 0.1
    restart_generations: Annotated[int, Interval(ge=1, le=1_000_000)] = 100
    polish_copies: Annotated[int, Interval(ge=1, le=10_000)] = 32
    elites: Annotated[int, Interval(ge=0, le=100_000)] = 1
    age_limit: Annotated[int, Interval(ge=1, le=1_000_000)] = 100


_FROM_CHANCE = Settings(
    representation="decisions",
    population=32,
    selection="tournament",
    tournament_size=2,
    crossover="one_point",
    mutation="structured",
    mutation_ratio=8,
    mutation_floor=8,
    local_search="annealing",
    survival="crowding",
    polish="swaps",
)

_PRESETS = {
    "classic": Settings(
        representation="values",
        population=1000,
        selection="tournament",
        tournament_size=3,
        crossover="one_point",
        mutation="index",
        mutation_ratio=30,
        survival="tournament",
        stall_generations=50,
        breed_best=True,
    ),
    "permutation": Settings(
        representation="permutation",
        population=100,
        selection="tournament",
        tournament_size=3,
        crossover="order",
        mutation="swap",
        mutation_ratio=1,
        survival="plus",
    ),
    "blackbox": _FROM_CHANCE,
    "strong": _FROM_CHANCE,
}

PRESETS: Mapping[str, Settings] = MappingProxyType(_PRESETS)
"""What each preset knows of the sort. classic: nothing, it is cep21/geneticsort. permutation: nothing, it is the
textbook's algorithm for orderings. blackbox: that it compares; the best found by measurement. strong: everything; it
begins with constructions and plans where there are any (`worstsort.runs.fitted_presets`), and by chance elsewhere."""
