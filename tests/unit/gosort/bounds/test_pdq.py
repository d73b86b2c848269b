"""The lemmas P0 to P9 of docs/bounds.md: what the steps of pattern-defeating quicksort cost."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.watch import Watch, climb
from tests.support.watched_pdq import watch_segment, watch_whole
from worstsort.gosort import count_plain
from worstsort.gosort.bounds import pdq as pdq_bound
from worstsort.gosort.sorts import pdq, pdq_steps

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
    """Mending costs what the lemma allows, and leaves the items sorted that its scan has passed."""
    data, work, size = ([] if is_first else [PREDECESSOR]) + list(values), [0], len(values)
    start, shifting = len(data) - size, of(pdq_bound.shifting_cost, len(values))
    is_sorted = pdq_steps.partial_insertion_sort(data, work, None, start, len(data))
    scanned = work[0] - shifting
    assert scanned < size
    assert not is_sorted or data[start:] == sorted(values)
    assert data[start : start + max(scanned, 0)] == sorted(data[start : start + max(scanned, 0)])
    assert is_first or data[0] == PREDECESSOR


@pytest.mark.parametrize("size", [50, 51, 60, 100, 1000])
def test_p3_is_nearly_reached(size: int) -> None:
    """Five smallest items at the end of a sorted segment cost all but a few of the comparisons allowed."""
    data, work = [PREDECESSOR, *range(5, size), 4, 3, 2, 1, 0], [0]
    pdq_steps.partial_insertion_sort(data, work, None, 1, size + 1)
    allowed = of(pdq_bound.shifting_cost, size) + size - 1
    assert allowed - 12 <= work[0] <= allowed


@given(inputs(13, 120), st.randoms(use_true_random=False))
def test_p4_partitions(values: list[int], random: object) -> None:
    """Either partition costs one comparison for each item at most, whatever the pivot."""
    size, pivot = len(values), random.randrange(len(values))  # type: ignore[attr-defined]
    for step in (pdq_steps.partition, pdq_steps.partition_equal):
        work = [0]
        step(list(values), work, None, 0, size, pivot)
        assert size - 1 <= work[0] <= size


@settings(deadline=None)
@given(values=inputs(13, 150), is_distinct=st.booleans())
def test_p5_p7_p8_p9_the_parts_of_a_mended_segment(values: list[int], *, is_distinct: bool) -> None:
    """From a fresh segment to its parts, mending included, nothing exceeds what the lemmas allow."""
    ranked = sorted(range(len(values)), key=values.__getitem__)
    given = [ranked.index(place) for place in range(len(values))] if is_distinct else values
    watch = Watch()
    watch_segment(given, watch, distinct=is_distinct, limit=1, balanced=True, moved=False)
    assert watch.refuted() == {}


@pytest.mark.parametrize(
    ("values", "removed"),
    [([1, *range(3, 40), 2], 0), ([49, 48, 47, 46, 45, *range(1, 25), 0, *range(25, 45)], 1)],
    ids=["short", "mended in vain"],
)
def test_p5_a_smaller_part_can_be_empty_only_in_a_long_mended_segment(values: list[int], removed: int) -> None:
    """Mending brings the smallest item to the pivot's place: a copy of the item before goes alone."""
    watch, size = Watch(), len(values)
    watch_segment(values, watch, distinct=False, limit=1, balanced=True, moved=False)
    assert watch.refuted() == {}
    assert watch.excess.get("P7 copies", 0) == 0
    assert of(lambda sizes: pdq_bound.left_by_equals(sizes, mended=True), size) == (size - 1 if removed else size - 2)


def test_p5_parts_are_bounded_before_their_segment() -> None:
    """No range of sizes holds both a segment and a part that a balanced partition can leave of it."""
    for sizes in pdq_bound.blocks(3000):
        assert sizes[-1] - (sizes[-1] // 8 - 1) - 1 < sizes[0]


@pytest.mark.long
@pytest.mark.parametrize("distinct", [True, False])
def test_grouping_the_middle_splits_costs_next_to_nothing(*, distinct: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at every split one by one gives the same documented figures, and lowers none by more than 0.02 %."""
    short_cut = pdq_bound.bounds_by_size(1023, distinct=distinct)
    monkeypatch.setattr("worstsort.gosort.bounds.best_splits.EXACT_SHARE", 1 << 20)
    one_by_one = pdq_bound.bounds_by_size.__wrapped__(1023, distinct=distinct)
    documented = [50, 100, 200, 500, 1000]
    assert one_by_one[documented].tolist() == short_cut[documented].tolist()
    assert (short_cut - one_by_one >= 0).all()
    assert (short_cut - one_by_one <= short_cut / 5000).all()


AIMS = [*itertools.product(["P3", "P5", "P8", "P9", "table fresh", "table moved", "table lopsided"], [True, False])]
AIMS += [("P7 copies", False), ("P7 many copies", False)]


@pytest.mark.slow
@pytest.mark.parametrize(("lemma", "distinct"), AIMS)
@pytest.mark.parametrize("size", [13, 31, 49, 50, 54, 64, 110])
def test_no_climb_finds_a_step_that_exceeds_its_lemma(lemma: str, size: int, *, distinct: bool) -> None:
    """Climbs that aim at one lemma, on segments of each kind behind an item, and on whole inputs."""
    kinds = [(True, False), (True, True), (False, False)]
    looks = [
        functools.partial(watch_segment, distinct=distinct, limit=limit, balanced=balanced, moved=moved)
        for limit, (balanced, moved) in itertools.product([1, 3], kinds)
    ]
    for look in (*looks, functools.partial(watch_whole, distinct=distinct)):
        assert climb(look, lemma, size, 150, size, distinct=distinct).refuted() == {}


@pytest.mark.long
@pytest.mark.parametrize(("lemma", "distinct"), [("P5", True), ("P7 copies", False)])
def test_climbs_find_what_was_false_before(lemma: str, *, distinct: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the facts of the choice are taken to hold after mending, climbs refute it within seconds."""
    monkeypatch.setattr(pdq_bound, "samples_stand", lambda sizes, *, mended: sizes > 0 * mended)
    look = functools.partial(watch_segment, distinct=distinct, limit=1, balanced=True, moved=False)
    climbs = (climb(look, lemma, size, 500, seed, distinct=distinct) for seed in range(5) for size in (50, 60, 100))
    assert any(lemma in seen.refuted() for seen in climbs)


@settings(deadline=None)
@given(inputs(1, 200))
def test_the_watched_sort_is_the_sort(values: list[int]) -> None:
    """It makes as many comparisons as the sort that it watches."""
    assert watch_whole(values, Watch(), distinct=False) == count_plain(values, "go1.24")


def test_sizes_are_filled_in_by_blocks_without_a_gap() -> None:
    """From 13 to the last one, none twice, and none so long that it holds a part of itself."""
    for size in range(13, 400):
        filled = [block.tolist() for block in pdq_bound.blocks(size)]
        assert list(itertools.chain(*filled)) == list(range(13, size + 1))
        assert all(len(block) <= max(1, block[0] // 8) for block in filled)
