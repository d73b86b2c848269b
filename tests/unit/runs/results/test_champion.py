"""champion.json, as others hand it over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import ROOT
from worstsort.gosort import upper_bound
from worstsort.runs.errors import InputRefused
from worstsort.runs.results.champion import Champion
from worstsort.runs.results.standing import standing

TEXT = (ROOT / "examples" / "champion.json").read_text()
CONTENT: dict[str, Any] = json.loads(TEXT)


def refusal(content: dict[str, Any]) -> str:
    """Return why a champion is refused."""
    with pytest.raises(InputRefused) as refused:
        Champion.parse(content)
    return str(refused.value)


def test_a_champion_that_a_run_has_left_is_read_as_it_is() -> None:
    """And written byte for byte."""
    assert Champion.parse(CONTENT).model_dump_json() == TEXT
    assert Champion.parse(CONTENT).islands == CONTENT["config"]["islands"]


@pytest.mark.parametrize("field", CONTENT)
def test_a_champion_without_one_of_its_fields_is_refused(field: str) -> None:
    """By the name of the field."""
    assert f"{field}: given nothing," in refusal({name: value for name, value in CONTENT.items() if name != field})


@pytest.mark.parametrize("field", CONTENT)
@pytest.mark.parametrize("value", [None, "*/ x", "a\nb", True, -1, 1.5, [], {}, 2**64, float("nan")])
def test_a_field_holds_nothing_but_what_a_run_writes_there(field: str, value: object) -> None:
    """No other type, no text but names, no number out of range."""
    assert field in refusal(CONTENT | {field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", 99), ("seed", 2), ("preset", "classic"), ("representation", "values"),
        ("values", CONTENT["values"][1:]),
    ],
)  # fmt: skip
def test_a_champion_whose_parts_do_not_fit_together_is_refused(field: str, value: object) -> None:
    """Its size, and what its configuration says too."""
    assert "given" in refusal(CONTENT | {field: value})


@pytest.mark.parametrize(
    "change",
    [
        {"islands": 0}, {"islands": 10**9}, {"islands": "2"}, {"islands": True}, {"x": [1]}, {"x": {"y": {"z": 1}}},
        {"x\x1b": 1}, {"crossover": "\x1b[31m"}, {"stop": {"y": "\u202e"}}, {"x": float("inf")},
    ],
)  # fmt: skip
def test_a_configuration_holds_plain_values(change: dict[str, Any]) -> None:
    """Numbers, names and printable text, and islands that a run can have."""
    assert "config" in refusal(CONTENT | {"config": CONTENT["config"] | change})


def test_a_configuration_may_name_an_operator_that_is_not_installed_here() -> None:
    """Counting its champion needs none."""
    config = CONTENT["config"] | {"crossover": "of a plug-in", "field_of_another_version": 1}
    assert Champion.parse(CONTENT | {"config": config}).values == CONTENT["values"]


def test_a_field_that_no_champion_has_is_refused() -> None:
    """With those that it may have."""
    assert "taget: given 'go1.24', allowed: no such field; one of run_id, target" in refusal(
        CONTENT | {"taget": "go1.24"}
    )


def test_a_champion_is_measured_by_what_its_run_allowed() -> None:
    """Whatever its items happen to be, unless no other distinct items can take more."""
    bounds = {kind: upper_bound(100, "go1.12", kind) for kind in ("any", "distinct")}
    assert bounds == {"any": 2407, "distinct": 2378}
    judged = standing(2377, 100, "go1.12", "any", distinct=True)
    assert judged is not None
    assert (judged.bound, judged.optimal) == (2407, False)
    judged = standing(2378, 100, "go1.12", "any", distinct=True)
    assert judged is not None
    assert (judged.bound, judged.values, judged.optimal) == (2378, "distinct", True)
    judged = standing(2378, 100, "go1.12", "any", distinct=False)
    assert judged is not None
    assert (judged.bound, judged.optimal) == (2407, False)
    assert standing(2378, 100_000, "go1.12", "any", distinct=True) is None
