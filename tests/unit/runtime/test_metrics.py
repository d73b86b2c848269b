"""Metrics are lines that CloudWatch makes metrics of, with the agreed dimensions only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from worstsort.runtime.metrics import DIMENSIONS, METRICS, publish


def lines(text: str) -> list[dict[str, Any]]:
    """Return the JSON objects that were printed, one per line."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables that the template gives functions and the worker."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "stack")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Worstsort")
    monkeypatch.setenv("ENVIRONMENT", "prod")


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_its_value_unit_and_dimensions(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In the embedded metric format."""
    publish({name: 7}, "go1.12")
    (line,) = lines(capsys.readouterr().out)
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "Worstsort"
    assert described["Metrics"] == [{"Name": name, "Unit": METRICS[name].unit.value}]
    assert {frozenset(names) for names in described["Dimensions"]} == {
        frozenset(names) for names in METRICS[name].dimension_sets
    }
    assert set(described["Dimensions"][0]) <= set(DIMENSIONS)
    assert (line[name], line["service"], line["environment"]) == ([7.0], "stack", "prod")


@pytest.mark.usefixtures("deployed")
def test_metrics_of_different_dimensions_are_published_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line has one set of dimensions; nothing of one line is left for the next."""
    publish({"BestComparisons": 9, "StallEpochs": 0}, "stable")
    publish({"RunsFailed": 1})
    printed = lines(capsys.readouterr().out)
    assert [line.get("target") for line in printed] == [None, "stable", None]
    assert [set(METRICS) & set(line) for line in printed] == [{"StallEpochs"}, {"BestComparisons"}, {"RunsFailed"}]
