"""Run ids."""

from __future__ import annotations

import pytest

from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort.runs.run_id import check_run_id, continuation_problems, name_with_suffix


@pytest.mark.parametrize("run_id", ["a", "7", "go1_12-n100", "x" * 80])
def test_what_an_execution_can_be_named_is_a_run_id(run_id: str) -> None:
    """Up to the longest name."""
    check_run_id(run_id, "--name")


@pytest.mark.parametrize("run_id", ["", "-a", "_a", "a b", "a.b", "é", "x" * 81, "a\n"])
def test_anything_else_is_refused(run_id: str) -> None:
    """By the name of the field, with the rule."""
    with pytest.raises(InputRefused, match=r"--name: given .*, allowed: letters, digits, - and _, at most 80"):
        check_run_id(run_id, "--name")


@pytest.mark.parametrize(("run_id", "expected"), [("r", "r-resumed"), ("x" * 80, "x" * 72 + "-resumed")])
def test_a_suffix_shortens_a_run_id_that_leaves_no_room(run_id: str, expected: str) -> None:
    """The suffix is always whole."""
    assert name_with_suffix(run_id, "-resumed") == expected


def test_a_run_of_several_executions_needs_room_for_their_numbers() -> None:
    """A run of one execution does not."""
    several = RunConfig.parse({"size": 20, "epochs_per_execution": 2, "stop": {"max_epochs": 12}})
    single = RunConfig.parse({"size": 20, "epochs_per_execution": 12, "stop": {"max_epochs": 12}})
    assert continuation_problems("a" * 77, several) == []
    (problem,) = continuation_problems("a" * 78, several)
    assert problem.allowed == "at most 77 characters, as the run takes 6 executions"
    assert continuation_problems("a" * 80, single) == []
