"""Which runs a sweep has, and what is refused before any begins."""

from __future__ import annotations

from typing import Any

import pytest

from worstsort.runs.errors import InputRefused
from worstsort_cli.files.sweep_folder.grid import configurations, plan, seeds_of, settings_of

BASE = {"target": "go1.12", "preset": "classic", "size": 40}


@pytest.mark.parametrize(
    ("text", "seeds"), [("1-3", [1, 2, 3]), ("7", [7]), ("1,5,7-9", [1, 5, 7, 8, 9]), ("0, 2", [0, 2])]
)
def test_seeds_are_numbers_and_ranges(text: str, seeds: list[int]) -> None:
    """In the order in which they are named."""
    assert seeds_of(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "3-1", "1-", "-1", "1,,2", "1-3,2", "1-99999999", "1.5"])
def test_what_are_no_seeds_is_refused(text: str) -> None:
    """The message names the option, what was given and what is allowed."""
    with pytest.raises(InputRefused, match=r"--seeds: given .*, allowed: integers and ranges such as 1-20"):
        seeds_of(text)


def test_settings_are_fields_with_values_in_json_or_names() -> None:
    """A field of `stop` is named with a dot."""
    found = settings_of(["population=32,64", "preset=classic,strong", "stop.stall_epochs=null,3", "mutation_ratio=0.5"])
    assert found == {
        "population": [32, 64],
        "preset": ["classic", "strong"],
        "stop.stall_epochs": [None, 3],
        "mutation_ratio": [0.5],
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["population"], "--set: given 'population', allowed: FIELD=VALUE"),
        (["population="], "--set: given 'population=', allowed: FIELD=VALUE"),
        (["a.b.c=1"], "--set: given 'a.b.c=1', allowed: FIELD=VALUE"),
        (["seed=1,2"], "allowed: any field but seed: --seeds names those"),
        (["size=4", "size=5"], "--set: given 'size=5', allowed: each field once"),
    ],
)
def test_settings_of_another_form_are_refused(given: list[str], said: str) -> None:
    """Before any run is planned."""
    with pytest.raises(InputRefused, match=said):
        settings_of(given)


def test_every_combination_is_planned_with_every_seed_seed_by_seed() -> None:
    """So that an interrupted sweep has about as many runs of each configuration."""
    runs = plan(BASE, [1, 2], {"population": [50, 60], "stop.max_epochs": [3]})
    assert [(run.config.seed, run.config.population, run.config.stop.max_epochs) for run in runs] == [
        (1, 50, 3),
        (1, 60, 3),
        (2, 50, 3),
        (2, 60, 3),
    ]
    assert [run.configuration for run in runs[:2]] == [
        "population=50, stop.max_epochs=3",
        "population=60, stop.max_epochs=3",
    ]
    assert len({run.run_id for run in runs}) == 4


def test_a_field_of_stop_leaves_the_others_of_the_input_as_they_are() -> None:
    """They are laid over each other."""
    (run,) = plan(BASE | {"stop": {"max_epochs": 4}}, [1], {"stop.stall_epochs": [2]})
    assert (run.config.stop.max_epochs, run.config.stop.stall_epochs) == (4, 2)


def test_configurations_are_called_by_how_they_search_and_not_by_what() -> None:
    """Runs of one size are compared with each other; without other settings the preset names them."""
    assert {run.configuration for run in plan(BASE, [1], {"size": [40, 50]})} == {"classic"}
    assert [count for _, count in configurations(plan(BASE, [1, 2, 3], {"size": [40, 50]}))] == [3, 3]
    assert [count for _, count in configurations(plan(BASE, [1, 2], {"tuning": [{}]}))] == [2]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"populations": [50]}, "populations: given 50, allowed: no such field; one of target, size"),
        ({"stop.epochs": [5]}, "stop.epochs: given 5, allowed: no such field; one of max_epochs"),
        ({"population": [50, 1]}, "population: given 1, allowed"),
        ({"preset": ["classic", "fast"]}, "preset: given 'fast', allowed: one of"),
        ({"target": ["go1.12", "go1.99"]}, "target: given 'go1.99', allowed: one of go1.12"),
        ({"population": [50, 50]}, "--set: given 'population=50', allowed: each configuration once"),
        ({"tuning": [3]}, "tuning: given 3, allowed: an object"),
    ],
)
def test_what_no_run_may_have_is_refused_by_its_name(settings: dict[str, list[Any]], said: str) -> None:
    """Once, however many combinations have it."""
    with pytest.raises(InputRefused, match=said) as refused:
        plan(BASE, [1, 2], settings)
    assert len(refused.value.problems) == 1


def test_more_runs_than_a_sweep_may_have_are_refused() -> None:
    """Seeds times combinations."""
    with pytest.raises(InputRefused, match="given '20,000 runs', allowed: at most 10,000"):
        plan(BASE, list(range(5000)), {"population": [50, 60], "islands": [1, 2]})
