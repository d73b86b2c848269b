"""What a result is told about how good it can be."""

from __future__ import annotations

import pytest

from worstsort.gosort import InvalidInput, UnknownTarget, assess


def test_the_proven_maximum_is_optimal() -> None:
    """A count that reaches the maximum found by enumeration is called optimal."""
    found = assess(57, 12, "go1.12")
    assert (found.optimal, found.maximum, found.bound, found.share) == (True, 57, 57, 1.0)
    assert found.sentence == "proven optimal: no 12 items cost go1.12 more than 57 comparisons"


def test_below_the_proven_maximum() -> None:
    """A count below a known maximum is told which part of it it reaches."""
    found = assess(56, 12, "go1.12")
    assert not found.optimal
    assert found.sentence == "98.2 % of the proven maximum of 57 comparisons for 12 items on go1.12"


def test_share_of_the_bound() -> None:
    """Where only a bound is known, the share of it is given, rounded down."""
    found = assess(54_296, 1000, "go1.12")
    assert (found.optimal, found.maximum, found.bound) == (False, None, 54_297)
    assert found.share == pytest.approx(54_296 / 54_297)
    assert found.sentence == "99.9 % of the proven upper bound of 54,297 comparisons for 1,000 distinct items on go1.12"


def test_reaching_the_bound_is_optimal() -> None:
    """A count that equals the upper bound is optimal though the maximum was not known before."""
    assert assess(54_297, 1000, "go1.12").optimal


def test_inputs_with_ties_have_a_bound_of_their_own() -> None:
    """Where items may be equal, the bound that covers ties is the one that counts."""
    assert assess(54_297, 1000, "go1.12", distinct=False).bound == 54_317


def test_no_bound_known() -> None:
    """Beyond the largest size nothing is claimed."""
    found = assess(1, 1_000_000, "go1.24")
    assert (found.optimal, found.maximum, found.bound, found.share) == (False, None, None, None)
    assert found.sentence == "no upper bound is known for 1,000,000 items on go1.24"


def test_a_count_above_the_bound_is_called_wrong() -> None:
    """A count that cannot be is neither optimal nor passed over."""
    found = assess(58, 12, "go1.12")
    assert not found.optimal
    assert found.sentence.startswith("above the proven upper bound of 57 comparisons")


@pytest.mark.parametrize("size", [0, 1])
def test_nothing_to_compare(size: int) -> None:
    """No items and one item are sorted without a comparison, which is optimal."""
    assert assess(0, size, "go1.24").optimal


def test_bad_questions_are_refused() -> None:
    """A size or target that is none is refused."""
    with pytest.raises(InvalidInput):
        assess(1, -1, "go1.12")
    with pytest.raises(UnknownTarget):
        assess(1, 1, "bogosort")


@pytest.mark.parametrize(
    ("comparisons", "size", "target", "distinct", "said"),
    [
        (66, 13, "heapsort", True, "no 13 distinct items cost heapsort more than 66"),
        (67, 13, "heapsort", False, "no 13 items cost heapsort more than 67"),
        (1131, 100, "heapsort", True, "no 100 distinct items cost heapsort more than 1,131"),
        (1308, 100, "stable", True, "no 100 items cost stable more than 1,308"),
        (2000, 100, "go1.24", False, "comparisons for 100 items on go1.24"),
        (2000, 100, "go1.24", True, "comparisons for 100 distinct items on go1.24"),
    ],
)
def test_the_sentence_says_for_which_inputs_it_holds(
    comparisons: int, size: int, target: str, *, distinct: bool, said: str
) -> None:
    """Distinct ones only, unless what is proven for them is proven for all."""
    assert said in assess(comparisons, size, target, distinct=distinct).sentence
