"""A genetic algorithm that knows nothing but a fitness function: no sort, no run, no cloud.

`algorithm` evolves one island, `state` is what an island is, `operators` are its parts, `catalogue` names them,
`presets` holds their parameters, `assembly` puts them together, `migration` moves elites between islands, and `streams`
is where all randomness comes from.

settings = PRESETS["classic"]
algorithm = build_algorithm(settings, seed)
genomes = initial_genomes(settings.representation, settings.population, size, Streams(seed, island))
state = fresh_state(island, genomes, settings.mutation_ratio)
state, series = evolve_island(state, algorithm, fitness, generations)
"""

from __future__ import annotations

from worstsort.genetic.algorithm import Algorithm, Series, evaluate, evolve, evolve_island
from worstsort.genetic.assembly import UnfitOperator, build_algorithm, check_operators
from worstsort.genetic.catalogue import (
    CROSSOVERS,
    LOCAL_SEARCHES,
    MUTATIONS,
    POLISHES,
    SELECTIONS,
    SURVIVALS,
    register,
)
from worstsort.genetic.checks import InvalidFitness, InvalidGenomes, trusted
from worstsort.genetic.migration import TOPOLOGIES, Elites, elites, immigrate, migrants, senders
from worstsort.genetic.operators.polish import Lists
from worstsort.genetic.operators.seeding import SEEDINGS, copies
from worstsort.genetic.presets import PRESETS, Settings, Tuning
from worstsort.genetic.registry import NameTaken, OneOf, Registry
from worstsort.genetic.representation import REPRESENTATIONS, initial_genomes
from worstsort.genetic.state import IslandState, fresh_state
from worstsort.genetic.streams import Streams

__all__ = [
    "CROSSOVERS",
    "LOCAL_SEARCHES",
    "MUTATIONS",
    "POLISHES",
    "PRESETS",
    "REPRESENTATIONS",
    "SEEDINGS",
    "SELECTIONS",
    "SURVIVALS",
    "TOPOLOGIES",
    "Algorithm",
    "Elites",
    "InvalidFitness",
    "InvalidGenomes",
    "IslandState",
    "Lists",
    "NameTaken",
    "OneOf",
    "Registry",
    "Series",
    "Settings",
    "Streams",
    "Tuning",
    "UnfitOperator",
    "build_algorithm",
    "check_operators",
    "copies",
    "elites",
    "evaluate",
    "evolve",
    "evolve_island",
    "fresh_state",
    "immigrate",
    "initial_genomes",
    "migrants",
    "register",
    "senders",
    "trusted",
]
