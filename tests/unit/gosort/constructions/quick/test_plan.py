"""What the partitions should leave."""

from __future__ import annotations

from itertools import islice

import pytest

from worstsort.gosort.bounds import heap
from worstsort.gosort.constructions.quick.plan import Step, plans, step_cost
from worstsort.gosort.sorts.quick import depth_limit


@pytest.mark.parametrize("size", [13, 40, 41, 64, 100, 128, 1_000])
def test_plans_come_in_the_order_of_their_cost(size: int) -> None:
    """The costliest first, none twice, and each costs what its steps and its base cost."""
    found = list(islice(plans(size), 40))
    assert [plan.comparisons for plan in found] == sorted((plan.comparisons for plan in found), reverse=True)
    assert len({plan.steps for plan in found}) == len(found)
    for plan in found:
        if plan.base > 12:
            assert len(plan.steps) == depth_limit(size)
            assert plan.comparisons == sum(map(step_cost, plan.steps)) + heap.maximum(plan.base)


def test_steps_follow_from_each_other() -> None:
    """Each step is on the left part of the one before, and the base is what the last one leaves."""
    plan = next(plans(500))
    sizes = [step.size for step in plan.steps]
    assert sizes == [500, *(step.left for step in plan.steps[:-1])]
    assert plan.base == plan.steps[-1].left


def test_large_inputs_lose_four_items_and_a_pivot_at_each_step() -> None:
    """There the search for copies of the pivot costs most."""
    assert {step.right for step in next(plans(10_000)).steps} == {4}
    assert step_cost(Step(10_000, 4)) == 12 + 2 * 10_000 - 5 + 6
