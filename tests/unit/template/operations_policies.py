"""Policies for operations: who is notified of what, and whether the dashboard shows what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies
from worstsort.runtime.metrics import DIMENSIONS, METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

ALARMED = {
    ("AWS/States", "ExecutionsFailed"): "failed executions",
    ("AWS/States", "ExecutionsTimedOut"): "executions that timed out",
    ("AWS/States", "ExecutionThrottled"): "throttled executions",
    ("AWS/Lambda", "Errors"): "errors of functions",
    ("AWS/Events", "TriggeredRules"): "jobs that cannot start",
    ("Worstsort", "StallEpochs"): "stagnation",
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): "events that were not delivered",
}
NAMESPACE = "Worstsort"


def _alarms(system: System) -> dict[str, Json]:
    return system.of("CloudWatch::Alarm")


def _watched(alarm: Json) -> list[Json]:
    """Return the metrics of an alarm, each with namespace, name and dimensions."""
    return [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query] or [alarm]


def _dashboard(system: System) -> list[Json]:
    widgets: list[Json] = system.of("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::ToJsonString"][
        "widgets"
    ]
    return widgets


@POLICIES.add(
    "Without an alarm, a failure is noticed when the bill arrives.",
    lambda s: s.resources.pop("RunsFailedAlarm"),
    lambda s: s.resources.pop("StagnationAlarm"),
    lambda s: _alarms(s)["JobsStuckAlarm"].pop("AlarmActions"),
    lambda s: _alarms(s)["RunsTimedOutAlarm"].pop("TreatMissingData"),
    lambda s: s.resources.pop("Notifications"),
)
def there_is_an_alarm_for_everything_that_goes_wrong(system: System) -> Iterable[str]:
    watched = {
        (metric["Namespace"], metric["MetricName"]) for alarm in _alarms(system).values() for metric in _watched(alarm)
    }
    yield from (f"nobody watches {what}" for metric, what in ALARMED.items() if metric not in watched)
    topics = [{"Ref": name} for name in system.of("SNS::Topic")]
    for name, alarm in _alarms(system).items():
        if not any(topic in alarm.get("AlarmActions", []) for topic in topics):
            yield f"{name} notifies nobody"
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name} goes off when nothing runs"
        if not alarm.get("AlarmDescription"):
            yield f"{name} does not say what it means"


@POLICIES.add(
    "An error in any function counts.",
    lambda s: _alarms(s)["FunctionErrorsAlarm"]["Metrics"].pop(),
)
def the_alarm_on_errors_covers_every_function(system: System) -> Iterable[str]:
    watched = [
        metric["Dimensions"][0]["Value"].get("Ref") for metric in _watched(_alarms(system)["FunctionErrorsAlarm"])
    ]
    return (f"errors of {name} go unnoticed" for name in system.of("Lambda::Function") if name not in watched)


@POLICIES.add(
    "No Catch sees aborts and time-outs: without the rule, a run would be RUNNING forever and nobody notified.",
    lambda s: s.resources.pop("RunEndedRule"),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["EventPattern"]["detail"]["status"].remove("ABORTED"),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["EventPattern"]["detail"].pop("stateMachineArn"),
    lambda s: s.of("Events::Rule")["RunEndedRule"].update(Targets=[]),
)
def the_end_of_every_execution_is_noticed(system: System) -> Iterable[str]:
    rules = [rule for rule in system.of("Events::Rule").values() if rule["EventPattern"]["source"] == ["aws.states"]]
    if not rules:
        yield "no rule listens to executions"
    for rule in rules:
        detail = rule["EventPattern"]["detail"]
        yield from (
            f"{status} is not noticed"
            for status in ("ABORTED", "TIMED_OUT", "FAILED")
            if status not in detail["status"]
        )
        if detail.get("stateMachineArn") != [{"Ref": "EvolveStateMachine"}]:
            yield "the rule does not select this machine alone"
        targets = {str(target["Arn"]) for target in rule["Targets"]}
        yield from (
            f"{target} is not notified" for target in _listeners(system) if not any(target in arn for arn in targets)
        )


def _listeners(system: System) -> list[str]:
    return ["Notifications", *(name for name in system.of("Lambda::Function") if name.startswith("Reconcile"))]


@POLICIES.add(
    "Without a dead-letter queue, an event that cannot be delivered is lost.",
    lambda s: s.of("Events::Rule")["RunEndedRule"]["Targets"][0].pop("DeadLetterConfig"),
    lambda s: s.of("SQS::Queue")["DeadLetters"].pop("SqsManagedSseEnabled"),
)
def events_have_a_dead_letter_queue(system: System) -> Iterable[str]:
    for name, rule in system.of("Events::Rule").items():
        for target in rule["Targets"]:
            if "DeadLetterConfig" not in target:
                yield f"{name} loses events that {target['Id']} does not accept"
    yield from (
        f"{name} is not encrypted"
        for name, queue in system.of("SQS::Queue").items()
        if not queue.get("SqsManagedSseEnabled")
    )


@POLICIES.add(
    "A person wants to see in one place how far a run has come, what it costs and what went wrong.",
    lambda s: _dashboard(s).clear(),
    lambda s: _dashboard(s).pop(0),
    lambda s: _dashboard(s).pop(),
)
def the_dashboard_shows_progress_failures_and_cost(system: System) -> Iterable[str]:
    titles = [widget["properties"]["title"].lower() for widget in _dashboard(system)]
    wanted = ("best comparisons, one line", "by generation", "islands running", "evaluations per second", "failures",
              "job seconds", "dynamodb", "function milliseconds")  # fmt: skip
    yield from (f"it does not show {what}" for what in wanted if not any(what in title for title in titles))
    alarms = str([widget for widget in _dashboard(system) if widget["type"] == "alarm"])
    yield from (f"it does not show {name}" for name in _alarms(system) if name not in alarms)


@POLICIES.add(
    "A graph or an alarm on a metric that nobody publishes stays empty, as if everything were well.",
    lambda s: _alarms(s)["StagnationAlarm"].update(MetricName="Stagnation"),
    lambda s: _alarms(s)["StagnationAlarm"]["Dimensions"].pop(),
    lambda s: _dashboard(s)[4]["properties"]["metrics"][0].__setitem__(1, "Stalled"),
    lambda s: _dashboard(s)[0]["properties"]["metrics"][0][0].update(expression={"Fn::Sub": 'MetricName="Best"'}),
    lambda s: s.of("Lambda::Function")["CloseEpochFunction"]["Environment"]["Variables"].update(
        POWERTOOLS_METRICS_NAMESPACE="Other"
    ),
)
def every_metric_shown_is_published(system: System) -> Iterable[str]:
    published = {
        (name, frozenset(dimensions)) for name, metric in METRICS.items() for dimensions in metric.dimension_sets
    }
    for where, name, dimensions in (*_alarm_metrics(system), *_dashboard_metrics(system)):
        if (name, frozenset(dimensions)) not in published:
            yield f"{where}: nobody publishes {name} with the dimensions {sorted(dimensions)}"
    for where, name in _searched(system):
        if name not in METRICS:
            yield f"{where}: nobody publishes {name}"
    variables = [function["Environment"]["Variables"] for function in system.of("Lambda::Function").values()]
    job = system.of("Batch::JobDefinition")["JobDefinition"]["ContainerProperties"]["Environment"]
    for given in (*variables, {variable["Name"]: variable["Value"] for variable in job}):
        if given.get("POWERTOOLS_METRICS_NAMESPACE") != NAMESPACE or "ENVIRONMENT" not in given:
            yield "a function or the worker publishes to another namespace"


def _alarm_metrics(system: System) -> Iterable[tuple[str, str, set[str]]]:
    for name, alarm in _alarms(system).items():
        for metric in _watched(alarm):
            if metric["Namespace"] == NAMESPACE:
                yield name, metric["MetricName"], {dimension["Name"] for dimension in metric["Dimensions"]}


def _dashboard_metrics(system: System) -> Iterable[tuple[str, str, set[str]]]:
    for widget in _dashboard(system):
        for metric in widget["properties"].get("metrics", []):
            if metric[0] == NAMESPACE:
                pairs = [part for part in metric[2:] if not (isinstance(part, dict) and "Ref" not in part)]
                yield widget["properties"]["title"], metric[1], set(pairs[::2])


def _searched(system: System) -> Iterable[tuple[str, str]]:
    for widget in _dashboard(system):
        for metric, *_ in widget["properties"].get("metrics", []):
            text = _text(metric.get("expression", "")) if isinstance(metric, dict) else ""
            if "MetricName=" in text:
                yield widget["properties"]["title"], text.split('MetricName="')[1].split('"')[0]


def _text(expression: Any) -> str:
    return str(expression["Fn::Sub"] if isinstance(expression, dict) else expression)


@POLICIES.add(
    "Every further dimension multiplies the number of metrics, and each metric costs money.",
    lambda s: s.of("CloudWatch::Alarm")["StagnationAlarm"]["Dimensions"].append({"Name": "run_id", "Value": "x"}),
)
def metrics_have_only_the_agreed_dimensions(system: System) -> Iterable[str]:
    for where, name, dimensions in (*_alarm_metrics(system), *_dashboard_metrics(system)):
        yield from (f"{where}: {name} by {dimension}" for dimension in sorted(dimensions - set(DIMENSIONS)))
