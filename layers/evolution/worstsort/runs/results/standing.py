"""How near a champion is to what no input can exceed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort import assess

if TYPE_CHECKING:
    from worstsort.gosort import Assessment

MAX_ASSESSED_SIZE = 10_000
"""The largest size whose upper bound takes seconds, not minutes."""


def standing(comparisons: int, size: int, target: str, values: str, *, distinct: bool) -> Assessment | None:
    """Return how close a champion is to what no input can exceed, None where that is unknown or slow to tell.

    It is measured by what its run allowed, so that all champions of a family are measured alike. Only one that no other
    input of distinct items can exceed is told so.

    Args:
        comparisons: What it takes.
        size: Its items.
        target: The sort.
        values: What its run allowed: "any" or "distinct".
        distinct: Whether no two of its items are equal.
    """
    if size > MAX_ASSESSED_SIZE:
        return None
    kinds = [values, "distinct"] if distinct else [values]
    found = [assess(comparisons, size, target, kind) for kind in kinds]
    best = next((one for one in found if one.optimal), found[0])
    return best if best.bound is not None else None
