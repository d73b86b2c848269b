"""From plain settings to an algorithm: the registries of all operators by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import crossover, local_search, mutation, selection, survival, termination
from worstsort.genetic.algorithm import Algorithm
from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort.genetic.presets import Settings

SELECTIONS: Mapping[str, Callable[[Settings], selection.Selection]] = {
    "tournament": lambda settings: selection.tournament(settings.tournament_size),
}

CROSSOVERS: Mapping[str, crossover.Crossover] = {
    "one_point": crossover.one_point,
}

MUTATIONS: Mapping[str, mutation.Mutation] = {
    "index": mutation.index,
}

LOCAL_SEARCHES: Mapping[str, Callable[[Settings], local_search.LocalSearch]] = {
    "none": lambda _settings: local_search.none,
}

SURVIVALS: Mapping[str, Callable[[Settings], survival.Survival]] = {
    "tournament": lambda settings: survival.by_selection(selection.tournament(settings.tournament_size)),
}


def build_algorithm(settings: Settings, seed: int) -> Algorithm:
    """Put together the operators that settings name.

    Args:
        settings: A preset, with what the run's input overrides.
        seed: Of the whole run.
    """
    return Algorithm(
        seed=seed,
        representation=REPRESENTATIONS[settings.representation],
        offspring=settings.population,
        selection=SELECTIONS[settings.selection](settings),
        crossover=CROSSOVERS[settings.crossover],
        mutation=MUTATIONS[settings.mutation],
        mutation_ratio=mutation.MutationRatio(settings.mutation_ratio, settings.mutation_floor),
        local_search=LOCAL_SEARCHES[settings.local_search](settings),
        survival=SURVIVALS[settings.survival](settings),
        termination=termination.stalled(settings.stall_generations)
        if settings.stall_generations
        else termination.never,
        breed_best=settings.breed_best,
    )
