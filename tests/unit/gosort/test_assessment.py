"""What a result is told about how good it can be."""

from __future__ import annotations

import pytest

from worstsort.gosort import InvalidInput, UnknownTarget, assess, proven_optimal
from worstsort.gosort.assessment import percent, thousandths


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
    found = assess(54_290, 1000, "go1.12", "distinct")
    assert (found.optimal, found.maximum, found.bound) == (False, None, 54_291)
    assert found.share == pytest.approx(54_290 / 54_291)
    assert found.sentence == "99.9 % of the proven upper bound of 54,291 comparisons for 1,000 distinct items on go1.12"


def test_reaching_the_bound_is_optimal() -> None:
    """A count that equals the upper bound is optimal though the maximum was not known before."""
    assert assess(54_291, 1000, "go1.12", "distinct").optimal


def test_inputs_with_ties_have_a_bound_of_their_own() -> None:
    """Where items may be equal, the bound that covers ties is the one that counts."""
    assert assess(54_291, 1000, "go1.12").bound == 54_317


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
    ("comparisons", "size", "target", "values", "said"),
    [
        (66, 13, "heapsort", "distinct", "no 13 distinct items cost heapsort more than 66"),
        (67, 13, "heapsort", "any", "no 13 items cost heapsort more than 67"),
        (1131, 100, "heapsort", "distinct", "no 100 distinct items cost heapsort more than 1,131"),
        (1308, 100, "stable", "distinct", "no 100 items cost stable more than 1,308"),
        (2000, 100, "go1.24", "any", "comparisons for 100 items on go1.24"),
        (2000, 100, "go1.24", "distinct", "comparisons for 100 distinct items on go1.24"),
    ],
)
def test_the_sentence_says_for_which_inputs_it_holds(
    comparisons: int, size: int, target: str, values: str, said: str
) -> None:
    """Distinct ones only, unless what is proven for them is proven for all."""
    assert said in assess(comparisons, size, target, values).sentence


def test_a_share_is_rounded_down_so_that_only_all_of_it_reads_as_all() -> None:
    """99.66 % is neither 1.00 nor 100 %, whatever the counts."""
    assert percent(2370, 2378) == "99.6 %"
    assert percent(999_999_999, 1_000_000_000) == "99.9 %"
    shown = {(part, whole): percent(part, whole) for whole in range(1, 400) for part in range(whole + 1)}
    assert {pair for pair, share in shown.items() if share == "100.0 %"} == {(whole, whole) for whole in range(1, 400)}
    assert all(thousandths(part, whole) < 1000 for part, whole in shown if part < whole)


@pytest.mark.parametrize(
    ("comparisons", "size", "target", "values", "optimal"),
    [
        (2_378, 100, "go1.12", "distinct", True),
        (2_377, 100, "go1.12", "distinct", False),
        (2_378, 100, "go1.12", "any", False),
        (67, 13, "heapsort", "any", True),
        (66, 13, "heapsort", "any", False),
        (66, 13, "heapsort", "distinct", True),
        (8_512, 500, "stable", "any", True),
        (66, 12, "pdqsort", "any", True),
        (3_829, 100, "go1.24", "distinct", False),  # the bound itself, which no input is known to reach
    ],
)
def test_only_a_proof_for_these_values_leaves_nothing_to_find(
    comparisons: int, size: int, target: str, values: str, *, optimal: bool
) -> None:
    """Then it says what `assess` says, and otherwise nothing."""
    sentence = assess(comparisons, size, target, values).sentence if optimal else ""
    assert proven_optimal(comparisons, size, target, values) == sentence


def test_what_takes_long_to_tell_is_not_told() -> None:
    """Above 10,000 items the bound for go1.12 takes more than some seconds."""
    assert proven_optimal(1, 10_001, "go1.12", "distinct") == ""
