"""All settings of the algorithm that have a name, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """The plain parameters of an algorithm; override any of them with dataclasses.replace.

    Attributes:
        representation: A name in REPRESENTATIONS.
        population: Individuals on an island, and children in a generation.
        selection: A name in SELECTIONS.
        tournament_size: K of tournaments, in parent and survivor selection.
        crossover: A name in CROSSOVERS.
        mutation: A name in MUTATIONS; what local search does in a step, too.
        mutation_ratio: One in how many children is mutated, where the ratio starts.
        mutation_floor: Where the ratio stops falling.
        local_search: A name in LOCAL_SEARCHES.
        survival: A name in SURVIVALS.
        polish: A name in POLISHES.
        stall_generations: Stop after so many generations without improvement; 0 never stops.
        breed_best: Whether the last child is a copy of the population's best.
        topology: A name in TOPOLOGIES.
        migrants: How many individuals an island takes in at an epoch's border.
        seeding: A name in SEEDINGS.
    """

    representation: str
    population: int
    selection: str = "tournament"
    tournament_size: int = 3
    crossover: str = "one_point"
    mutation: str = "index"
    mutation_ratio: int = 30
    mutation_floor: int = 1
    local_search: str = "none"
    survival: str = "tournament"
    polish: str = "none"
    stall_generations: int = 0
    breed_best: bool = False
    topology: str = "ring"
    migrants: int = 2
    seeding: str = "random"


@dataclass(frozen=True)
class Tuning:
    """Finer parameters of single operators, with values that serve every preset.

    Attributes:
        tournament_probability: P, that the fittest wins a tournament for parenthood.
        selection_pressure: Of selection by rank, 1 to 2.
        selection_share: Of truncation selection, more than 0 to 1.
        crossover_rate: The share of children that have two parents, 0 to 1.
        search_steps: Evaluations that local search spends on each child.
        search_heat: How much fitness annealing puts up with losing; see local_search.annealing.
        restart_generations: With local search, a population that has not improved for so long is given up.
        polish_copies: How many copies of the fittest list are polished in a generation.
        elites: How many parents generational survival keeps.
        age_limit: Generations after which survival by age lets an individual go.
    """

    tournament_probability: float = 1.0
    selection_pressure: float = 2.0
    selection_share: float = 0.5
    crossover_rate: float = 1.0
    search_steps: int = 50
    search_heat: float = 0.1
    restart_generations: int = 100
    polish_copies: int = 32
    elites: int = 1
    age_limit: int = 100


PRESETS: Mapping[str, Settings] = {
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
    "strong": Settings(
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
}
"""classic: cep21/geneticsort. strong: the best found here. permutation: the textbook's algorithm for orderings."""
