"""How close a count is to the most comparisons that any input of its size can take."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.bounds.exact import proven_maximum
from worstsort.gosort.bounds.upper import upper_bound
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_comparisons, as_size

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_REACHED_SIZES: Mapping[tuple[str, str], int] = MappingProxyType({("go1.12", "distinct"): 10_000})
"""Targets and kinds of values whose upper bound inputs reach at many sizes where the maximum is not known beforehand,
with the largest size at which computing the bound takes seconds."""


@dataclass(frozen=True)
class Assessment:
    """A count beside what is proven for its size.

    Attributes:
        comparisons: The count.
        size: Items of the input.
        target: The sort.
        values: Whether this is proven for inputs of "any" values or of "distinct" ones.
        maximum: The proven maximum, None where unknown.
        bound: The proven upper bound, None where unknown.
        optimal: Whether no input can cost more.
        share: The count divided by the bound.
        sentence: All of it in words, without a full stop.
    """

    comparisons: int
    size: int
    target: str
    values: str
    maximum: int | None
    bound: int | None
    optimal: bool
    share: float | None
    sentence: str

    @property
    def percent(self) -> str:
        """The share in percent, rounded down; empty where there is no bound."""
        return percent(self.comparisons, self.bound) if self.bound else ""


def assess(comparisons: int, size: int, target: str, values: str = "any") -> Assessment:
    """Compare a count with what is proven for all inputs of its size, or with `values="distinct"` for distinct items.

    Raises:
        InvalidInput: `comparisons` is not a count, `size` not a size, or `values` neither "any" nor "distinct".
        UnknownTarget: There is no such target.
    """
    target, comparisons, size = find_target(target).name, as_comparisons(comparisons), as_size(size)
    maximum, bound = proven_maximum(size, target, values), upper_bound(size, target, values)
    optimal = comparisons in (maximum, bound)
    share = comparisons / bound if bound else None
    holds_for_all = values == "any" or (maximum is not None and maximum == proven_maximum(size, target))
    items = f"{size:,} items" if holds_for_all else f"{size:,} distinct items"
    sentence = _in_words(comparisons, items, target, maximum, bound)
    return Assessment(comparisons, size, target, values, maximum, bound, optimal, share, sentence)


def proven_optimal(comparisons: int, size: int, target: str, values: str = "any") -> str:
    """Return in words that no input of these values can cost more; nothing where that is not proven, or slow to tell.

    Unlike `assess` it computes no bound that no input is known to reach.

    Raises:
        InvalidInput: `comparisons` is not a count, `size` not a size, or `values` neither "any" nor "distinct".
        UnknownTarget: There is no such target.
    """
    name, comparisons = find_target(target).name, as_comparisons(comparisons)
    is_maximum = comparisons == proven_maximum(size, name, values)
    may_be_reached = size <= MAX_REACHED_SIZES.get((name, values), 0)
    if is_maximum or (may_be_reached and comparisons == upper_bound(size, name, values)):
        return assess(comparisons, size, name, values).sentence
    return ""


def _in_words(comparisons: int, items: str, target: str, maximum: int | None, bound: int | None) -> str:
    if bound is None:
        return f"no upper bound is known for {items} on {target}"
    if comparisons > bound:
        return f"above the proven upper bound of {bound:,} comparisons for {items} on {target}: count or proof is wrong"
    if comparisons in (maximum, bound):
        return f"proven optimal: no {items} cost {target} more than {comparisons:,} comparisons"
    what = "proven maximum" if maximum is not None else "proven upper bound"
    return f"{percent(comparisons, bound)} of the {what} of {bound:,} comparisons for {items} on {target}"


def thousandths(part: int, whole: int) -> int:
    """Return how many whole thousandths one count is of another: less than all of it is never 1000."""
    return part * 1000 // whole


def percent(part: int, whole: int) -> str:
    """Return the share that one count is of another as it is shown everywhere, e.g. `99.6 %`; rounded down."""
    tenths = thousandths(part, whole)
    return f"{tenths // 10}.{tenths % 10} %"
