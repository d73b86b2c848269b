"""What the presets change for single targets and sizes, by what they know: the best found by measurement.

docs/search.md has the measurements.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from worstsort.genetic.presets import PRESETS
from worstsort.gosort import DEFAULT_TARGET, UnknownTarget, find_target
from worstsort.gosort.constructions.plans import MAX_PLANNED_SIZE, SHUFFLES
from worstsort.gosort.constructions.registry import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_SIZE = 100
"""The size of a run that names none."""

OWN_TARGETS: Mapping[str, str] = MappingProxyType({"classic": "go1.12"})
"""The targets of presets that have another default: `classic` follows a program that was written for this sort."""

Changes: TypeAlias = "Mapping[str, str | int]"

ANSWERS: Changes = {"representation": "answers"}
"""Evolve the outcomes of comparisons: changing one moves whole parts of the sort. 150 are played per second at 1,000
items."""

SHORT_PLANS: Changes = {
    "representation": "plan",
    "seeding": "constructed",
    "population": 4,
    "crossover": "two_point",
    "mutation": "nudge",
    "local_search": "refining",
}
"""Evolve how the segments of the recursion are split, from the best construction, and polish the list."""

PLANS: Changes = {**SHORT_PLANS, "population": 2, "migrants": 1, "polish": "none"}
"""The same where a plan takes a hundred times as long as a list: a few hundred are played per second at 1,000 items."""

CONSTRUCTED: Changes = {
    "seeding": "constructed",
    "crossover": "none",
    "mutation_ratio": 1,
    "mutation_floor": 1,
    "polish": "none",
}
"""Change the constructed list itself: the changes are small, but it is counted 200 times faster at 1,000 items."""

CONSTRUCTED_LISTS: Mapping[str, Changes] = MappingProxyType(
    {
        "distinct": {**CONSTRUCTED, "representation": "permutation", "mutation": "swap"},
        "any": {**CONSTRUCTED, "representation": "values", "mutation": "structured"},
    }
)
"""How, by the values that the list may hold: mutation of stretches of values makes some of them equal."""

UNCHANGED: Changes = {}

MAX_OPTIMAL_SIZE = 12
"""The largest size at which decisions, with a polished list, find the proven maximum as they are."""

MAX_ANSWERS_SIZE_GO1_12 = 50
"""The largest size at which answers find more than decisions on go1.12."""

MAX_SHORT_PLANS_SIZE = 200
"""The largest size at which polishing helps plans."""

MAX_EVOLVED_PLANS_SIZE = 3_000
"""The largest size at which plans are improved in seconds."""

MAX_SIZE = 100_000
"""The largest input that a run evolves."""

_PLANNED = ((MAX_OPTIMAL_SIZE, UNCHANGED), (MAX_SHORT_PLANS_SIZE, SHORT_PLANS), (MAX_EVOLVED_PLANS_SIZE, PLANS))

FITTED: Mapping[str, Mapping[str, Sequence[tuple[int, Changes]]]] = MappingProxyType(
    {
        "blackbox": MappingProxyType({"go1.12": ((MAX_ANSWERS_SIZE_GO1_12, ANSWERS),)}),
        "strong": MappingProxyType(dict.fromkeys(SHUFFLES, _PLANNED)),
    }
)
"""What a preset changes up to which size, by target; beyond the last size nothing is. Besides, `strong` begins with a
constructed list on every other target that has one."""

CHOSEN = frozenset({"representation", "crossover", "mutation"})
"""Fields that fit some chromosomes only: an input that gives one of them gets the preset's own chromosomes."""


def default_target(preset: Any) -> str:
    """Return the target of a run's input that names none, whatever it names as its preset."""
    return OWN_TARGETS.get(preset, DEFAULT_TARGET) if isinstance(preset, str) else DEFAULT_TARGET


def fitted(preset: str, raw: Mapping[str, Any]) -> dict[str, str | int]:
    """Return what a preset changes for the target and size of a run's input; nothing if it gives a CHOSEN field."""
    size = raw.get("size", DEFAULT_SIZE)
    if CHOSEN & raw.keys() or not isinstance(size, int):
        return {}
    try:
        target = find_target(raw.get("target", default_target(preset))).name
    except UnknownTarget:
        return {}
    if _begins_with_a_list(preset, target):
        return dict(CONSTRUCTED_LISTS["distinct" if raw.get("values") == "distinct" else "any"])
    changes = FITTED.get(preset, {}).get(target, ())
    return dict(next((change for max_size, change in changes if size <= max_size), UNCHANGED))


def representations(target: str, preset: str = "strong") -> set[str]:
    """Return the kinds of chromosomes that a preset has for a target, whatever the size and the values."""
    own = PRESETS[preset].representation
    if _begins_with_a_list(preset, target):
        return {str(changes["representation"]) for changes in CONSTRUCTED_LISTS.values()}
    return {str(changes.get("representation", own)) for _, changes in FITTED.get(preset, {}).get(target, ())} | {own}


def _begins_with_a_list(preset: str, target: str) -> bool:
    """Return whether a preset begins with a constructed list, at any size."""
    return preset == "strong" and target in CONSTRUCTIONS and target not in FITTED[preset]


def can_be_constructed(target: str, representation: str) -> bool:
    """Return whether a constructed input is known for a target that chromosomes of this kind can hold."""
    if representation == "plan":
        return target in SHUFFLES
    return target in CONSTRUCTIONS and representation != "decisions"


def can_be_planned(target: str, size: int) -> bool:
    """Return whether chromosomes of plans are known for a target, and played in reasonable time at a size."""
    return target in SHUFFLES and size <= MAX_PLANNED_SIZE
