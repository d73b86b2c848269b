"""The known constructions, by target; a search may start from what they build."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.bounds import stable
from worstsort.gosort.constructions import heap, pdq
from worstsort.gosort.constructions.quick import construction as quick
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_kind_of_values, as_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONSTRUCTIONS: Mapping[str, Callable[[int], list[int]]] = MappingProxyType(
    {
        "go1.24": lambda size: pdq.mended_in_vain(size, "go1.24"),
        "go1.19": lambda size: pdq.mended_in_vain(size, "go1.19"),
        "go1.12": quick.worst_input,
        "heapsort": heap.worst_input,
        "stable": stable.worst_input,
    }
)


WITH_TIES: Mapping[str, Callable[[int], list[int] | None]] = MappingProxyType({"heapsort": heap.worst_input_with_ties})
"""Constructions of inputs with equal items that cost more than any distinct ones; None where there is none."""


def constructed(size: int, target: str, values: str = "distinct") -> list[int] | None:
    """Return an input built to cost the target a lot; None if no construction is known.

    It is a permutation of 0..size-1. With `values="any"` some items may be equal, where that is known to cost more.

    Raises:
        InvalidInput: `size` is not a size, or `values` neither "any" nor "distinct".
        UnknownTarget: There is no such target.
    """
    name, items, kind = find_target(target).name, as_size(size), as_kind_of_values(values)
    tied = WITH_TIES[name](items) if kind == "any" and name in WITH_TIES else None
    if tied is not None or name not in CONSTRUCTIONS:
        return tied
    return CONSTRUCTIONS[name](items)
