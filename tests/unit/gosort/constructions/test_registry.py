"""Inputs made to cost much, without a search."""

from __future__ import annotations

import pytest

from worstsort.gosort import TARGETS, InvalidInput, Target, constructed, count_plain, register, upper_bound
from worstsort.gosort.constructions.registry import CONSTRUCTIONS

LEAST = {
    "go1.12": {100: 2378, 500: 23040, 1000: 54291},
    "go1.24": {100: 3009, 500: 22666, 1000: 60512},
    "go1.19": {100: 2970, 500: 22591, 1000: 60385},
    "heapsort": {100: 1131, 500: 7953, 1000: 17926},
    "stable": {100: 1308, 500: 8512, 1000: 18761},
}
"""What the constructions cost, by size."""


def bound(size: int, target: str) -> int:
    """Return the bound of a target that has one."""
    comparisons = upper_bound(size, target, "distinct")
    assert comparisons is not None
    return comparisons


@pytest.mark.long
@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("size", [0, 1, 2, 3, *range(13, 200, 11), 200])
def test_every_size_can_be_had(target: str, size: int) -> None:
    """A construction is a permutation of 0..size-1, and within the bound."""
    values = constructed(size, target)
    assert sorted(values or []) == list(range(size))
    assert count_plain(values, target) <= bound(size, target)


@pytest.mark.long
@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("size", [100, 500, 1000])
def test_constructions_cost_what_is_claimed(target: str, size: int) -> None:
    """The counts that the documents name."""
    assert count_plain(constructed(size, target), target) == LEAST[target][size]


@pytest.mark.long
@pytest.mark.parametrize("target", ["go1.24", "go1.19"])
def test_long_segments_are_mended_in_vain(target: str) -> None:
    """From 60 items on the construction costs 0.4 of what no input can exceed, far above random input's sixth."""
    for size in range(60, 200, 7):
        assert count_plain(constructed(size, target), target) > 0.4 * bound(size, target)


def test_no_construction_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target of somebody else's has none."""
    monkeypatch.setitem(vars(TARGETS), "_targets", dict(vars(TARGETS)["_targets"]))
    register(Target(name="unstudied", sort=TARGETS["heapsort"].sort))
    assert constructed(10, "unstudied") is None


def test_heapsort_of_any_values_is_built_with_equal_ones() -> None:
    """Where that costs a comparison more; elsewhere, and on other targets, it is the permutation."""
    tied = constructed(100, "heapsort", "any")
    assert tied is not None
    assert len(set(tied)) < 100
    assert count_plain(tied, "heapsort") == 1_132
    for size, target in ((500, "heapsort"), (100, "go1.12")):
        assert constructed(size, target, "any") == constructed(size, target)
    with pytest.raises(InvalidInput, match="any or distinct"):
        constructed(100, "heapsort", "equal")
