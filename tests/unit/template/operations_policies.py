"""Policies for operations: who is notified of what, and whether the dashboard shows what is measured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies
from tests.unit.template.system import many
from worstsort.runtime.metrics import DIMENSIONS, METRICS
from worstsort.worker.heartbeat import INTERVAL_SECONDS
from worstsort_embedded.deployment.parameters import refusals

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
    ("Worstsort", "RunsSwept"): "executions whose end was not reported",
    ("Worstsort", "StallEpochs"): "stagnation",
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): "events that were not delivered",
}
MAILED_BY_A_RULE = {
    ("AWS/States", "ExecutionsFailed"), ("AWS/States", "ExecutionsTimedOut"),
    ("AWS/Lambda", "Errors"),  # it ends the execution, or the event in the dead-letter queue, and both are told of
    ("AWS/Events", "TriggeredRules"),
}  # fmt: skip
"""What a rule sends a mail about, with the cause that a metric does not have."""

NAMESPACE = "Worstsort"


GOES_OFF: tuple[tuple[str, Any], ...] = (
    ("GreaterThanThreshold", 0),
    ("GreaterThanOrEqualToThreshold", {"Ref": "StagnationEpochs"}),
)
"""When alarms go off: at the first of what they count, or after the epochs that the parameter says."""

MAX_PERIODS = 3
"""Periods of five minutes after which an alarm goes off at the latest."""

TOLD_BY_EVENTS = {"$.detail.name", "$.detail.status", "$.detail.cause", "$.detail.jobName", "$.detail.statusReason"}
"""What mails quote of an execution's end (name, status, cause) and of a job that cannot start."""

DEAD_LETTERS = ({"Arn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}, {"Arn": {"Fn::GetAtt": "DeadLetters.Arn"}})
MIN_RETENTION_SECONDS = 14 * 86_400
"""How long messages are kept for somebody to read them: two weeks, the most that SQS allows."""


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
    lambda s: _alarms(s)["RunsSweptAlarm"].pop("AlarmActions"),
    lambda s: _alarms(s)["RunsTimedOutAlarm"].pop("TreatMissingData"),
    lambda s: s.resources.pop("Notifications"),
    lambda s: _alarms(s)["FunctionErrorsAlarm"].update(Threshold=1_000),
    lambda s: _alarms(s)["DeadLettersAlarm"].update(ComparisonOperator="LessThanThreshold"),
    lambda s: _alarms(s)["StagnationAlarm"].update(Threshold=10**6),
    lambda s: _alarms(s)["RunsFailedAlarm"].update(EvaluationPeriods=100),
)
def there_is_an_alarm_for_everything_that_goes_wrong(system: System) -> Iterable[str]:
    watched = {
        (metric["Namespace"], metric["MetricName"]) for alarm in _alarms(system).values() for metric in _watched(alarm)
    }
    yield from (f"nobody watches {what}" for metric, what in ALARMED.items() if metric not in watched)
    topics = [{"Ref": name} for name in system.of("SNS::Topic")]
    for name, alarm in _alarms(system).items():
        by_rule = {(metric["Namespace"], metric["MetricName"]) for metric in _watched(alarm)} <= MAILED_BY_A_RULE
        if not by_rule and not any(topic in alarm.get("AlarmActions", []) for topic in topics):
            yield f"{name} notifies nobody"
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name} goes off when nothing runs"
        if not alarm.get("AlarmDescription"):
            yield f"{name} does not say what it means"
        goes_off = alarm["ComparisonOperator"], alarm["Threshold"]
        if goes_off not in GOES_OFF or alarm["EvaluationPeriods"] > MAX_PERIODS:
            yield f"{name} goes off too late: {goes_off}"


@POLICIES.add(
    "Three mails for one failure teach people not to read them.",
    lambda s: _alarms(s)["RunsFailedAlarm"].update(AlarmActions=[{"Ref": "Notifications"}]),
    lambda s: _alarms(s)["FunctionErrorsAlarm"].update(AlarmActions=[{"Ref": "Notifications"}]),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["Targets"].append({"Id": "again", "Arn": {"Ref": "Notifications"}}),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["Targets"].pop(),
    lambda s: s.of("Events::Rule")["JobsStuckRule"].update(Targets=[]),
)
def one_failure_is_one_mail(system: System) -> Iterable[str]:
    for name, alarm in _alarms(system).items():
        by_rule = {(metric["Namespace"], metric["MetricName"]) for metric in _watched(alarm)} & MAILED_BY_A_RULE
        if by_rule and alarm.get("AlarmActions"):
            yield f"{name} sends a second mail"
    for name, rule in _listening(system).items():
        mails = len([target for target in rule["Targets"] if target["Arn"] == {"Ref": "Notifications"}])
        if mails != 1:
            yield f"{name} sends {mails} mails"


def _listening(system: System) -> dict[str, Json]:
    """Return the rules that wait for events, not for a time."""
    return {name: rule for name, rule in system.of("Events::Rule").items() if "EventPattern" in rule}


@POLICIES.add(
    "An event as JSON is no letter; a person wants to read what happened, to what, and why.",
    lambda s: s.of("Events::Rule")["JobsStuckRule"]["Targets"][0].pop("InputTransformer"),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["Targets"][1]["InputTransformer"].update(InputTemplate='"Failed"'),
    lambda s: s.of("Events::Rule")["RunEndedRule"]["Targets"][1]["InputTransformer"]["InputPathsMap"].pop("cause"),
    lambda s: s.of("Events::Rule")["JobsStuckRule"]["Targets"][0]["InputTransformer"]["InputPathsMap"].update(
        reason="$.detail.reason"
    ),
)
def mails_are_written_for_people(system: System) -> Iterable[str]:
    for name, rule in system.of("Events::Rule").items():
        for target in rule["Targets"]:
            if target["Arn"] == {"Ref": "Notifications"}:
                transformer = target.get("InputTransformer", {"InputPathsMap": {}, "InputTemplate": ""})
                given = set(transformer["InputPathsMap"])
                used = set(re.findall(r"<(\w+)>", _text(transformer["InputTemplate"])))
                if not used or used != given:
                    yield f"the mail of {name} tells {sorted(used)} of {sorted(given)}"
                for path in sorted(set(transformer["InputPathsMap"].values()) - TOLD_BY_EVENTS):
                    yield f"the mail of {name} quotes {path}, which the event does not have"


@POLICIES.add(
    "EventBridge publishes nothing to a topic whose policy has a condition for it, and says so only in its documents.",
    lambda s: _publishers(s)[1].update(Condition={"StringEquals": {"aws:SourceAccount": "1"}}),
    lambda s: _publishers(s)[0]["Principal"].update(Service=["cloudwatch.amazonaws.com", "events.amazonaws.com"]),
    lambda s: _publishers(s)[0].pop("Condition"),
    lambda s: _publishers(s)[1].update(Effect="Deny"),
)
def the_topic_takes_events_without_a_condition_and_alarms_with_one(system: System) -> Iterable[str]:
    # "You can't use Condition blocks in Amazon SNS topic policies for EventBridge": Amazon EventBridge User Guide,
    # "Using resource-based policies for Amazon EventBridge", Amazon SNS permissions.
    allowed = sorted((service, "Condition" in statement) for statement in _publishers(system)
                     for service in many(statement["Principal"]["Service"]))  # fmt: skip
    wanted = [("cloudwatch.amazonaws.com", True), ("events.amazonaws.com", False)]
    if allowed != wanted:
        yield f"who may publish, and whether with a condition, is {allowed} and not {wanted}"


def _publishers(system: System) -> list[Json]:
    statements = system.of("SNS::TopicPolicy")["NotificationsPolicy"]["PolicyDocument"]["Statement"]
    return [statement for statement in statements if statement["Effect"] == "Allow"]


@POLICIES.add(
    "A rule whose events cannot be delivered may write to the dead-letter queue only if the queue's policy names it.",
    lambda s: _dead_letter_statement(s)["Condition"]["ArnEquals"]["aws:SourceArn"].pop(),
    lambda s: _dead_letter_statement(s).update(Condition={"StringEquals": {"aws:SourceAccount": "1"}}),
    lambda s: s.resources.update(
        OtherRule={"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Id": "a", "DeadLetterConfig": {}}]}}
    ),
)
def the_dead_letter_queue_takes_the_events_of_the_stacks_rules(system: System) -> Iterable[str]:
    # The example of "Using dead-letter queues to process undelivered events" in the Amazon EventBridge User Guide has
    # "ArnEquals": {"aws:SourceArn": "arn:aws:events:...:rule/MyTestRule"}.
    named = _dead_letter_statement(system).get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn", [])
    rules = {name for name, rule in system.of("Events::Rule").items()
             if any("DeadLetterConfig" in target for target in rule["Targets"])}  # fmt: skip
    if {arn["Fn::GetAtt"][0] for arn in many(named)} != rules:
        yield f"it takes events of {named} and not of {sorted(rules)}"


def _dead_letter_statement(system: System) -> Json:
    statements = system.of("SQS::QueuePolicy")["DeadLettersPolicy"]["PolicyDocument"]["Statement"]
    return next(statement for statement in statements if statement["Effect"] == "Allow")


@POLICIES.add(
    "An event is delivered with best effort: what none has reported is looked for again and again.",
    lambda s: s.resources.pop("SweepRule"),
    lambda s: s.of("Events::Rule")["SweepRule"].update(ScheduleExpression="rate(30 days)"),
    lambda s: s.of("Events::Rule")["SweepRule"].update(State="DISABLED"),
    lambda s: s.of("Events::Rule")["SweepRule"].update(Targets=[]),
    lambda s: s.of("Lambda::Permission")["SweepRunsPermission"].update(SourceArn="arn:other"),
)
def once_an_hour_what_was_left_behind_is_swept(system: System) -> Iterable[str]:
    rules = {name: rule for name, rule in system.of("Events::Rule").items() if "ScheduleExpression" in rule}
    swept = {"Fn::GetAtt": ["SweepRunsFunction", "Arn"]}
    for name, rule in rules.items():
        hourly = rule["ScheduleExpression"] == "rate(1 hour)" and rule.get("State", "ENABLED") == "ENABLED"
        permitted = any(
            permission["SourceArn"] == {"Fn::GetAtt": [name, "Arn"]}
            for permission in system.of("Lambda::Permission").values()
        )
        if hourly and permitted and swept in [target["Arn"] for target in rule["Targets"]]:
            return
    yield "nothing sweeps"


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
    rules = [rule for rule in _listening(system).values() if rule["EventPattern"]["source"] == ["aws.states"]]
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
    lambda s: s.of("Events::Rule")["JobsStuckRule"]["Targets"][0]["DeadLetterConfig"].update(Arn="arn:another"),
    lambda s: s.of("SQS::Queue")["DeadLetters"].pop("SqsManagedSseEnabled"),
    lambda s: s.of("SQS::Queue")["DeadLetters"].update(SqsManagedSseEnabled="false"),
    lambda s: s.of("SQS::Queue")["DeadLetters"].update(MessageRetentionPeriod=3_600),
)
def events_have_a_dead_letter_queue(system: System) -> Iterable[str]:
    for name, rule in system.of("Events::Rule").items():
        for target in rule["Targets"]:
            if target.get("DeadLetterConfig") not in DEAD_LETTERS:
                yield f"{name} loses events that {target['Id']} does not accept"
    yield from (
        f"{name} is not encrypted"
        for name, queue in system.of("SQS::Queue").items()
        if queue.get("SqsManagedSseEnabled") is not True
    )
    yield from (
        f"{name} forgets events before anybody has read them"
        for name, queue in system.of("SQS::Queue").items()
        if queue.get("MessageRetentionPeriod", 0) < MIN_RETENTION_SECONDS
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
    "A difference of starts and ends grows for ever: a worker that is killed cannot report its end.",
    lambda s: _running(s).update(metrics=[["Worstsort", "IslandsEnded", {"stat": "Sum", "period": 60}]]),
    lambda s: _running(s)["metrics"][0][-1].update(period=300),
    lambda s: _running(s)["metrics"][0][-1].update(stat="Maximum"),
)
def running_islands_are_counted_while_they_run(system: System) -> Iterable[str]:
    beat = {"stat": "Sum", "period": INTERVAL_SECONDS}
    if not any(metric[1] == "IslandsRunning" and metric[-1] == beat for metric in _running(system)["metrics"]):
        yield "islands that were killed count as running"


def _running(system: System) -> Json:
    properties: Json = next(
        widget["properties"] for widget in _dashboard(system) if widget["properties"]["title"] == "Islands running"
    )
    return properties


@POLICIES.add(
    "Every further dimension multiplies the number of metrics, and each metric costs money.",
    lambda s: s.of("CloudWatch::Alarm")["StagnationAlarm"]["Dimensions"].append({"Name": "run_id", "Value": "x"}),
)
def metrics_have_only_the_agreed_dimensions(system: System) -> Iterable[str]:
    for where, name, dimensions in (*_alarm_metrics(system), *_dashboard_metrics(system)):
        yield from (f"{where}: {name} by {dimension}" for dimension in sorted(dimensions - set(DIMENSIONS)))


@POLICIES.add(
    "A budget that tells nobody, or only when the money is gone, is none.",
    lambda s: s.resources.pop("Budget"),
    lambda s: _budget(s)["NotificationsWithSubscribers"].pop(0),
    lambda s: _budget(s)["NotificationsWithSubscribers"].pop(1),
    lambda s: _budget(s)["NotificationsWithSubscribers"][0].pop("Subscribers"),
    lambda s: _budget(s)["Budget"].update(TimeUnit="ANNUALLY"),
    lambda s: _budget(s)["Budget"]["BudgetLimit"].update(Amount=1000),
    lambda s: s.source["Rules"].pop("BudgetHasAReader"),
    variant="prod",
)
def a_budget_tells_of_what_is_spent_and_of_what_is_to_come(system: System) -> Iterable[str]:
    if not {"MonthlyBudget", "NotificationAddress"} <= system.parameters.keys():
        return
    given = system.of("Budgets::Budget").get("Budget", {})
    budget, reader = given.get("Budget", {}), {"Ref": "NotificationAddress"}
    if (budget.get("TimeUnit"), budget.get("BudgetLimit", {}).get("Amount")) != ("MONTHLY", {"Ref": "MonthlyBudget"}):
        yield "there is no monthly budget of MonthlyBudget"
    told = {
        notification["Notification"]["NotificationType"]
        for notification in given.get("NotificationsWithSubscribers", [])
        if reader in [subscriber["Address"] for subscriber in notification.get("Subscribers", [])]
    }
    yield from (f"nobody is told of what is {kind}" for kind in sorted({"ACTUAL", "FORECASTED"} - told))
    if not any("MonthlyBudget" in refused for refused in refusals(system.source, {"MonthlyBudget": "50"})):
        yield "MonthlyBudget without a NotificationAddress is not refused"


def _budget(system: System) -> Json:
    return system.of("Budgets::Budget")["Budget"]
