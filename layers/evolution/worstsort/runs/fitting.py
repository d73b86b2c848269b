"""What the preset `strong` does differently for single targets: the best found by measurement (docs/search.md)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from worstsort.gosort.constructed import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

FITTED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "pdqsort": {"representation": "answers", "seeding": "constructed"},
        "go1.19": {"representation": "answers", "seeding": "constructed"},
        "heapsort": {"representation": "answers", "seeding": "constructed"},
        "stable": {"representation": "answers", "seeding": "constructed"},
    }
)
SMALLEST = 13
"""Smaller inputs are found by the preset as it is; nothing better can be constructed."""

LARGEST = 3_000
"""Larger partial orders take seconds for each evaluation."""


def fitted(raw: Mapping[str, Any]) -> dict[str, str]:
    """Settings that suit the target and size of a run's input better; none if it names a representation itself."""
    target, size = raw.get("target"), raw.get("size", SMALLEST)
    if "representation" in raw or not isinstance(target, str) or not isinstance(size, int):
        return {}
    return dict(FITTED.get(target, {})) if SMALLEST <= size <= LARGEST else {}


def can_be_constructed(target: str, representation: str) -> bool:
    """Say whether an input is known for a target that chromosomes of this kind can hold."""
    return target in CONSTRUCTIONS and representation != "decisions"
