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
        population: Individuals on an island.
        selection: A name in SELECTIONS.
        tournament_size: K of tournaments, in parent and survivor selection.
        crossover: A name in CROSSOVERS.
        mutation: A name in MUTATIONS.
        mutation_ratio: One in how many children is mutated, where the ratio starts.
        mutation_floor: Where the ratio stops falling.
        local_search: A name in LOCAL_SEARCHES.
        survival: A name in SURVIVALS.
        stall_generations: Stop after so many generations without improvement; 0 never stops.
        breed_best: Whether the last child is a copy of the population's best.
        topology: A name in TOPOLOGIES.
        migrants: How many individuals an island takes in at an epoch's border.
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
    stall_generations: int = 0
    breed_best: bool = False
    topology: str = "ring"
    migrants: int = 2


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
}
"""classic: cep21/geneticsort."""
