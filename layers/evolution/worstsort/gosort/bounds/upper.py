"""Proven upper bounds on the comparisons of each target; docs/bounds.md has the proofs."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.bounds import heap, pdq, quick, stable
from worstsort.gosort.bounds.exact import MAX_BOUNDED_SIZES, PROVEN_MAXIMA
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_kind_of_values, as_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _heapsort(size: int, *, distinct: bool) -> int:
    return heap.maximum(size) if distinct else int(heap.bounds_by_size(size)[size])


def _stable(size: int, *, distinct: bool) -> int:
    del distinct  # ties cost what distinct items in the same order cost
    return stable.maximum(size)


BOUNDS: Mapping[str, Callable[..., int]] = MappingProxyType(
    {
        "go1.12": quick.bound,
        "go1.19": pdq.bound,
        "go1.24": pdq.bound,
        "stable": _stable,
        "heapsort": _heapsort,
    }
)


def upper_bound(size: int, target: str, values: str = "any") -> int | None:
    """Return a number of comparisons that the target exceeds on no input of this size, or None where none is known.

    It covers all inputs; with `values="distinct"`, those without equal items. It is None for a target without a known
    bound, and above MAX_BOUNDED_SIZES items. It takes some CPU seconds at 10,000 items, up to two minutes at 100,000.

    Raises:
        InvalidInput: `size` is not a size, or `values` neither "any" nor "distinct".
        UnknownTarget: There is no such target.
    """
    return _upper_bound(as_size(size), find_target(target).name, as_kind_of_values(values))


@lru_cache(maxsize=256)
def _upper_bound(size: int, target: str, values: str) -> int | None:
    if target not in BOUNDS or size > MAX_BOUNDED_SIZES[target]:
        return None
    known = PROVEN_MAXIMA.get(target, ())
    return known[size] if size < len(known) else BOUNDS[target](size, distinct=values == "distinct")
