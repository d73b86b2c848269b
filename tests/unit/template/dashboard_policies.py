"""Policies for how the dashboard is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

COLUMNS = 24
"""The width of a dashboard."""

STATISTICS = {
    "IslandsRunning": ("Sum", 60),  # each worker counts itself once a minute
    "IslandsEnded": ("Sum", 60),
    "StallEpochs": ("Maximum", None),
    "JobSeconds": ("Sum", None),
    "ExecutionsStarted": ("Sum", None),
    "ExecutionsSucceeded": ("Sum", None),
    "ExecutionsFailed": ("Sum", None),
    "ExecutionsAborted": ("Sum", None),
    "ExecutionsTimedOut": ("Sum", None),
    "ConsumedWriteCapacityUnits": ("Sum", None),
    "ConsumedReadCapacityUnits": ("Sum", None),
    "Duration": ("Sum", None),
}
"""The statistic of each metric, and its period in seconds, None for the graph's."""

SEARCHES = {"BestComparisons": "'Maximum', 60)", "Evaluations": "'Sum', 60)) / 60"}
"""How the expression of each metric by target ends: the best one, and the sum of a minute by its seconds."""


def _widgets(system: System) -> list[Json]:
    dashboard = system.of("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::ToJsonString"]
    widgets: list[Json] = dashboard["widgets"]
    return widgets


def _metrics(widget: Json) -> Iterable[tuple[str, tuple[str | None, int | None]]]:
    """Yield the metrics that a widget names, each with its statistic and period."""
    properties = widget["properties"]
    for metric in properties.get("metrics", []):
        if not isinstance(metric[0], dict):
            own = metric[-1] if isinstance(metric[-1], dict) and "stat" in metric[-1] else properties
            yield metric[1], (own.get("stat"), own.get("period"))


def _expressions(widget: Json) -> Iterable[str]:
    for metric in widget["properties"].get("metrics", []):
        if isinstance(metric[0], dict):
            yield metric[0]["expression"]["Fn::Sub"]


@POLICIES.add(
    "Widgets that fill their rows are read at a glance; a gap or a lone one below looks as if something were missing.",
    lambda s: _widgets(s)[0].update(width=8),
    lambda s: _widgets(s)[3].update(height=12),
    lambda s: _widgets(s).pop(4),
    lambda s: _widgets(s)[1].pop("height"),
)
def widgets_fill_their_rows(system: System) -> Iterable[str]:
    left = COLUMNS
    for widget in _widgets(system):
        title = widget["properties"]["title"]
        if widget.get("height") != 6:
            yield f"{title} is not as high as the others"
        if widget["width"] > left:
            yield f"{title} does not fit into its row"
        left = (left - widget["width"]) % COLUMNS or COLUMNS
    if left != COLUMNS:
        yield f"the last row has a gap of {left} columns"


@POLICIES.add(
    "A sum where a maximum is meant, or the graph of another region, is a wrong number that looks like a right one.",
    lambda s: _widgets(s)[0]["properties"].pop("region"),
    lambda s: _widgets(s)[1]["properties"].update(region="us-east-1"),
    lambda s: _widgets(s)[2]["properties"]["metrics"][0][-1].update(period=300),
    lambda s: _widgets(s)[4]["properties"]["metrics"][0][-1].update(stat="Sum"),
    lambda s: _widgets(s)[5]["properties"].pop("stat"),
    lambda s: _widgets(s)[3]["properties"]["metrics"][0][0]["expression"].update(
        {"Fn::Sub": "SUM(SEARCH('{Worstsort} MetricName=\"Evaluations\"', 'Sum', 60)) / 300"}
    ),
)
def graphs_show_the_statistic_that_is_meant(system: System) -> Iterable[str]:
    shown: set[str] = set()
    for widget in _widgets(system):
        title, properties = widget["properties"]["title"], widget["properties"]
        if widget["type"] != "alarm" and properties.get("region") != {"Ref": "AWS::Region"}:
            yield f"{title} is of another region"
        for name, how in _metrics(widget):
            shown.add(name)
            if STATISTICS.get(name) != how:
                yield f"{title}: {name} by {how}"
        for expression in _expressions(widget):
            (name,) = [name for name in SEARCHES if f'"{name}"' in expression] or [""]
            shown.add(name)
            if not expression.rstrip().endswith(SEARCHES.get(name, "nothing")):
                yield f"{title} ends with {expression[-20:]}"
    missing: Any = {*STATISTICS, *SEARCHES} - shown
    yield from (f"{name} is not shown" for name in sorted(missing))
