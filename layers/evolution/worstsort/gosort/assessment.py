"""How close a count is to the most comparisons that any input of its size can take."""

from __future__ import annotations

from dataclasses import dataclass

from worstsort.gosort.bounds.exact import proven_maximum
from worstsort.gosort.bounds.upper import upper_bound
from worstsort.gosort.registry import find_target
from worstsort.gosort.validation import as_comparisons, as_size


@dataclass(frozen=True)
class Assessment:
    """A count beside what is proven for its size.

    Attributes:
        comparisons: The count.
        size: Items of the input.
        target: The sort.
        maximum: The proven maximum, None where unknown.
        bound: The proven upper bound, None where unknown.
        optimal: Whether no input can cost more.
        share: The count divided by the bound.
        sentence: All of it in words, without a full stop.
    """

    comparisons: int
    size: int
    target: str
    maximum: int | None
    bound: int | None
    optimal: bool
    share: float | None
    sentence: str

    @property
    def percent(self) -> str:
        """The share in percent, rounded down; empty where there is no bound."""
        return _percent(self.comparisons, self.bound) if self.bound else ""


def assess(comparisons: int, size: int, target: str, *, distinct: bool = True) -> Assessment:
    """Compare a count with what is proven for its size; with `distinct=False` its input may hold equal items.

    Raises:
        InvalidInput: `comparisons` is not a count, `size` not a size, or `distinct` not a flag.
        UnknownTarget: There is no such target.
    """
    target, comparisons, size = find_target(target).name, as_comparisons(comparisons), as_size(size)
    maximum, bound = proven_maximum(size, target), upper_bound(size, target, distinct)
    optimal = comparisons in (maximum, bound)
    share = comparisons / bound if bound else None
    covers_ties = not distinct or bound == maximum
    items = f"{size:,} items" if covers_ties else f"{size:,} distinct items"
    sentence = _in_words(comparisons, items, target, maximum, bound)
    return Assessment(comparisons, size, target, maximum, bound, optimal, share, sentence)


def _in_words(comparisons: int, items: str, target: str, maximum: int | None, bound: int | None) -> str:
    if bound is None:
        return f"no upper bound is known for {items} on {target}"
    if comparisons > bound:
        return f"above the proven upper bound of {bound:,} comparisons for {items} on {target}: count or proof is wrong"
    if comparisons in (maximum, bound):
        return f"proven optimal: no {items} cost {target} more than {comparisons:,} comparisons"
    what = "proven maximum" if maximum is not None else "proven upper bound"
    return f"{_percent(comparisons, bound)} of the {what} of {bound:,} comparisons for {items} on {target}"


def _percent(comparisons: int, bound: int) -> str:
    """Round down, so that a count below the bound never reads 100 %."""
    tenths = comparisons * 1000 // bound
    return f"{tenths // 10}.{tenths % 10} %"
