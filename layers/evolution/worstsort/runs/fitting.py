"""What the preset `strong` does differently for single targets: the best found by measurement (docs/search.md)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from worstsort.gosort.constructed import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SIZE = 100
"""The size of a run that names none."""

Changes: TypeAlias = "Mapping[str, str | int]"

ANSWERS: Changes = {"representation": "answers", "seeding": "constructed"}
"""Change the answers of a construction: one moves whole parts of the sort. 150 a second are played at size 1,000."""

LIST: Changes = {
    "representation": "permutation",
    "seeding": "constructed",
    "crossover": "none",
    "mutation": "swap",
    "mutation_ratio": 1,
    "mutation_floor": 1,
}
"""Change the constructed list itself: small changes, but counting it is 200 times faster at 1,000 items."""

FITTED: Mapping[str, tuple[Changes, Changes]] = MappingProxyType(
    {"pdqsort": (ANSWERS, LIST), "go1.19": (ANSWERS, LIST), "heapsort": (LIST, LIST), "stable": (LIST, LIST)}
)
"""Settings by target, for small and for large sizes. go1.12 does best on decisions, which the preset has."""

SMALLEST, LARGE, LARGEST = 13, 1_001, 3_000
"""The first size that a construction helps, the first that is large, and the last that is constructed within seconds.

Smaller inputs than the first are all found by the preset as it is.
"""


def fitted(raw: Mapping[str, Any]) -> dict[str, str | int]:
    """Settings that suit the target and size of a run's input better; none if it names a representation itself."""
    target, size = raw.get("target"), raw.get("size", DEFAULT_SIZE)
    if "representation" in raw or not isinstance(target, str) or not isinstance(size, int) or target not in FITTED:
        return {}
    small, large = FITTED[target]
    if not SMALLEST <= size <= LARGEST:
        return {}
    return dict(small if size < LARGE else large)


def can_be_constructed(target: str, representation: str) -> bool:
    """Say whether an input is known for a target that chromosomes of this kind can hold."""
    return target in CONSTRUCTIONS and representation != "decisions"
