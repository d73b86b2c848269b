"""Inputs are completed from their preset, and refused field by field."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Literal

import pytest
from annotated_types import Interval
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from worstsort.genetic import (
    CROSSOVERS,
    LOCAL_SEARCHES,
    MUTATIONS,
    POLISHES,
    PRESETS,
    REPRESENTATIONS,
    SEEDINGS,
    SELECTIONS,
    SURVIVALS,
    TOPOLOGIES,
    Tuning,
)
from worstsort.gosort import TARGETS, register
from worstsort.runs.config import (
    EVENTS_OUTSIDE_EPOCHS,
    EVENTS_PER_EPOCH,
    MAX_EPOCHS_PER_EXECUTION,
    MAX_HISTORY_EVENTS,
    RunConfig,
    StopConfig,
    TuningConfig,
)
from worstsort.runs.errors import InputRefused
from worstsort.runs.limits import violations

REGISTRIES = {
    "target": TARGETS, "preset": PRESETS, "representation": REPRESENTATIONS, "selection": SELECTIONS,
    "crossover": CROSSOVERS, "mutation": MUTATIONS, "local_search": LOCAL_SEARCHES, "survival": SURVIVALS,
    "polish": POLISHES, "topology": TOPOLOGIES, "seeding": SEEDINGS,
}  # fmt: skip


def refusal(raw: object) -> dict[str, str]:
    """Return the problems of a refused input, by field."""
    with pytest.raises(InputRefused) as refused:
        RunConfig.parse(raw)
    return {problem.field: str(problem) for problem in refused.value.problems}


def test_an_empty_input_is_a_complete_run() -> None:
    """Every field has a default."""
    config = RunConfig.parse({})
    assert config.target == "go1.24"
    assert config.stop == StopConfig()


@pytest.mark.parametrize(
    ("preset", "target"),
    [("classic", "go1.12"), ("permutation", "go1.24"), ("blackbox", "go1.24"), ("strong", "go1.24")],
)
def test_the_newest_sort_is_the_target_but_for_the_preset_that_follows_an_older_program(
    preset: str, target: str
) -> None:
    """`classic` is for the sort that geneticsort was written for, unless the input names another one."""
    assert RunConfig.parse({"preset": preset}).target == target
    assert RunConfig.parse({"preset": preset, "target": "stable"}).target == "stable"


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_supplies_defaults_that_the_input_overrides(name: str) -> None:
    """What the input gives wins over what the preset says."""
    unfitted = {"preset": name, "representation": PRESETS[name].representation}
    assert RunConfig.parse(unfitted).population == PRESETS[name].population
    assert RunConfig.parse({"preset": name, "population": 33}).population == 33


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_complete_configuration_parses_to_itself(name: str) -> None:
    """What is recorded of a run can start the same run again."""
    config = RunConfig.parse({"preset": name, "stop": {"max_epochs": 3, "max_seconds": 1.5}})
    assert RunConfig.parse(json.loads(config.model_dump_json())) == config


def test_the_finer_parameters_reach_the_algorithm() -> None:
    """Every parameter can be overridden, and one that is not keeps its default."""
    config = RunConfig.parse({"tuning": {"search_steps": 7, "search_heat": 0.5}})
    assert config.tuning.model_dump() == asdict(Tuning(search_steps=7, search_heat=0.5))


def test_every_parameter_is_explained() -> None:
    """docs/parameters.md has one line per field of the input, and no others."""
    names = set(RunConfig.model_fields) - {"stop", "tuning"}
    names |= {f"stop.{name}" for name in StopConfig.model_fields}
    names |= {f"tuning.{name}" for name in TuningConfig.model_fields}
    page = (Path(__file__).parents[3] / "docs" / "parameters.md").read_text()
    lines = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert set(lines) == names
    for field, known in REGISTRIES.items():
        assert set(re.findall(r"`(\w[\w.]*)`", lines[field])) >= set(known), field


@pytest.mark.parametrize(
    ("raw", "field", "said"),
    [
        ({"size": 0}, "size", "given 0, allowed: an integer from 2 to 100000"),
        ({"size": -1}, "size", "given -1"),
        ({"size": 10**9}, "size", "given 1000000000"),
        ({"size": "10"}, "size", "given '10'"),
        ({"size": True}, "size", "given True"),
        ({"size": 1.5}, "size", "given 1.5"),
        ({"target": "go1.99"}, "target", "one of go1.12, go1.19, go1.24, heapsort, stable"),
        ({"islands": 0}, "islands", "from 1 to 1000"),
        ({"sizes": 10}, "sizes", "no such field; one of target, size"),
        ({"stop": {"max_epoch": 1}}, "stop.max_epoch", "no such field; one of max_epochs"),
        ({"stop": {"max_epochs": 0}}, "stop.max_epochs", "from 1 to 100000"),
        ({"stop": {"max_seconds": float("nan")}}, "stop.max_seconds", "given nan"),
        ({"stop": 5}, "stop", "an object with the fields max_epochs"),
        ({"population": 2, "tournament_size": 3}, "tournament_size", "1 to 2, the population"),
        ({"population": 8, "migrants": 8}, "migrants", "0 to 7"),
        ({"crossover": "order"}, "crossover", "one_point, two_point, uniform for decisions"),
        ({"preset": "permutation", "crossover": "one_point"}, "crossover", "for permutation"),
        ({"preset": "permutation", "mutation": "index"}, "mutation", "for permutation"),
        ({"tuning": {"search_steps": 0}}, "tuning.search_steps", "given 0, allowed: an integer from 1 to 10000"),
        ({"tuning": {"heat": 1}}, "tuning.heat", "no such field; one of tournament_probability"),
        ({"population": 4, "tuning": {"elites": 4}}, "tuning.elites", "0 to 3"),
        ({"preset": "none such"}, "preset", "one of "),
        ({"seed": 2**63}, "seed", "from 0 to 9223372036854775807"),
        ([], "input", "a JSON object"),
        ("{}", "input", "a JSON object"),
        (None, "input", "a JSON object"),
    ],
)
def test_a_refusal_names_the_field_what_was_given_and_what_is_allowed(raw: object, field: str, said: str) -> None:
    """A person can mend the input from the message alone."""
    assert said in refusal(raw)[field]


def test_all_problems_are_named_at_once() -> None:
    """Nobody has to mend an input one message at a time."""
    assert set(refusal({"size": 0, "target": "x", "more": 1})) == {"size", "target", "more"}


class Nested(BaseModel):
    """What a field of the extended configuration may hold."""

    model_config = ConfigDict(extra="forbid", strict=True)

    depth: int = Field(1, ge=1, le=3)
    height: int = 1


class ExtendedConfig(RunConfig):
    """A configuration with a new field of each type."""

    label: str = "none"
    short: str = Field("none", max_length=4)
    tags: list[str] = Field(default_factory=list)
    weights: list[Annotated[int, Interval(ge=1, le=9)]] = Field(default_factory=list)
    shares: dict[str, float] = Field(default_factory=dict)
    eager: bool = False
    mode: Literal["slow", "fast"] = "slow"
    limit: int | None = Field(None, ge=1)
    either: int | str = 1
    nested: Nested = Nested()
    several: list[Nested] = Field(default_factory=list)
    chance: Annotated[float, Interval(gt=0, lt=1)] = 0.5
    chosen: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    ("raw", "field", "said"),
    [
        ({"label": 5}, "label", "label: given 5, allowed: text"),
        ({"short": "longer"}, "short", "String should have at most 4 characters"),
        ({"tags": "a"}, "tags", "tags: given 'a', allowed: a list"),
        ({"tags": ["a", 5]}, "tags.1", "tags.1: given 5, allowed: text"),
        ({"weights": [1, 0]}, "weights.1", "weights.1: given 0, allowed: an integer from 1 to 9"),
        ({"shares": []}, "shares", "shares: given [], allowed: an object"),
        ({"shares": {"a": "b"}}, "shares.a", "shares.a: given 'b', allowed: a number"),
        ({"eager": 1}, "eager", "eager: given 1, allowed: true or false"),
        ({"mode": "idle"}, "mode", "mode: given 'idle', allowed: one of slow, fast"),
        ({"limit": 0}, "limit", "limit: given 0, allowed: an integer from 1, or null"),
        ({"either": 1.5}, "either.int", "allowed: an integer or text"),
        ({"nested": 7}, "nested", "nested: given 7, allowed: an object with the fields depth, height"),
        ({"nested": {"depth": 4}}, "nested.depth", "nested.depth: given 4, allowed: an integer from 1 to 3"),
        (
            {"nested": {"width": 4}},
            "nested.width",
            "nested.width: given 4, allowed: no such field; one of depth, height",
        ),
        ({"several": [{"width": 4}]}, "several.0.width", "given 4, allowed: no such field; one of depth, height"),
        ({"chosen": 5}, "chosen", "chosen: given 5, allowed: frozenset"),
        ({"chance": 1.0}, "chance", "chance: given 1.0, allowed: a number over 0 to under 1"),
    ],
)
def test_a_new_field_of_any_type_is_refused_in_plain_words(raw: dict[str, object], field: str, said: str) -> None:
    """Declaring the field is all that it takes."""
    with pytest.raises(InputRefused) as refused:
        ExtendedConfig.parse(raw)
    assert said in {problem.field: str(problem) for problem in refused.value.problems}[field]


def test_a_field_without_a_default_is_asked_for() -> None:
    """What is missing is named like what is wrong."""

    class Demanding(RunConfig):
        owner: str

    with pytest.raises(InputRefused, match="owner: given nothing, allowed: text"):
        Demanding.parse({})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=3)


@settings(deadline=None)  # a loaded machine refuses nothing
@given(st.dictionaries(st.sampled_from([*RunConfig.model_fields, "é"]), JSON))
def test_any_input_is_parsed_or_refused(raw: dict[str, object]) -> None:
    """No input whatsoever raises anything but a refusal."""
    with contextlib.suppress(InputRefused):
        RunConfig.parse(raw)


def test_no_number_of_epochs_makes_a_history_overflow() -> None:
    """The machine continues in another execution before that, after at most as many epochs as may be asked for."""
    assert EVENTS_OUTSIDE_EPOCHS + EVENTS_PER_EPOCH * MAX_EPOCHS_PER_EXECUTION <= MAX_HISTORY_EVENTS
    longest = RunConfig.parse({"epochs_per_execution": MAX_EPOCHS_PER_EXECUTION, "stop": {"max_epochs": 100_000}})
    assert longest.epochs_per_execution == 980
    assert "from 1 to 980" in refusal({"epochs_per_execution": 981})["epochs_per_execution"]


def test_a_population_that_does_not_fit_a_worker_is_refused() -> None:
    """The projected bytes are in the message, and the largest population that would do is allowed indeed."""
    raw = {"preset": "classic", "size": 100_000, "population": 100_000}
    (problem,) = violations(RunConfig.parse(raw))
    most = int(problem.allowed.split()[2])
    assert violations(RunConfig.parse(raw | {"population": most})) == []
    assert violations(RunConfig.parse(raw | {"population": most + 1})) != []


def test_a_sort_that_was_registered_is_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are read when an input is validated, not when the program starts."""
    monkeypatch.setitem(vars(TARGETS), "_targets", dict(vars(TARGETS)["_targets"]))
    assert "target" in refusal({"target": "mine"})
    register(replace(TARGETS["go1.12"], name="mine"))
    assert RunConfig.parse({"target": "mine"}).target == "mine"
    assert "heapsort, mine, stable" in refusal({"target": "none"})["target"]


def test_a_target_is_recorded_by_its_own_name() -> None:
    """Whatever it was asked for as."""
    assert RunConfig.parse({"target": "pdqsort"}) == RunConfig.parse({"target": "go1.24"})


def test_plans_are_refused_where_nothing_is_planned() -> None:
    """For another sort, or for more items than can be played in reasonable time."""
    given = {"representation": "plan", "mutation": "nudge"}
    for unfit in ({"target": "go1.12"}, {"target": "go1.24", "size": 10_001}):
        assert "plan, which is for go1.19 and go1.24 of up to 10,000 items" in refusal(given | unfit)["representation"]
    assert RunConfig.parse(given | {"target": "go1.19", "size": 10_000, "values": "distinct"}).values == "distinct"


def test_distinct_values_are_refused_for_chromosomes_that_may_repeat_them() -> None:
    """Which `values` may, as in the preset `classic`; other kinds of values are unknown."""
    assert "any for chromosomes of values" in refusal({"preset": "classic", "values": "distinct"})["values"]
    assert "one of any, distinct" in refusal({"values": "equal"})["values"]
    assert RunConfig.parse({"values": "distinct"}).representation == "plan"
