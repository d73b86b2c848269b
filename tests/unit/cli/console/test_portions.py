"""What is read of much, and in which order."""

from __future__ import annotations

import pytest

from worstsort_cli.console.readings.portions import FIRST, LATER, Portions, coarse_first, thinned


@pytest.mark.parametrize(("last", "read"), [(0, [0]), (3, [0, 1, 2, 3]), (4, [0, 2, 4]), (9, [0, 4, 8])])
def test_no_more_is_read_than_is_shown(last: int, read: list[int]) -> None:
    """Every one of few numbers, and of many the multiples of a power of two."""
    assert list(thinned(last, 4)) == read


def test_what_was_read_stays_good_as_a_run_goes_on() -> None:
    """Nothing is read again, however far it goes: what is shown later has been shown before, or is new."""
    seen = set(thinned(1_000, 100))
    for last in range(1_000, 5_000, 7):
        shown = set(thinned(last, 100))
        assert {number for number in shown if number <= 1_000} <= seen
        assert 50 <= len(shown) <= 101


def test_the_shape_is_there_before_its_details() -> None:
    """The ends of long stretches come before what is between them."""
    assert coarse_first(range(9)) == [0, 8, 4, 2, 6, 1, 3, 5, 7]


def test_little_is_waited_for_and_more_is_read_beside_the_answers() -> None:
    """One call of BatchGetItem, then eight for each reading."""
    portions = Portions()
    assert [portions.next() for _ in range(3)] == [FIRST, LATER, LATER]
