"""`make smoke` tries a deployed stack over its endpoint, and notices what is wrong with it."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import ROOT
from tests.unit.tools.policies import permissions
from tools.smoke import __main__ as program
from tools.smoke import checks, listening, trial, waiting
from tools.smoke.report import Report, SmokeFailed
from worstsort.runs.config import RunConfig
from worstsort.runs.status import Status
from worstsort_cli.clouds import execution
from worstsort_cli.clouds.deployment import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cloud")


@pytest.fixture
def deployment(cloud: EmbeddedCloud) -> Deployment:
    """Return the embedded cloud as the command sees it."""
    return Deployment(cloud.outputs, cloud.client)


@pytest.fixture
def report() -> Report:
    """Return a report that nobody reads."""
    return Report(lambda _line: None)


@pytest.mark.slow
def test_make_smoke_tries_a_stack(cloud: EmbeddedCloud) -> None:
    """Three runs end with one digest, two of them after a failure of which somebody is told; the cost comes first."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    tried = subprocess.run(
        ["make", "--no-print-directory", "smoke", "STACK=worstsort"],
        cwd=ROOT,
        env=environment | cloud.environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert tried.stdout.splitlines()[-1] == "all is well"
    dollars = re.search(r"three runs cost about \$([\d.]+)", tried.stdout)
    assert dollars
    assert 0 < float(dollars[1]) < trial.MOST_DOLLARS
    for what in ("plain ends with", "killed, resumed, ends with", "aborted, resumed, ends with"):
        assert re.search(rf"^ok .*-{what} the .*digest", tried.stdout, re.MULTILINE)
    assert len(re.findall(r"^ok +somebody is told", tried.stdout, re.MULTILINE)) == 2


def test_make_smoke_asks_for_the_stack() -> None:
    """Nothing is tried without a name."""
    asked = subprocess.run(["make", "smoke", "STACK="], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "make smoke STACK=NAME" in asked.stderr


def test_a_run_with_another_digest_is_noticed(deployment: Deployment, report: Report) -> None:
    """The report says which was found."""
    config = RunConfig.parse(trial.RUN | {"size": 20, "population": 20, "generations_per_epoch": 2})
    trial.undisturbed(deployment, "smoke-unit", config, "another", report)
    assert len(report.failures) == 1
    assert "smoke-unit ends with the embedded cloud's digest" in report.failures[0]


def test_silence_is_noticed(deployment: Deployment, cloud: EmbeddedCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A topic that tells nobody is what a wrong policy makes of it; the queue that listened is gone afterwards."""
    monkeypatch.setattr(listening, "MESSAGE_SECONDS", 0.5)
    with listening.listener(deployment, "worstsort") as told:
        assert not told("a-run-that-nobody-started")
        cloud.client("sns").publish(TopicArn=cloud.outputs["NotificationTopicArn"], Message="run smoke-heard ended")
        assert told("smoke-heard")
    assert cloud.client("sqs").list_queues(QueueNamePrefix="worstsort-smoke").get("QueueUrls", []) == []


@pytest.fixture
def alarm(deployment: Deployment) -> Iterator[Callable[[str], None]]:
    """Make an alarm on failed executions, and return what sets its state, as CloudWatch does in AWS."""
    cloudwatch = deployment.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="failed",
        Namespace="AWS/States",
        MetricName="ExecutionsFailed",
        Dimensions=[{"Name": "StateMachineArn", "Value": deployment.outputs["StateMachineArn"]}],
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=300,
        Statistic="Sum",
        Threshold=0,
    )
    yield lambda state: cloudwatch.set_alarm_state(AlarmName="failed", StateValue=state, StateReason="a test")
    cloudwatch.delete_alarms(AlarmNames=["failed"])


@pytest.mark.parametrize(("state", "failures"), [("ALARM", 0), ("OK", 1)])
def test_a_silent_alarm_is_noticed(
    deployment: Deployment,
    report: Report,
    monkeypatch: pytest.MonkeyPatch,
    alarm: Callable[[str], None],
    state: str,
    failures: int,
) -> None:
    """The alarm on failed executions must have gone off since the run began."""
    monkeypatch.setattr(checks, "ALARM_SECONDS", 0.5)
    began = datetime.now(UTC)
    alarm(state)
    checks.check_alarms(deployment, began, report)
    assert len(report.failures) == failures


@pytest.mark.slow
def test_an_alarm_that_is_over_before_the_next_run_is_noticed_in_time(
    deployment: Deployment, report: Report, monkeypatch: pytest.MonkeyPatch, alarm: Callable[[str], None]
) -> None:
    """It goes off once a run has failed, and has always ended when the next execution is started, in five minutes."""
    start, until_ended = execution.start, waiting.until_ended

    def starting(*given: Any) -> str:
        alarm("OK")
        return start(*given)

    def ended(*given: Any) -> Any:
        run = until_ended(*given)
        if run.status == Status.FAILED:
            alarm("ALARM")
        return run

    def digest(config: RunConfig) -> str:
        start(deployment, "smoke-reference", config.model_dump(mode="json"))
        return waiting.finished(deployment, "smoke-reference")

    monkeypatch.setattr(checks, "ALARM_SECONDS", 0.5)
    monkeypatch.setattr(trial, "digest_of_embedded_cloud", digest)
    monkeypatch.setattr(execution, "start", starting)
    monkeypatch.setattr(trial, "until_ended", ended)
    said: list[str] = []
    report.say = said.append
    trial.smoke(deployment, "worstsort", report)
    assert report.failures == []
    assert [line for line in said if "alarm" in line] == ["ok      the alarm on failed runs goes off"]


def test_a_queue_of_a_long_stack_keeps_what_the_policy_allows() -> None:
    """The name is cut in the stack's, of which AWS allows 128 characters, neither before nor after it."""
    allowed = [each for each in permissions("smoke") if each.action == "sqs:CreateQueue"]
    for stack in ("worstsort", "worstsort-dev", f"worstsort-{'x' * 118}"):
        name = listening.queue_name(stack, 1_800_000_000)
        assert len(name) <= 80
        assert name.endswith("-smoke-1800000000")
        assert any(each.covers("sqs:CreateQueue", name) for each in allowed)


def test_a_refusal_of_aws_is_one_line(
    cloud: EmbeddedCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of a missing permission: no traceback, and no queue is left."""
    topic = cloud.outputs["NotificationTopicArn"] + "-gone"
    lost = Deployment(cloud.outputs | {"NotificationTopicArn": topic}, cloud.client)
    monkeypatch.setattr(program, "connect", lambda _stack: lost)
    monkeypatch.setattr(trial, "digest_of_embedded_cloud", lambda _config: "0" * 64)
    assert program.main(["worstsort"]) == 1
    refused, last = capsys.readouterr().out.splitlines()[-2:]
    assert refused.startswith("FAILED  An error occurred (NotFound) when calling the Subscribe operation")
    assert last == "1 of the checks failed"
    assert cloud.client("sqs").list_queues(QueueNamePrefix="worstsort-smoke").get("QueueUrls", []) == []


def test_an_event_that_was_not_delivered_is_noticed(deployment: Deployment, report: Report) -> None:
    """It waits in the dead-letter queue."""
    checks.check_dead_letters(deployment, "worstsort", report)
    assert report.failures == []
    made = deployment.client("cloudformation").list_stack_resources(StackName="worstsort")["StackResourceSummaries"]
    (url,) = [each["PhysicalResourceId"] for each in made if each["LogicalResourceId"] == "DeadLetters"]
    deployment.client("sqs").send_message(QueueUrl=url, MessageBody="left")
    checks.check_dead_letters(deployment, "worstsort", report)
    deployment.client("sqs").purge_queue(QueueUrl=url)
    assert report.failures == ["no event is left over in DeadLetters: 1 messages"]


def test_nothing_is_started_if_it_costs_too_much(
    deployment: Deployment, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimate comes first."""
    monkeypatch.setattr(trial, "MOST_DOLLARS", 0.0)
    with pytest.raises(SmokeFailed, match="nothing was started"):
        trial.smoke(deployment, "worstsort", report)


def test_an_address_that_has_not_confirmed_is_noticed(deployment: Deployment, report: Report) -> None:
    """Nothing is sent to it until somebody has followed the link in the first mail."""
    topic = deployment.outputs["NotificationTopicArn"]
    checks.check_addresses(
        [{"Protocol": "email", "Endpoint": "a@example.com", "SubscriptionArn": f"{topic}:1"}], report
    )
    assert report.failures == []
    pending = {"Protocol": "email", "Endpoint": "b@example.com", "SubscriptionArn": "PendingConfirmation"}
    checks.check_addresses([pending], report)
    assert report.failures == ["b@example.com has confirmed the subscription"]
