"""The segments of a sort, and what was done with each."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.gosort import antiquicksort, constructed, count_plain
from worstsort.gosort.recursion import BALANCED, HEAPSORT, KINDS, LOPSIDED, MERGE, Recursion, recursion

WATCHED = ["go1.12", "go1.19", "go1.24", "stable"]


def inputs(size: int) -> list[list[int]]:
    """Return inputs of many shapes: random, with few values, in order, reversed, nearly in order, equal."""
    stream = np.random.default_rng(size)
    nearly = list(range(size))
    nearly[size // 3 : size // 2] = nearly[size // 3 : size // 2][::-1]
    return [
        stream.permutation(size).tolist(),
        stream.integers(0, 5, size).tolist(),
        stream.integers(0, max(1, size // 2), size).tolist(),
        list(range(size)),
        list(range(size, 0, -1)),
        nearly,
        [7] * size,
    ]


def watched(values: list[int], target: str) -> Recursion:
    """Return the recursion of a target that can be watched."""
    found = recursion(values, target)
    assert found is not None
    return found


@pytest.mark.parametrize("target", WATCHED)
def test_a_recursion_is_as_deep_as_its_segments(target: str) -> None:
    """One level where nothing is cut up, and none where there is nothing to do."""
    assert watched([3, 1, 2], target).depth == 1
    assert Recursion([], []).depth == 0
    deep = watched(inputs(333)[0], target)
    assert deep.depth == 1 + max(segment.depth for segment in deep.segments) > 1


@pytest.mark.parametrize("target", WATCHED)
@pytest.mark.parametrize("size", [0, 1, 2, 12, 13, 21, 50, 100, 333])
def test_the_segments_cost_what_the_sort_costs(target: str, size: int) -> None:
    """Exactly, whatever the input, so that watching changes nothing."""
    for values in [*inputs(size), antiquicksort(size, target)]:
        assert watched(values, target).comparisons == count_plain(values, target)


@pytest.mark.parametrize("target", WATCHED)
def test_the_segments_of_a_bad_input_cost_what_it_costs(target: str) -> None:
    """The constructions take the paths that chance does not take."""
    values = constructed(200, target)
    assert values is not None
    assert watched(values, target).comparisons == count_plain(values, target)


@pytest.mark.parametrize("target", WATCHED)
def test_segments_lie_within_those_above_them(target: str) -> None:
    """Each has its kind, and one at depth 0 spans the data."""
    for values in inputs(200):
        segments = watched(values, target).segments
        assert {segment.kind for segment in segments} <= set(KINDS)
        assert [(top.start, top.end) for top in segments if top.depth == 0] == [(0, 200)]
        for segment in segments:
            above = [other for other in segments if other.depth == segment.depth - 1]
            held = any(other.start <= segment.start <= segment.end <= other.end for other in above)
            assert held or segment.depth == 0 or target == "stable"  # an odd block there waits some levels


@pytest.mark.parametrize("target", WATCHED)
def test_each_item_has_the_segment_in_which_it_found_its_place(target: str) -> None:
    """By where it began, also among equal items."""
    for values in inputs(60):
        found = watched(values, target)
        assert len(found.roles) == 60
        places = np.argsort(np.array(values), kind="stable")
        if len(set(values)) == 60:
            assert all(
                found.roles[origin].start <= place < found.roles[origin].end for place, origin in enumerate(places)
            )


def test_a_pivot_belongs_to_its_partition() -> None:
    """One item of a partition finds its place there; its parts hold the others."""
    found = watched([9, 0, 1, 2, 3, 4, 8, 7, 5, 6, 10, 11, 12, 13], "go1.12")
    (top,) = [segment for segment in found.segments if segment.depth == 0]
    assert (top.size, found.roles.count(top)) == (14, 1)


def test_what_costs_is_told_apart() -> None:
    """The construction for Go 1.12 has it fall back to heapsort; a random input has balanced partitions."""
    bad, random = constructed(300, "go1.12"), inputs(300)[0]
    assert bad is not None
    costs = {kind: sum(s.comparisons for s in watched(bad, "go1.12").segments if s.kind == kind) for kind in KINDS}
    assert costs[LOPSIDED] > costs[BALANCED]
    assert costs[HEAPSORT] > 0
    assert all(segment.kind != HEAPSORT for segment in watched(random, "go1.12").segments)


def test_the_last_merge_of_a_stable_sort_is_at_the_top() -> None:
    """It is done last, and costs the most."""
    last = watched(inputs(100)[0], "stable").segments[-1]
    assert (last.kind, last.depth, last.size) == (MERGE, 0, 100)


def test_a_sort_that_divides_nothing_has_no_recursion() -> None:
    """All sorts of Go but one are watched."""
    assert [target for target in (*WATCHED, "heapsort") if recursion([2, 1], target) is None] == ["heapsort"]
