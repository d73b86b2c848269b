"""Policies of operation: who hears of what, and whether what is shown is what is measured."""

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
    """The metrics of an alarm, by namespace, name and dimensions."""
    return [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one] or [alarm]


def _dashboard(system: System) -> list[Json]:
    widgets: list[Json] = system.of("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::ToJsonString"][
        "widgets"
    ]
    return widgets


@POLICIES.add(
    "What nobody is told of is found out when the bill comes.",
    lambda s: s.resources.pop("RunsFailedAlarm"),
    lambda s: s.resources.pop("StagnationAlarm"),
    lambda s: _alarms(s)["JobsStuckAlarm"].pop("AlarmActions"),
    lambda s: _alarms(s)["RunsTimedOutAlarm"].pop("TreatMissingData"),
    lambda s: s.resources.pop("Notifications"),
)
def there_are_alarms_for_all_that_goes_wrong(system: System) -> Iterable[str]:
    watched = {(one["Namespace"], one["MetricName"]) for alarm in _alarms(system).values() for one in _watched(alarm)}
    yield from (f"nobody watches {what}" for metric, what in ALARMED.items() if metric not in watched)
    topics = [{"Ref": name} for name in system.of("SNS::Topic")]
    for name, alarm in _alarms(system).items():
        if not any(topic in alarm.get("AlarmActions", []) for topic in topics):
            yield f"{name} tells nobody"
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name} rings when nothing runs"
        if not alarm.get("AlarmDescription"):
            yield f"{name} does not say what it means"


@POLICIES.add(
    "An error in any function counts.",
    lambda s: _alarms(s)["FunctionErrorsAlarm"]["Metrics"].pop(),
)
def the_alarm_on_errors_knows_every_function(system: System) -> Iterable[str]:
    watched = [one["Dimensions"][0]["Value"].get("Ref") for one in _watched(_alarms(system)["FunctionErrorsAlarm"])]
    return (f"errors of {name} go unnoticed" for name in system.of("Lambda::Function") if name not in watched)


@POLICIES.add(
    "Aborts and time-outs pass no Catch: without the rule a run would be RUNNING for ever and nobody be told.",
    lambda s: s.resources.pop("RunEndedRule"),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["EventPattern"]["detail"]["status"].remove("ABORTED"),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["EventPattern"]["detail"].pop("stateMachineArn"),
    lambda s: s.of("Events::Rule")["RunEndedRule"].update(Targets=[]),
)
def the_end_of_every_execution_is_heard(system: System) -> Iterable[str]:
    rules = [rule for rule in system.of("Events::Rule").values() if rule["EventPattern"]["source"] == ["aws.states"]]
    if not rules:
        yield "no rule listens to executions"
    for rule in rules:
        detail = rule["EventPattern"]["detail"]
        yield from (
            f"{status} is not heard" for status in ("ABORTED", "TIMED_OUT", "FAILED") if status not in detail["status"]
        )
        if detail.get("stateMachineArn") != [{"Ref": "EvolveStateMachine"}]:
            yield "other machines are listened to"
        targets = {str(target["Arn"]) for target in rule["Targets"]}
        yield from (f"{what} is not told" for what in _hearers(system) if not any(what in target for target in targets))


def _hearers(system: System) -> list[str]:
    return ["Notifications", *(name for name in system.of("Lambda::Function") if name.startswith("Reconcile"))]


@POLICIES.add(
    "An event that cannot be delivered is gone, unless it has somewhere to go.",
    lambda s: s.of("Events::Rule")["RunEndedRule"]["Targets"][0].pop("DeadLetterConfig"),
    lambda s: s.of("SQS::Queue")["DeadLetters"].pop("SqsManagedSseEnabled"),
)
def events_have_a_queue_of_dead_letters(system: System) -> Iterable[str]:
    for name, rule in system.of("Events::Rule").items():
        for target in rule["Targets"]:
            if "DeadLetterConfig" not in target:
                yield f"{name} loses what {target['Id']} does not take"
    yield from (
        f"{name} is not encrypted"
        for name, queue in system.of("SQS::Queue").items()
        if not queue.get("SqsManagedSseEnabled")
    )


@POLICIES.add(
    "A person wants to see how far a run is, what it costs and what went wrong, in one place.",
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
    "A graph or an alarm of a metric that nobody publishes stays empty, and looks as if all were well.",
    lambda s: _alarms(s)["StagnationAlarm"].update(MetricName="Stagnation"),
    lambda s: _alarms(s)["StagnationAlarm"]["Dimensions"].pop(),
    lambda s: _dashboard(s)[4]["properties"]["metrics"][0].__setitem__(1, "Stalled"),
    lambda s: _dashboard(s)[0]["properties"]["metrics"][0][0].update(expression={"Fn::Sub": 'MetricName="Best"'}),
    lambda s: s.of("Lambda::Function")["CloseEpochFunction"]["Environment"]["Variables"].update(
        POWERTOOLS_METRICS_NAMESPACE="Other"
    ),
)
def what_is_shown_is_what_is_published(system: System) -> Iterable[str]:
    published = {
        (name, frozenset(dimensions)) for name, metric in METRICS.items() for dimensions in metric.dimension_sets
    }
    for where, name, dimensions in (*_alarm_metrics(system), *_dashboard_metrics(system)):
        if (name, frozenset(dimensions)) not in published:
            yield f"{where}: nobody publishes {name} by {sorted(dimensions)}"
    for where, name in _searched(system):
        if name not in METRICS:
            yield f"{where}: nobody publishes {name}"
    variables = [one["Environment"]["Variables"] for one in system.of("Lambda::Function").values()]
    job = system.of("Batch::JobDefinition")["JobDefinition"]["ContainerProperties"]["Environment"]
    for given in (*variables, {one["Name"]: one["Value"] for one in job}):
        if given.get("POWERTOOLS_METRICS_NAMESPACE") != NAMESPACE or "ENVIRONMENT" not in given:
            yield "a function or the worker publishes elsewhere"


def _alarm_metrics(system: System) -> Iterable[tuple[str, str, set[str]]]:
    for name, alarm in _alarms(system).items():
        for metric in _watched(alarm):
            if metric["Namespace"] == NAMESPACE:
                yield name, metric["MetricName"], {one["Name"] for one in metric["Dimensions"]}


def _dashboard_metrics(system: System) -> Iterable[tuple[str, str, set[str]]]:
    for widget in _dashboard(system):
        for metric in widget["properties"].get("metrics", []):
            if metric[0] == NAMESPACE:
                pairs = [one for one in metric[2:] if not (isinstance(one, dict) and "Ref" not in one)]
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
    "Every further dimension multiplies the number of metrics, and each costs.",
    lambda s: s.of("CloudWatch::Alarm")["StagnationAlarm"]["Dimensions"].append({"Name": "run_id", "Value": "x"}),
)
def metrics_have_the_agreed_dimensions_only(system: System) -> Iterable[str]:
    for where, name, dimensions in (*_alarm_metrics(system), *_dashboard_metrics(system)):
        yield from (f"{where}: {name} by {one}" for one in sorted(dimensions - set(DIMENSIONS)))
