"""The costliest inputs of Go 1.12's quicksort."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from worstsort.gosort import count_plain, count_population, upper_bound
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.constructions.quick.construction import plans_by_cost, try_plans, worst_input
from worstsort.gosort.constructions.quick.found import FOUND
from worstsort.gosort.constructions.quick.plan import plans

MAXIMA = {100: 2_378, 200: 6_816, 500: 23_040, 1_000: 54_291, 2_000: 123_434, 5_000: 367_296, 10_000: 799_865}
"""What no distinct items exceed, by size: an exact dynamic program over all splits, with Suchenek's maximum of heapsort
where the depth is used up."""


def cost(values: list[int]) -> int:
    return int(count_population(np.array([values]), "go1.12", 1)[0])


@pytest.mark.parametrize("size", range(13))
def test_few_items_cost_the_maximum(size: int) -> None:
    """Up to twelve items, whose orders were all tried."""
    assert count_plain(worst_input(size), "go1.12") == PROVEN_MAXIMA["go1.12"][size]


@pytest.mark.parametrize("size", MAXIMA)
def test_the_worst_input_costs_the_maximum(size: int) -> None:
    """At the sizes that the documents name, to the last comparison, and it is a permutation."""
    values = worst_input(size)
    assert sorted(values) == list(range(size))
    assert cost(values) == MAXIMA[size]


@pytest.mark.parametrize("size", [80, 84, 85, 87, 90, 97, 98, 102, 105, 106])
def test_sizes_that_took_a_long_search_cost_the_bound(size: int) -> None:
    """By the independent recount; these are kept, or their attempt is."""
    values = worst_input(size)
    assert sorted(values) == list(range(size))
    assert count_plain(values, "go1.12") == upper_bound(size, "go1.12", "distinct")


@pytest.mark.parametrize("size", FOUND)
def test_what_was_found_is_carried_out_at_the_first_try(size: int) -> None:
    """Nobody waits for attempts that fail, and no cost is passed over."""
    lost, attempt = FOUND[size]
    values = try_plans(next(islice(plans_by_cost(size), lost, None)), attempt)
    assert values is not None
    assert sorted(values) == list(range(size))
    assert count_plain(values, "go1.12") == upper_bound(size, "go1.12", "distinct")
    assert lost == 0


@pytest.mark.slow
def test_every_size_up_to_300_costs_the_bound() -> None:
    """So the bound is the maximum at all of them."""
    costs = {size: cost(worst_input(size)) for size in range(2, 301)}
    assert costs == {size: upper_bound(size, "go1.12", "distinct") for size in costs}


@pytest.mark.slow
def test_a_million_items_cost_what_their_plan_says() -> None:
    """Nothing in the search grows faster than the input."""
    values = worst_input(1_000_000)
    assert sorted(values) == list(range(1_000_000))
    assert cost(values) == next(plans(1_000_000)).comparisons


def test_the_same_input_is_built_each_time() -> None:
    """Its numbers are drawn from the attempt, not from a shared generator."""
    assert worst_input(300) == worst_input(300)
