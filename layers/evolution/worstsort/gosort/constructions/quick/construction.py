"""The costliest inputs of Go 1.12's quicksort that are known."""

from __future__ import annotations

from itertools import groupby, islice
from random import Random
from typing import TYPE_CHECKING

from worstsort.gosort.constructions.quick.base import short_order
from worstsort.gosort.constructions.quick.chains import build
from worstsort.gosort.constructions.quick.found import FOUND, KEPT
from worstsort.gosort.constructions.quick.plan import plans
from worstsort.gosort.sorts.quick import MAX_INSERTION_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.gosort.constructions.quick.plan import Plan

MAX_EQUAL_PLANS = 64
"""How many plans of the same cost are tried in turn."""

MAX_ATTEMPTS = 300
"""How often a cost is tried before a lower one is: some ten CPU seconds."""

ROUNDS = 8
"""How many chains are looked for with one base."""


def worst_input(size: int) -> list[int]:
    """Return a permutation of 0..size-1 that costs Go 1.12's quicksort more than any other that is known.

    It does what the costliest plan says that can be carried out. Where that is less than the best plan says,
    `found` tells.
    """
    if size <= MAX_INSERTION_ITEMS:
        return list(short_order(size))
    if size in KEPT:
        return list(KEPT[size])
    lost, number = FOUND.get(size, (0, 0))
    for equal in islice(plans_by_cost(size), lost, None):
        for attempt in range(number, number + MAX_ATTEMPTS):
            values = try_plans(equal, attempt)
            if values is not None:
                return values
    raise AssertionError(f"no plan for {size} items can be carried out")  # those without long segments always can


def try_plans(equal: list[Plan], attempt: int) -> list[int] | None:
    """Try to carry out one of some plans of the same cost, with numbers drawn for this attempt; None if it fails."""
    rng = Random(attempt)  # noqa: S311 - nothing secret
    return build(equal[int(rng.random() * len(equal))], rng, ROUNDS)


def plans_by_cost(size: int) -> Iterator[list[Plan]]:
    """Yield the plans of each cost, the highest cost first."""
    for _, equal in groupby(plans(size), key=lambda plan: plan.comparisons):
        yield list(islice(equal, MAX_EQUAL_PLANS))
