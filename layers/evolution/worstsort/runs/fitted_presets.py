"""What the preset `strong` does differently for single targets: the best found by measurement (docs/search.md)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from worstsort.gosort import UnknownTarget, find_target
from worstsort.gosort.constructions.registry import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_TARGET, DEFAULT_SIZE = "go1.12", 100
"""Of a run that names none."""

Changes: TypeAlias = "Mapping[str, str | int]"

ANSWERS: Changes = {"representation": "answers"}
"""Change the outcomes of comparisons: one moves whole parts of the sort. 150 a second are played at size 1,000."""

CONSTRUCTED_ANSWERS: Changes = {**ANSWERS, "seeding": "constructed"}
"""The same, from the answers that a construction gives."""

CONSTRUCTED_LIST: Changes = {
    "representation": "permutation",
    "seeding": "constructed",
    "crossover": "none",
    "mutation": "swap",
    "mutation_ratio": 1,
    "mutation_floor": 1,
    "polish": "none",
}
"""Change the constructed list itself: small changes, but counting it is 200 times faster at 1,000 items."""

AS_IT_IS: Changes = {}
LARGEST_EXACT, LARGEST_ON_ANSWERS, LARGEST_CONSTRUCTED = 12, 1_000, 3_000
"""The largest sizes at which the preset finds all that there is, at which playing answers is quick enough, and at which
a construction takes seconds. On go1.12 decisions overtake answers much earlier, beyond SMALL."""

SMALL = 50

_PDQ = ((LARGEST_EXACT, AS_IT_IS), (LARGEST_ON_ANSWERS, CONSTRUCTED_ANSWERS), (LARGEST_CONSTRUCTED, CONSTRUCTED_LIST))
_LIST = ((LARGEST_EXACT, AS_IT_IS), (LARGEST_CONSTRUCTED, CONSTRUCTED_LIST))

FITTED: Mapping[str, Sequence[tuple[int, Changes]]] = MappingProxyType(
    {"go1.12": ((SMALL, ANSWERS),), "go1.19": _PDQ, "go1.24": _PDQ, "heapsort": _LIST, "stable": _LIST}
)
"""By target, up to which size what is changed; beyond the last size the preset is taken as it is."""


CHOSEN = frozenset({"representation", "crossover", "mutation"})
"""Fields that fit some chromosomes only: whoever gives one gets the preset's own chromosomes."""


def fitted(raw: Mapping[str, Any]) -> dict[str, str | int]:
    """Settings that suit the target and size of a run's input better; none if it names an operator of chromosomes."""
    size = raw.get("size", DEFAULT_SIZE)
    if CHOSEN & raw.keys() or not isinstance(size, int):
        return {}
    try:
        target = find_target(raw.get("target", DEFAULT_TARGET)).name
    except UnknownTarget:
        return {}
    return dict(next((changes for largest, changes in FITTED.get(target, ()) if size <= largest), AS_IT_IS))


def can_be_constructed(target: str, representation: str) -> bool:
    """Say whether an input is known for a target that chromosomes of this kind can hold."""
    return target in CONSTRUCTIONS and representation != "decisions"
