"""What the preset `strong` changes for single targets: the best found by measurement (docs/search.md)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from worstsort.gosort import UnknownTarget, find_target
from worstsort.gosort.constructions.registry import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_TARGET, DEFAULT_SIZE = "go1.12", 100
"""The target and the size of a run that names none."""

Changes: TypeAlias = "Mapping[str, str | int]"

ANSWERS: Changes = {"representation": "answers"}
"""Evolve the outcomes of comparisons: changing one moves whole parts of the sort. 150 are played per second at 1,000
items."""

CONSTRUCTED_ANSWERS: Changes = {**ANSWERS, "seeding": "constructed"}
"""Evolve them from the answers that lead to a constructed input."""

CONSTRUCTED_LIST: Changes = {
    "representation": "permutation",
    "seeding": "constructed",
    "crossover": "none",
    "mutation": "swap",
    "mutation_ratio": 1,
    "mutation_floor": 1,
    "polish": "none",
}
"""Change the constructed list itself: the changes are small, but it is counted 200 times faster at 1,000 items."""

UNCHANGED: Changes = {}

MAX_OPTIMAL_SIZE = 12
"""The largest size at which the preset finds the proven maximum as it is."""

MAX_ANSWERS_SIZE = 1_000
"""The largest size at which answers are played quickly enough to improve on a construction."""

MAX_ANSWERS_SIZE_GO1_12 = 50
"""The largest size at which answers find more than decisions on go1.12, where nothing is constructed."""

MAX_CONSTRUCTED_SIZE = 3_000
"""The largest size at which a construction takes seconds."""

_PDQ = (
    (MAX_OPTIMAL_SIZE, UNCHANGED),
    (MAX_ANSWERS_SIZE, CONSTRUCTED_ANSWERS),
    (MAX_CONSTRUCTED_SIZE, CONSTRUCTED_LIST),
)
_LIST = ((MAX_OPTIMAL_SIZE, UNCHANGED), (MAX_CONSTRUCTED_SIZE, CONSTRUCTED_LIST))

FITTED: Mapping[str, Sequence[tuple[int, Changes]]] = MappingProxyType(
    {
        "go1.12": ((MAX_ANSWERS_SIZE_GO1_12, ANSWERS),),
        "go1.19": _PDQ,
        "go1.24": _PDQ,
        "heapsort": _LIST,
        "stable": _LIST,
    }
)
"""What is changed up to which size, by target; beyond the last size nothing is."""

CHOSEN = frozenset({"representation", "crossover", "mutation"})
"""Fields that fit some chromosomes only: an input that gives one of them gets the preset's own chromosomes."""


def fitted(raw: Mapping[str, Any]) -> dict[str, str | int]:
    """Return what `strong` changes for the target and size of a run's input; nothing if it gives a CHOSEN field."""
    size = raw.get("size", DEFAULT_SIZE)
    if CHOSEN & raw.keys() or not isinstance(size, int):
        return {}
    try:
        target = find_target(raw.get("target", DEFAULT_TARGET)).name
    except UnknownTarget:
        return {}
    return dict(next((changes for max_size, changes in FITTED.get(target, ()) if size <= max_size), UNCHANGED))


def can_be_constructed(target: str, representation: str) -> bool:
    """Return whether a constructed input is known for a target that chromosomes of this kind can hold."""
    return target in CONSTRUCTIONS and representation != "decisions"
