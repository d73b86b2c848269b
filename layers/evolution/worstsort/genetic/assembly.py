"""From plain settings to an algorithm: the registries of all operators by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import termination
from worstsort.genetic.algorithm import Algorithm
from worstsort.genetic.operators import (
    crossover,
    local_search,
    mutation,
    permutation_crossover,
    polish,
    restart,
    selection,
    structured_mutation,
    survival,
)
from worstsort.genetic.presets import Settings, Tuning
from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


SELECTIONS: Mapping[str, Callable[[Settings, Tuning], selection.Selection]] = {
    "tournament": lambda settings, tuning: selection.tournament(
        settings.tournament_size, tuning.tournament_probability
    ),
    "rank": lambda _given, tuning: selection.rank(tuning.selection_pressure),
    "roulette": lambda _given, _tuning: selection.roulette,
    "truncation": lambda _given, tuning: selection.truncation(tuning.selection_share),
}

CROSSOVERS: Mapping[str, crossover.Crossover] = {
    "one_point": crossover.one_point,
    "two_point": crossover.two_point,
    "uniform": crossover.uniform,
    "none": crossover.clone,
    "order": permutation_crossover.order,
    "partially_mapped": permutation_crossover.partially_mapped,
    "cycle": permutation_crossover.cycle,
}

MUTATIONS: Mapping[str, mutation.Mutation] = {
    "index": mutation.index,
    "flips": mutation.flips,
    "swap": mutation.swap,
    "insert": mutation.insert,
    "reverse": mutation.reverse,
    "scramble": mutation.scramble,
    "structured": structured_mutation.structured,
}

LOCAL_SEARCHES: Mapping[str, Callable[[Settings, Tuning], local_search.LocalSearch]] = {
    "none": lambda _given, _tuning: local_search.none,
    "annealing": lambda given, tuning: local_search.annealing(
        MUTATIONS[given.mutation],
        REPRESENTATIONS[given.representation],
        tuning.search_steps,
        tuning.search_heat,
    ),
}

POLISHES: Mapping[str, Callable[[Tuning, polish.Lists], polish.Polish]] = {
    "none": lambda _tuning, _lists: polish.none,
    "swaps": lambda tuning, lists: polish.by_swaps(
        lists,
        tuning.polish_copies,
        local_search.annealing(mutation.swap, REPRESENTATIONS["permutation"], tuning.search_steps, tuning.search_heat),
    ),
}

CROWDING = "crowding"
"""The survival that sets each child against its first parent, so that everybody has to be one."""

SURVIVALS: Mapping[str, Callable[[Settings, Tuning], survival.Survival]] = {
    "tournament": lambda given, _tuning: survival.by_selection(selection.tournament(given.tournament_size)),
    "plus": lambda _given, _tuning: survival.plus,
    "generational": lambda _given, tuning: survival.generational(tuning.elites),
    "age": lambda _given, tuning: survival.by_age(tuning.age_limit),
    CROWDING: lambda _given, _tuning: survival.crowding,
}

FOR_PERMUTATIONS = (
    frozenset({"none", "order", "partially_mapped", "cycle"}),
    frozenset({"swap", "insert", "reverse", "scramble"}),
)
"""The crossovers and the mutations that make permutations of permutations."""

ONLY_FOR_PERMUTATIONS = frozenset({"order", "partially_mapped", "cycle"})
"""The crossovers that take nothing else."""


def build_algorithm(
    settings: Settings, seed: int, tuning: Tuning | None = None, lists: polish.Lists | None = None
) -> Algorithm:
    """Put together the operators that settings name.

    Args:
        settings: A preset, with what the run's input overrides.
        seed: Of the whole run.
        tuning: The finer parameters; None takes their defaults.
        lists: Of the integers that genomes stand for; needed where the settings polish them.

    Raises:
        UnfitOperator: The operators cannot work on the representation.
        ValueError: There is something to polish, and no lists are given.
    """
    check_operators(settings)
    tuning = tuning or Tuning()
    return Algorithm(
        seed=seed,
        representation=REPRESENTATIONS[settings.representation],
        offspring=settings.population,
        selection=SELECTIONS[settings.selection](settings, tuning),
        crossover=crossover.at_rate(CROSSOVERS[settings.crossover], tuning.crossover_rate),
        mutation=MUTATIONS[settings.mutation],
        mutation_ratio=mutation.MutationRatio(settings.mutation_ratio, settings.mutation_floor),
        local_search=LOCAL_SEARCHES[settings.local_search](settings, tuning),
        survival=SURVIVALS[settings.survival](settings, tuning),
        polish=_polish(settings.polish, tuning, lists),
        restart=restart.when_stalled(tuning.restart_generations) if _may_restart(settings) else restart.never,
        termination=termination.stalled(settings.stall_generations)
        if settings.stall_generations
        else termination.never,
        breed_best=settings.breed_best,
        breed_all=settings.survival == CROWDING,
    )


def _polish(name: str, tuning: Tuning, lists: polish.Lists | None) -> polish.Polish:
    if lists is not None:
        return POLISHES[name](tuning, lists)
    if name != "none":
        raise ValueError(f"polish {name!r} needs to know what lists the genomes stand for; expected lists, got None")
    return polish.none


def _may_restart(settings: Settings) -> bool:
    """Say whether a population is ever given up: a fresh one is random, and never gets to where constructions begin."""
    return settings.local_search != "none" and settings.seeding == "random"


class UnfitOperator(ValueError):
    """An operator cannot work on the representation.

    Attributes:
        field: The setting, crossover or mutation.
        given: Its value.
        allowed: The values that fit the representation.
    """

    def __init__(self, field: str, given: str, allowed: frozenset[str], representation: str) -> None:
        self.field, self.given, self.allowed = field, given, tuple(sorted(allowed))
        super().__init__(f"{field} {given!r} does not work on {representation}; expected {', '.join(self.allowed)}")


def check_operators(settings: Settings) -> None:
    """Raise UnfitOperator unless crossover and mutation can work on the representation."""
    kind = REPRESENTATIONS[settings.representation]
    crossovers, mutations = frozenset(CROSSOVERS) - ONLY_FOR_PERMUTATIONS, frozenset(MUTATIONS)
    if kind.is_permutation:
        crossovers, mutations = FOR_PERMUTATIONS
    for field, given, allowed in (
        ("crossover", settings.crossover, crossovers),
        ("mutation", settings.mutation, mutations),
    ):
        if given not in allowed:
            raise UnfitOperator(field, given, allowed, kind.name)
