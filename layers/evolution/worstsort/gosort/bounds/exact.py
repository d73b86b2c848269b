"""The most comparisons that any input of a small size takes, known because every input was tried.

Each permutation of 1 to n was sorted with the real library: gccgo-12 12.2.0 for go1.12, Go 1.19.8 for go1.19, Go 1.27.3
for the others. For n <= 8 every order with ties was tried as well, and none cost more; lemma M1 of docs/bounds.md says
so for the larger sizes here, too. The list of a target begins at size 0.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.bounds import heap, stable
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_kind_of_values, as_size

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BOUNDED_SIZES: Mapping[str, int] = MappingProxyType(
    {"go1.12": 100_000, "go1.19": 100_000, "go1.24": 100_000, "stable": 100_000, "heapsort": 1_000_000}
)
"""The largest size that is bounded, by target; larger ones take minutes."""

PROVEN_MAXIMA: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "go1.12": (0, 0, 1, 3, 6, 10, 15, 22, 25, 30, 37, 46, 57),
        "go1.19": (0, 0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55),
        "go1.24": (0, 0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 66),
        "stable": (0, 0, 1, 3, 6, 10, 15, 21, 28, 36, 45, 55),
        "heapsort": (0, 0, 1, 3, 7, 12, 17, 22, 29, 37, 44, 51, 59),
    }
)

TIED_HEAPSORT_SIZES = range(13, 29)
"""Sizes at which inputs with equal items reach the bound on heapsort, one above the maximum of distinct items."""


def proven_maximum(size: int, target: str, values: str = "any") -> int | None:
    """Return the most comparisons that any input of this size takes, or None where it is unknown.

    It covers all inputs; with `values="distinct"`, those without equal items. It is known by enumeration up to 11 or 12
    items, and up to MAX_BOUNDED_SIZES because inputs can be built that reach the bound: for `stable`, and for
    `heapsort` of distinct items. With ties `heapsort` is known up to 28 items.

    Raises:
        InvalidInput: `size` is not a size, or `values` neither "any" nor "distinct".
        UnknownTarget: There is no such target.
    """
    name, items, is_distinct = find_target(target).name, as_size(size), as_kind_of_values(values) == "distinct"
    known = PROVEN_MAXIMA.get(name, ())
    if items < len(known):
        return known[items]
    if items > MAX_BOUNDED_SIZES.get(name, 0):
        return None
    if name == "heapsort" and (is_distinct or items in TIED_HEAPSORT_SIZES):
        return heap.maximum(items) + (not is_distinct)
    return stable.maximum(items) if name == "stable" else None
