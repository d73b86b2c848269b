"""What a trial of mutants says in the end."""

from __future__ import annotations

import pytest

from tools.mutants.report import is_enough, table
from tools.mutants.trying import Verdict


@pytest.mark.parametrize(
    ("noticed", "drawn", "enough"),
    [
        (20, 20, True),
        (11, 20, True),
        (10, 20, False),  # so few or fewer happen once in 4,000 times where 85 % of all are noticed
        (1, 1, True),
        (0, 1, True),  # nothing is known from one
        (0, 4, False),
        (235, 300, True),
        (234, 300, False),
    ],
)
def test_a_sample_is_too_bad_once_chance_does_not_explain_it(noticed: int, drawn: int, *, enough: bool) -> None:
    """At a floor of 85 %, less than once in a thousand times."""
    assert is_enough(noticed, drawn, 0.85) is enough


def test_nothing_is_too_bad_without_a_floor_and_all_must_be_noticed_at_a_hundred() -> None:
    """The ends of the scale."""
    assert is_enough(0, 100, 0)
    assert is_enough(100, 100, 1)
    assert not is_enough(99, 100, 1)


def test_the_table_adds_up_what_is_noticed_from_depth_to_depth() -> None:
    """One row per part that mutants were drawn from, in the order of the parts, and one for all."""
    verdicts = [
        Verdict("runs", "a", "near", "a test"),
        Verdict("runs", "b", "unit", "a test"),
        Verdict("runs", "c", "test", ""),
        Verdict("gosort", "d", "test", "a test"),
    ]
    assert list(table(verdicts, "test")) == [
        "| part | drawn | near | unit | test |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| gosort | 1 | 0% | 0% | 100% |",
        "| runs | 3 | 33% | 67% | 67% |",
        "| all | 4 | 25% | 50% | 75% |",
    ]
