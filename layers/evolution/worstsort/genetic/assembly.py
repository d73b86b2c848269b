"""From plain settings to an algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import termination
from worstsort.genetic.algorithm import Algorithm
from worstsort.genetic.catalogue import (
    CROSSOVERS,
    CROWDING,
    KINDS,
    LOCAL_SEARCHES,
    MUTATIONS,
    POLISHES,
    REFINING,
    SELECTIONS,
    SURVIVALS,
)
from worstsort.genetic.operators import crossover, mutation, polish, restart
from worstsort.genetic.presets import Settings, Tuning
from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from collections.abc import Collection


class UnfitOperator(ValueError):
    """An operator is not known, or cannot work on the representation.

    Attributes:
        field: The setting.
        given: Its value.
        allowed: The values that fit the representation.
    """

    def __init__(self, field: str, given: str, allowed: Collection[str], representation: str) -> None:
        self.field, self.given, self.allowed = field, given, tuple(sorted(allowed))
        super().__init__(f"{field} {given!r} does not work on {representation}; expected {', '.join(self.allowed)}")


def build_algorithm(
    settings: Settings, seed: int, tuning: Tuning | None = None, lists: polish.Lists | None = None
) -> Algorithm:
    """Put together the operators that settings name.

    Args:
        settings: A preset, with what the run's input overrides.
        seed: The run's.
        tuning: The parameters of single operators; None takes their defaults.
        lists: The lists of integers that genomes stand for; needed if the settings polish them.

    Raises:
        UnfitOperator: An operator is unknown, or cannot work on the representation.
        ValueError: The settings polish lists, but none are given.
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


def check_operators(settings: Settings) -> None:
    """Raise UnfitOperator unless every operator is known and can work on the representation."""
    if settings.representation not in REPRESENTATIONS:
        allowed = ", ".join(REPRESENTATIONS)
        raise ValueError(f"representation: given {settings.representation!r}, allowed: one of {allowed}")
    permutations = REPRESENTATIONS[settings.representation].is_permutation
    for field, registry in KINDS.items():
        fits: Collection[str] = registry
        if field in {"crossover", "mutation"}:
            fits = registry.fitting(permutations=permutations)
        if field == "local_search" and settings.representation != "plan":
            fits = frozenset(fits) - {REFINING}
        given = getattr(settings, field)
        if given not in fits:
            raise UnfitOperator(field, given, fits, settings.representation)


def _polish(name: str, tuning: Tuning, lists: polish.Lists | None) -> polish.Polish:
    if lists is not None:
        return POLISHES[name](tuning, lists)
    if name != "none":
        raise ValueError(f"polish {name!r} needs to know what lists the genomes stand for; expected lists, got None")
    return polish.none


def _may_restart(settings: Settings) -> bool:
    """Return whether a stalled population is given up.

    A fresh one is random, and never reaches a construction, unless it consists of plans, which are all near one.
    """
    return settings.local_search != "none" and (settings.seeding == "random" or settings.representation == "plan")
