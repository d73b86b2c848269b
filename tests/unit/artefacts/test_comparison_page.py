"""The page that compares configurations, from runs that are made up."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.hostile import TEXTS
from worstsort.analysis.comparison import compare
from worstsort.analysis.runtimes import Curve
from worstsort.artefacts.comparison_page import comparison_page, problem_data


def runs(configuration: str, bests: list[int], first: int = 10) -> list[Curve]:
    """Return a run of two generations for each best."""
    return [
        Curve(f"{configuration}{seed}", configuration, seed, "go1.12", 50, [10, best], [first, 100 + seed], [0.1, 0.2])
        for seed, best in enumerate(bests)
    ]


def test_curves_are_known_from_where_every_run_has_a_first_generation() -> None:
    """Before that there is none; the share of goals begins at nothing and ends at what was reached."""
    (problem,) = compare([*runs("a", [20, 30, 40, 50]), *runs("b", [20, 20, 20, 20], first=40)])
    data = problem_data(problem)
    first, second = data["groups"]
    assert [group["configuration"] for group in (first, second)] == ["a", "b"]
    assert (first["median"][0], first["median"][-1]) == (10, 35)
    assert second["median"][0] is None
    assert second["median"][-1] == second["low"][-1] == 20
    assert first["ecdf"][0] == 0.0
    assert first["to_goal"][-1] == 1.0
    assert first["ecdf"] == sorted(first["ecdf"])
    lengths = {len(group[name]) for group in data["groups"] for name in ("low", "median", "high", "ecdf", "to_goal")}
    assert lengths == {len(data["evaluations"])}


@pytest.mark.parametrize(("first", "begins_at"), [(0, 1), (1, 1), (2, 2), (40, 40)])
def test_curves_are_drawn_from_the_first_to_the_last_number_that_any_run_reports(first: int, begins_at: int) -> None:
    """From one at the least, as their scale is logarithmic."""
    (problem,) = compare([*runs("a", [20, 30], first=first), *runs("b", [20, 20, 20], first=60)])
    evaluations = problem_data(problem)["evaluations"]
    assert (evaluations[0], evaluations[-1]) == (begins_at, 102)
    assert evaluations == sorted(set(evaluations))


def test_the_page_says_in_its_tables_what_is_in_its_charts() -> None:
    """Readers without scripts have the tables, and the medians as a picture."""
    page = comparison_page(compare([*runs("a", [20, 30, 40, 50]), *runs("b", [21, 22, 23, 24])]), "Two compared")
    for said in (
        "<h1>Two compared</h1>",
        '<th scope="row">a</th>',
        "a against b",
        "no difference beyond chance",
        "<svg",
    ):
        assert said in page
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', page) == []


def test_one_configuration_alone_has_no_tests() -> None:
    """That is said instead."""
    page = comparison_page(compare(runs("a", [20, 30])), "One configuration")
    assert "There is one configuration only." in page


@pytest.mark.parametrize("text", TEXTS)
def test_no_name_gets_out_of_its_place(text: str) -> None:
    """Whatever a sweep's folder or setting is called, the page's data are read as JSON, and no element is added."""
    page = comparison_page(compare([*runs(text, [20, 30]), *runs("b", [21, 22])]), text)
    plain = comparison_page(compare([*runs("x", [20, 30]), *runs("b", [21, 22])]), "x")
    assert len(re.findall("<[a-z]", page)) <= len(re.findall("<[a-z]", plain))
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert len(json.loads(data)["problems"][0]["groups"]) == 2
