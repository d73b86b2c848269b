"""Undone steps, by doing them again."""

from __future__ import annotations

from itertools import permutations

import pytest

from worstsort.gosort.constructions.quick.plan import Step, step_cost
from worstsort.gosort.constructions.quick.steps import (
    LOST_ORDERS,
    Arrangement,
    costliest_orders,
    groups_of,
    needed_order,
    partition,
    partitions,
    undo_median,
    undo_partition,
)
from worstsort.gosort.sorts import quick_steps

SIZES = [13, 20, 40, 41, 47, 64, 100, 333]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_lost_orders_cost_three_comparisons(order: tuple[int, ...]) -> None:
    """All others cost a median of three less."""
    zero, one, two = order
    work = [0]
    quick_steps.median_to_first([zero, one, two], work, None, 1, 0, 2)
    assert (work[0] == 3) == (order in LOST_ORDERS)


@pytest.mark.parametrize("size", SIZES)
def test_partition_counts_and_exchanges_as_go_does(size: int) -> None:
    """For one to four larger items, wherever they stand, if the last item is one of them."""
    places = [1, 2, size // 3, size // 2 + 1, size - 3, size - 2]
    for larger in ((), *((place,) for place in places), (1, size - 2), (2, size // 3, size - 3), (1, 2, size - 2)):
        all_larger = (*larger, size - 1)
        values = [1] + [2 if place in all_larger else 0 for place in range(1, size)]
        values = [value * size + place for place, value in enumerate(values)]
        expected, work = values.copy(), [0]
        _partition_after_choice(expected, work)
        cost, exchanges = partition(size, all_larger)
        for one, other in exchanges:
            values[one], values[other] = values[other], values[one]
        assert (cost, values) == (work[0], expected)


def _partition_after_choice(values: list[int], work: list[int]) -> None:
    """Run Go's partition with the pivot at place 0 already."""
    chosen = list(values)
    choose, quick_steps.choose_pivot = quick_steps.choose_pivot, lambda *_: None
    try:
        quick_steps.partition(chosen, work, None, 0, len(chosen))
    finally:
        quick_steps.choose_pivot = choose
    values[:] = chosen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("right", [2, 3, 4])
def test_an_undone_step_is_done_at_full_cost(size: int, right: int) -> None:
    """Partition, choice and the sorting of the right part together; the parts are what they were."""
    if (right == 2) != (size <= 40):
        return
    step = Step(size, right)
    done = 0
    for exchanges in partitions(step):
        for order in LOST_ORDERS:
            arrangement = undo_partition(Arrangement(), step, exchanges, costliest_orders(right)[-1])
            *groups, final = groups_of(size)
            undo_median(arrangement, final, order)
            if any(needed_order(arrangement, group, step.left) is None for group in groups):
                continue
            values = [arrangement[place] for place in range(size)]
            if any(not values[group.zero] < values[group.one] < values[group.two] for group in groups):
                continue
            for group in groups:
                undo_median(arrangement, group, LOST_ORDERS[0])
            values, work = [arrangement[place] for place in range(size)], [0]
            border, _ = quick_steps.partition(values, work, None, 0, size)
            assert (border, work[0]) == (step.left, step_cost(step) - right * (right - 1) // 2)
            assert values[:border] == list(range(1, step.left + 1))
            done += 1
    assert done
