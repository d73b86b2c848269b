"""Which run an execution is for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from worstsort.control.executions import run_of


@pytest.mark.parametrize(
    ("given", "run_id"),
    [
        ({"continues": "r", "part": 2}, "r"),
        ({"resume": "r"}, "r"),
        ({"size": 10}, "name"),
        ([], "name"),
        (None, "name"),
        ({"continues": ""}, "name"),
        ({"resume": ""}, "name"),
        ({"resume": 7}, "name"),
        ({"continues": "x" * 3_000}, "name"),
        ({"resume": "a run"}, "name"),
        ({"resume": "\ud800"}, "name"),
    ],
)
def test_the_run_is_the_one_that_an_input_names_if_it_can_be_one(given: Any, run_id: str) -> None:
    """Whatever a refused input names, its failure is recorded under a key that a table can have."""
    assert run_of("name", json.dumps(given)) == run_id
