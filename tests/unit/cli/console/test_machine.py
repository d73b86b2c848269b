"""The state machine as a graph."""

from __future__ import annotations

import json
from typing import Any

from tests.support.command import ROOT
from worstsort_cli.console.readings.machine import START, graph

DEFINITION: dict[str, Any] = json.loads((ROOT / "statemachine" / "evolve.asl.json").read_text())
GRAPH = graph(DEFINITION)


def test_every_state_is_a_node_within_the_state_that_holds_it() -> None:
    """Also those inside a Map."""
    parents = {node["name"]: node["parent"] for node in GRAPH["nodes"]}
    assert set(parents) == {START, *DEFINITION["States"], "SeedIslands"}
    assert parents.pop("SeedIslands") == "SeedPopulations"
    assert set(parents.values()) == {None}


def test_every_edge_leads_from_a_state_to_a_state() -> None:
    """And every state but the first is led to."""
    names = {node["name"] for node in GRAPH["nodes"]}
    ends = {edge["to"] for edge in GRAPH["edges"]}
    assert {edge["from"] for edge in GRAPH["edges"]} | ends <= names
    assert ends == names - {START, "SeedIslands"}


def test_an_edge_says_when_it_is_taken() -> None:
    """After an error, by default, or on a condition in short."""
    labels = {(edge["from"], edge["to"]): edge["label"] for edge in GRAPH["edges"]}
    assert labels["CloseEpoch", "ContinueOrStop"] == ""
    assert labels["CloseEpoch", "RecordFailure"] == "caught"
    assert labels["HowManyIslands", "EvolveIslands"] == "islands > 1"
    assert labels["ContinueOrStop", "FinishRun"] == "default"
    assert labels["ContinueOrStop", "NextEpoch"] == "closed.decision = continue and epoch < $.until"


def test_branches_and_negations_are_read_too() -> None:
    """Whatever machine a stack runs."""
    branch = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
    negated = {"Not": {"Or": [{"Variable": "$.a", "IsNull": True}]}, "Next": "P"}
    states = {
        "C": {"Type": "Choice", "Choices": [negated]},
        "P": {"Type": "Parallel", "Branches": [branch], "End": True},
    }
    made = graph({"StartAt": "C", "States": states})
    assert {"name": "B", "type": "Pass", "comment": "", "parent": "P"} in made["nodes"]
    assert {"from": "C", "to": "P", "label": "not a IsNull True"} in made["edges"]
