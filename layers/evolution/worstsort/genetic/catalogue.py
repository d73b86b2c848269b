"""Every operator that settings can name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from worstsort.genetic.migration import TOPOLOGIES
from worstsort.genetic.operators import (
    crossover,
    local_search,
    mutation,
    permutation_crossover,
    polish,
    selection,
    structured_mutation,
    survival,
)
from worstsort.genetic.registry import Permutations, Registry
from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort.genetic.presets import Settings, Tuning

SelectionMaker: TypeAlias = "Callable[[Settings, Tuning], selection.Selection]"
LocalSearchMaker: TypeAlias = "Callable[[Settings, Tuning], local_search.LocalSearch]"
SurvivalMaker: TypeAlias = "Callable[[Settings, Tuning], survival.Survival]"
PolishMaker: TypeAlias = "Callable[[Tuning, polish.Lists], polish.Polish]"
"""What has parameters is registered as a function from these to the operator."""

SELECTIONS: Registry[SelectionMaker] = Registry(
    "selection",
    {
        "tournament": lambda settings, tuning: selection.tournament(
            settings.tournament_size, tuning.tournament_probability
        ),
        "rank": lambda _settings, tuning: selection.rank(tuning.selection_pressure),
        "roulette": lambda _settings, _tuning: selection.roulette,
        "truncation": lambda _settings, tuning: selection.truncation(tuning.selection_share),
    },
)

CROSSOVERS: Registry[crossover.Crossover] = Registry(
    "crossover",
    {"one_point": crossover.one_point, "two_point": crossover.two_point, "uniform": crossover.uniform},
)
CROSSOVERS.add("none", crossover.clone, "also")
CROSSOVERS.add("order", permutation_crossover.order, "only")
CROSSOVERS.add("partially_mapped", permutation_crossover.partially_mapped, "only")
CROSSOVERS.add("cycle", permutation_crossover.cycle, "only")

MUTATIONS: Registry[mutation.Mutation] = Registry(
    "mutation",
    {
        "index": mutation.index,
        "flips": mutation.flips,
        "structured": structured_mutation.structured,
        "nudge": mutation.nudge,
    },
)
MUTATIONS.add("swap", mutation.swap, "also")
MUTATIONS.add("insert", mutation.insert, "also")
MUTATIONS.add("reverse", mutation.reverse, "also")
MUTATIONS.add("scramble", mutation.scramble, "also")

REFINING = "refining"
"""The local search that leaves it to the fitness, which knows how to refine plans only."""

LOCAL_SEARCHES: Registry[LocalSearchMaker] = Registry(
    "local_search",
    {
        "none": lambda _settings, _tuning: local_search.none,
        "annealing": lambda settings, tuning: local_search.annealing(
            MUTATIONS[settings.mutation],
            REPRESENTATIONS[settings.representation],
            tuning.search_steps,
            tuning.search_heat,
        ),
        REFINING: lambda _settings, tuning: local_search.refining(tuning.search_steps),
    },
)

POLISHES: Registry[PolishMaker] = Registry(
    "polish",
    {
        "none": lambda _tuning, _lists: polish.none,
        "swaps": lambda tuning, lists: polish.by_swaps(
            lists,
            tuning.polish_copies,
            local_search.annealing(
                mutation.swap, REPRESENTATIONS["permutation"], tuning.search_steps, tuning.search_heat
            ),
        ),
    },
)

CROWDING = "crowding"
"""The survival that sets each child against its first parent, so that every individual has to be a first parent."""

SURVIVALS: Registry[SurvivalMaker] = Registry(
    "survival",
    {
        "tournament": lambda settings, _tuning: survival.by_selection(selection.tournament(settings.tournament_size)),
        "plus": lambda _settings, _tuning: survival.plus,
        "generational": lambda _settings, tuning: survival.generational(tuning.elites),
        "age": lambda _settings, tuning: survival.by_age(tuning.age_limit),
        CROWDING: lambda _settings, _tuning: survival.crowding,
    },
)

KINDS: Mapping[str, Registry[Any]] = MappingProxyType(
    {
        registry.kind: registry
        for registry in (SELECTIONS, CROSSOVERS, MUTATIONS, LOCAL_SEARCHES, SURVIVALS, POLISHES, TOPOLOGIES)
    }
)
"""The registries by the field of `Settings` that names one of their operators."""


def register(kind: str, name: str, operator: Any, *, permutations: Permutations = "never") -> None:
    """Make an operator known, so that settings and the input of a run may name it.

    Args:
        kind: A field of `Settings`: crossover, mutation or topology with the operator itself; selection, survival or
            local_search with a function (settings, tuning) to it; polish with a function (tuning, lists) to it.
        name: What settings call it; must not be taken.
        operator: Called with the arguments that the built-in ones of its kind are called with.
        permutations: Of crossovers and mutations: whether they never, also or only work on permutations.

    Raises:
        InvalidOperator: It is no function, its name is no printable text, or `permutations` is none of the three.
        NameTaken: An operator of this kind has that name.
        ValueError: There is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind: given {kind!r}, allowed: one of {', '.join(KINDS)}")
    KINDS[kind].add(name, operator, permutations)
