"""The lemmas Q1 to Q5 of docs/bounds.md: what one partition of go1.12 costs, by the sizes of its parts."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import watched_quick
from tests.support.watch import Watch, climb
from tests.support.watched_quick import watch_whole
from worstsort.gosort import count_plain
from worstsort.gosort.bounds import quick
from worstsort.gosort.constructions.heap import worst_input_with_ties
from worstsort.gosort.sorts import quick_steps

MAX_SINGLE_MEDIAN_ITEMS = quick_steps.MAX_SINGLE_MEDIAN_ITEMS


def partition(values: list[int]) -> tuple[int, int, int]:
    """Partition the whole list as Go does: comparisons, size of the left and of the right part."""
    work = [0]
    left, right = quick_steps.partition(values, work, None, 0, len(values))
    return work[0], left, len(values) - right


def of(function: object, size: int) -> int:
    return int(function(np.array([size]))[0])  # type: ignore[operator]


def choice(size: int) -> int:
    return int(quick.choice_of_pivot(np.array([size]))[0])


def lopsided_cost(size: int, right: int) -> int:
    """Return the maximum cost of a partition of distinct items with 1 to 4 on the right by the lemma, choice aside."""
    below = np.zeros(size, np.int64)
    below[[right, size - 1 - right]] = 10**6  # makes this split the costliest
    return int(quick.lopsided_splits(below, np.array([size]))[0]) - 2 * 10**6 - choice(size)


def costliest_arrangement(size: int, right: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Try all places that larger items can have once the pivot stands first; return the most comparisons."""
    monkeypatch.setattr(quick_steps, "choose_pivot", lambda *_: None)
    step, middle = size // 8, size // 2
    peaks = (2 * step, middle + step, size - 1 - 2 * step) if size > MAX_SINGLE_MEDIAN_ITEMS else ()
    most = -1
    for larger in itertools.combinations([place for place in range(1, size - 1) if place != middle], right - 1):
        if peaks and len(set(peaks) & set(larger)) < 2:
            continue
        values = [-1] * size
        values[0], values[-1] = 0, 1
        for place in larger:
            values[place] = 1
        most = max(most, partition(values)[0])
    return most


@pytest.mark.parametrize("right", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [13, 14, 15, 18, 25])
def test_q3_lopsided_partitions_of_short_segments(size: int, right: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every place of the larger items was tried: the lemma's cost is the most, and is reached."""
    assert costliest_arrangement(size, right, monkeypatch) == lopsided_cost(size, right)


@pytest.mark.parametrize("right", [3, 4])
@pytest.mark.parametrize("size", [41, 47, 48, 64, 100])
def test_q3_lopsided_partitions_behind_a_ninther(size: int, right: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the larger items that the ninther puts in their places, the lemma's cost is the most, and is reached."""
    assert costliest_arrangement(size, right, monkeypatch) == lopsided_cost(size, right)


def check_samples(values: list[int]) -> None:
    """Check Q2 on a list: after the choice, where do items stand that are not smaller than the pivot, or not larger?"""
    size, step, work = len(values), len(values) // 8, [0]
    quick_steps.choose_pivot(values, work, None, 0, size)
    pivot, others = values[0], values[1:]
    fewest = 3 if size > MAX_SINGLE_MEDIAN_ITEMS else 1
    assert work[0] <= choice(size)
    assert values[-1] >= pivot >= values[size // 2]
    assert sum(value >= pivot for value in others) >= fewest <= sum(value <= pivot for value in others)
    peaks = (2 * step, size // 2 + step, size - 1 - 2 * step)
    assert size <= MAX_SINGLE_MEDIAN_ITEMS or sum(values[place] >= pivot for place in peaks) >= 2


lists = st.integers(13, 120).flatmap(
    lambda size: st.one_of(
        st.permutations(range(size)),
        st.integers(0, 5).flatmap(lambda top: st.lists(st.integers(0, top), min_size=size, max_size=size)),
    )
)


@given(lists)
def test_q2_choice_of_the_pivot(values: list[int]) -> None:
    """The choice costs three comparisons a median at most and leaves large and small samples where the lemma says."""
    check_samples(list(values))


@given(st.integers(13, 120).flatmap(lambda size: st.permutations(range(size))))
def test_q3_and_q5_partitions_of_distinct_items(values: list[int]) -> None:
    """No partition of distinct items costs more than the lemma for its right part allows."""
    size = len(values)
    cost, left, right = partition(list(values))
    assert left + right == size - 1
    if right < 5:
        assert cost - choice(size) <= lopsided_cost(size, right)
    else:
        assert cost - choice(size) <= size + (3 if right < size // 4 else 0)


@given(lists)
def test_q4_and_q5_partitions_with_ties(values: list[int]) -> None:
    """No partition of items that may be equal costs more than one of the cases of the lemmas allows."""
    size, step = len(values), len(values) // 8
    long = size > MAX_SINGLE_MEDIAN_ITEMS
    cost, left, right = partition(list(values))
    cost -= choice(size)
    fewest = 3 if long else 1
    lopsided = right < 5 and (
        (cost <= 2 * size - right and left <= size - 1 - max(right, fewest + 1))
        or (cost <= (2 * size - 1 - 2 * step if long else size - 2) and left <= size - 1 - fewest and right <= fewest)
    )
    gathered = any(
        5 <= found < size // 4 and cost <= 2 * size + 2 - found and left <= size - 2 - found
        for found in (right, right + 1)
    )
    probed = any(
        5 <= found < size // 4 and cost <= size + 3 and left <= size - 1 - found for found in (right, right + 1)
    )
    even = right >= max(5, size // 4) and cost <= size
    assert lopsided or gathered or probed or even


@given(lists)
def test_q5_the_left_part_is_not_empty(values: list[int]) -> None:
    """Where copies are not gathered, as many items stay on the left as the choice found that are not larger."""
    cost, left, right = partition(list(values))
    assert cost > 0
    if right >= max(5, len(values) // 4):
        assert left >= of(quick.fewest_beside, len(values))


@pytest.mark.parametrize("distinct", [True, False])
def test_grouping_the_middle_splits_costs_nothing(*, distinct: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at every split one by one gives the same table: taking neighbours together is free here."""
    short_cut = quick.bounds_by_size(600, distinct=distinct)
    monkeypatch.setattr("worstsort.gosort.bounds.best_splits.EXACT_SHARE", 1 << 20)
    assert np.array_equal(quick.bounds_by_size.__wrapped__(600, distinct=distinct), short_cut)


@pytest.mark.slow
@pytest.mark.parametrize("lemma", ["table", "heapsort", "left part"])
@pytest.mark.parametrize("distinct", [True, False])
@pytest.mark.parametrize("size", [13, 23, 33, 40, 41, 50, 64, 110])
def test_no_climb_finds_a_segment_that_exceeds_its_table(lemma: str, size: int, *, distinct: bool) -> None:
    """Climbs on whole inputs, with little depth and with all of it, look at every segment."""
    for depth in (0, 1, 4, None):
        look = functools.partial(watch_whole, distinct=distinct, depth=depth)
        assert climb(look, lemma, size, 200, size, distinct=distinct).refuted() == {}


def test_ties_exceed_what_is_proven_of_distinct_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held against the tables of distinct items, 13 items with ties are found to cost heapsort one more."""
    of_distinct = watched_quick.tables(distinct=True)
    monkeypatch.setattr(watched_quick, "tables", lambda *, distinct: of_distinct[distinct:])
    watch = Watch()
    watch_whole(worst_input_with_ties(13) or [], watch, distinct=False, depth=0)
    assert watch.refuted() == {"heapsort": 1}


@given(st.lists(st.integers(0, 60), max_size=150))
def test_the_watched_sort_is_the_sort(values: list[int]) -> None:
    """It makes as many comparisons as the sort that it watches."""
    assert watch_whole(values, Watch(), distinct=False) == count_plain(values, "go1.12")
