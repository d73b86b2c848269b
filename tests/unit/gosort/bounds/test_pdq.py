"""The lemmas P1 to P6 of docs/bounds.md: what the steps of pattern-defeating quicksort cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worstsort.gosort import count_plain
from worstsort.gosort.bounds import pdq as pdq_bound
from worstsort.gosort.sorts import pdq, pdq_steps

DECREASING = pdq_steps.DECREASING
PREDECESSOR = -1  # stands before a segment, as the item that Go compares with when the segment is not the first


def of(function: object, size: int) -> int:
    return int(function(np.array([size]))[0])  # type: ignore[operator]


def inputs(smallest: int, largest: int) -> st.SearchStrategy[list[int]]:
    """Permutations, lists of few different items, and sorted lists with a few items out of place."""

    def of_size(size: int) -> st.SearchStrategy[list[int]]:
        moved = st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=8)
        return st.one_of(
            st.permutations(range(size)),
            st.lists(st.integers(0, 4), min_size=size, max_size=size),
            moved.map(lambda moves: misplace(size, moves)),
        )

    return st.integers(smallest, largest).flatmap(of_size)


def misplace(size: int, moves: list[tuple[int, int]]) -> list[int]:
    values = list(range(size))
    for source, destination in moves:
        values.insert(destination, values.pop(source))
    return values


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=inputs(13, 150))
def test_p0_the_item_before_a_segment(values: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The item before a segment is never larger than one in it; after copies of it come, none is in it any more."""
    steps: list[tuple[int, int, int]] = []
    divide = pdq.divide

    def checked(data: list[int], work: Any, game: Any, scratch: Any, start: int, end: int, *rest: Any) -> Any:
        assert start == 0 or data[start - 1] <= min(data[start:end])
        assert not steps or steps[-1] != (start, end, start) or data[start - 1] < min(data[start:end])
        result = divide(data, work, game, scratch, start, end, *rest)
        steps.append((result[2], end, result[1]))
        return result

    with monkeypatch.context() as patch:
        patch.setattr(pdq, "divide", checked)
        count_plain(values, "go1.24")


@given(inputs(1, 12))
def test_p1_insertion_sort(values: list[int]) -> None:
    """Up to 12 items cost a comparison for each pair at most."""
    assert count_plain(values, "go1.24") <= pdq_bound.finish_by_heapsort(12)[len(values)]


@given(inputs(13, 120))
def test_p2_choice_of_the_pivot(values: list[int]) -> None:
    """The choice costs 3 or 12 comparisons, and as many items as the lemma says are on either side of its pivot."""
    size, work = len(values), [0]
    pivot, _ = pdq_steps.choose_pivot(values, work, None, 0, size)
    others = values[:pivot] + values[pivot + 1 :]
    fewest = of(pdq_bound.fewest_beside, size)
    assert work[0] == of(pdq_bound.step_cost, size) - 1 - size
    assert sum(value <= values[pivot] for value in others) >= fewest
    assert sum(value >= values[pivot] for value in others) >= fewest


@given(values=inputs(13, 150), is_first=st.booleans())
def test_p3_partial_insertion_sort(values: list[int], *, is_first: bool) -> None:
    """Mending costs what the lemma allows, at the start of the data or behind a smaller item."""
    data, work = ([] if is_first else [PREDECESSOR]) + list(values), [0]
    pdq_steps.partial_insertion_sort(data, work, None, len(data) - len(values), len(data))
    assert work[0] <= of(pdq_bound.mending_cost, len(values))
    assert is_first or data[0] == PREDECESSOR


@pytest.mark.parametrize("size", [50, 51, 60, 100, 1000])
def test_p3_is_nearly_reached(size: int) -> None:
    """Five smallest items at the end of a sorted segment cost all but a few of the comparisons allowed."""
    data, work = [PREDECESSOR, *range(5, size), 4, 3, 2, 1, 0], [0]
    pdq_steps.partial_insertion_sort(data, work, None, 1, size + 1)
    assert of(pdq_bound.mending_cost, size) - 12 <= work[0] <= of(pdq_bound.mending_cost, size)


@given(inputs(13, 120), st.randoms(use_true_random=False))
def test_p4_partitions(values: list[int], random: object) -> None:
    """Either partition costs one comparison for each item at most, whatever the pivot."""
    size, pivot = len(values), random.randrange(len(values))  # type: ignore[attr-defined]
    for step in (pdq_steps.partition, pdq_steps.partition_equal):
        work = [0]
        step(list(values), work, None, 0, size, pivot)
        assert size - 1 <= work[0] <= size


@given(inputs(13, 120))
def test_p6_copies_of_the_smallest(values: list[int]) -> None:
    """Where the chosen pivot is the smallest item, its copies leave no more behind than the lemma says."""
    size, work = len(values), [0]
    pivot, hint = pdq_steps.choose_pivot(values, work, None, 0, size)
    if hint == DECREASING or values[pivot] != min(values):
        return
    left = size - pdq_steps.partition_equal(values, work, None, 0, size, pivot)
    assert left <= of(pdq_bound.left_by_equals, size)


@pytest.mark.parametrize("size", range(13, 3000, 7))
def test_p5_parts_are_bounded_before_their_segment(size: int) -> None:
    """No range of sizes holds both a segment and a part that a balanced partition can leave of it."""
    for start, end in pdq_bound.blocks(size):
        assert (end - 1) - ((end - 1) // 8 - 1) - 1 < start


@pytest.mark.long
@pytest.mark.parametrize("distinct", [True, False])
def test_bounding_the_middle_splits_costs_nothing(*, distinct: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at every split one by one gives the same table: the short cut through convex minorants is free here."""
    short_cut = pdq_bound.bounds_by_size(600, distinct=distinct)
    monkeypatch.setattr("worstsort.gosort.bounds.best_splits.WINDOW_SPLITS", 600)
    assert np.array_equal(pdq_bound.bounds_by_size.__wrapped__(600, distinct=distinct), short_cut)
