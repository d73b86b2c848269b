"""The known constructions, by target; a search may start from what they build."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.bounds import stable
from worstsort.gosort.constructions import heap, pdq
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONSTRUCTIONS: Mapping[str, Callable[[int], list[int]]] = MappingProxyType(
    {
        "go1.24": lambda size: pdq.mended_in_vain(size, 7, 17),
        "go1.19": lambda size: pdq.mended_in_vain(size, 17, 5),
        "heapsort": heap.worst_input,
        "stable": stable.worst_input,
    }
)


def constructed(size: int, target: str) -> list[int] | None:
    """Return a permutation of 0..size-1 built to cost the target a lot; None if no construction is known."""
    build, items = CONSTRUCTIONS.get(find_target(target).name), as_size(size)
    return build(items) if build else None
