"""Try a deployed stack: `make smoke STACK=NAME`.

Three runs of two islands and two epochs: one undisturbed, one of which a job is killed, one that is aborted. The two
that fail are resumed. All three must end with the digest that the embedded cloud finds on this machine, somebody must
have been told of both failures, alarms must have gone off where there are any, and no event may be left over.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from worstsort.runs.config import RunConfig
from worstsort.runs.run_id import name_with_suffix
from worstsort.runs.status import Status
from worstsort_cli.clouds import execution, lookup
from worstsort_cli.clouds.deployment import Deployment, connect
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.clouds.status import capacity
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.resource_usage import measure
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_DOLLARS = 0.05
"""What the three runs may cost at most; nothing is started if they are estimated to cost more."""

RUNS = 3
REPEATED_EPOCHS = 2
"""Epochs that are begun twice: that of the killed job, and that in which a run is aborted."""

RUN = {
    "preset": "classic",
    "size": 200,
    "population": 800,
    "islands": 2,
    "generations_per_epoch": 40,
    "stall_generations": 0,
    "stop": {"max_epochs": 2},
    "seed": 20,
}
"""The input of the runs; an epoch takes seconds, so that a job can be met while it runs."""

JOB_SECONDS = 900.0
"""How long the first job may take to start: an instance is bought for it."""

RUN_SECONDS = 1_800.0
MESSAGE_SECONDS = 120.0
ALARM_SECONDS = 900.0
"""How long an alarm may take: metrics arrive after minutes, and its period is five."""

MAX_QUEUE_NAME_CHARACTERS = 80
"""AWS says: "A queue name can have up to 80 characters." (botocore: sqs CreateQueueRequest.QueueName)"""

ACTIVE = ("RUNNING", "STARTING", "RUNNABLE", "PENDING", "SUBMITTED")
"""Statuses of a job that has not ended, the one sought first."""


class SmokeFailed(Exception):
    """The stack does not do what it should; the message says what."""


@dataclass
class Report:
    """What was found, line by line, as it is found.

    Attributes:
        say: prints a line.
        failures: what is wrong.
    """

    say: Callable[[str], object]
    failures: list[str] = field(default_factory=list)

    def check(self, claim: str, *, holds: bool, otherwise: str = "") -> None:
        """Say whether a claim holds, and keep what does not."""
        said = claim if holds or not otherwise else f"{claim}: {otherwise}"
        self.say(f"{'ok    ' if holds else 'FAILED'}  {said}")
        if not holds:
            self.failures.append(said)


def main(arguments: list[str] | None = None) -> int:
    """Try the stack that is named on the command line; return 0 if all is well."""
    parser = argparse.ArgumentParser(description="Try a deployed stack: three small runs, two of them disturbed.")
    parser.add_argument("stack", help="the stack's name")
    stack = parser.parse_args(arguments).stack
    report = Report(lambda line: print(line, flush=True))
    try:
        smoke(connect(stack), stack, report)
    except (CommandFailed, SmokeFailed, ClientError, BotoCoreError) as error:
        report.check(str(error), holds=False)
    print("all is well" if not report.failures else f"{len(report.failures)} of the checks failed")
    return 1 if report.failures else 0


def smoke(deployment: Deployment, stack: str, report: Report) -> None:
    """Try a stack and report what is found; raises SmokeFailed where nothing more can be tried."""
    config = RunConfig.parse(RUN)
    dollars = price(config, deployment)
    where = "nothing in the embedded cloud" if deployment.embedded else "in this account"
    report.say(f"        three runs cost about ${dollars:.4f} on AWS; {where}, at most ${MOST_DOLLARS} anywhere")
    if dollars > MOST_DOLLARS:
        raise SmokeFailed(f"the runs would cost ${dollars:.4f}, more than ${MOST_DOLLARS}: nothing was started")
    expected = digest_of_embedded_cloud(config)
    report.say(f"        the embedded cloud finds {expected[:12]}")
    began = datetime.now(UTC)
    name = f"smoke-{began:%Y%m%d-%H%M%S}"
    with listener(deployment, stack) as told:
        undisturbed(deployment, f"{name}-plain", config, expected, report)
        for what, disturb in (("killed", kill_a_job), ("aborted", abort)):
            before = datetime.now(UTC)
            ended = disturbed(deployment, f"{name}-{what}", config, disturb, report)
            if ended.status == Status.FAILED:
                check_alarms(deployment, before, report)
            resumed(deployment, ended, expected, report)
            report.check(
                f"somebody is told that {name}-{what} has ended", holds=told(f"{name}-{what}"),
                otherwise=f"no message within {MESSAGE_SECONDS:.0f} s",
            )  # fmt: skip
    check_addresses(subscriptions(deployment), report)
    check_dead_letters(deployment, stack, report)
    check_jobs(deployment, name, report)


def price(config: RunConfig, deployment: Deployment) -> float:
    """Return what the runs cost on AWS, with the epochs that are begun twice."""
    epochs = config.stop.max_epochs
    whole = estimate(config, measure(config), capacity(deployment)).total
    return whole * (RUNS + REPEATED_EPOCHS / epochs)


def digest_of_embedded_cloud(config: RunConfig) -> str:
    """Return the digest of the run on this machine."""
    with open_embedded_cloud() as cloud:
        local = Deployment(cloud.outputs, cloud.client)
        execution.start(local, "reference", config.model_dump(mode="json"))
        return finished(local, "reference")


def undisturbed(deployment: Deployment, run_id: str, config: RunConfig, expected: str, report: Report) -> None:
    """Run once without any disturbance."""
    execution.start(deployment, run_id, config.model_dump(mode="json"))
    found = finished(deployment, run_id)
    report.check(f"{run_id} ends with the embedded cloud's digest", holds=found == expected, otherwise=found)


def disturbed(
    deployment: Deployment,
    run_id: str,
    config: RunConfig,
    disturb: Callable[[Deployment, str, str], Status],
    report: Report,
) -> Any:
    """Run, disturb the run so that it ends, and return its record."""
    arn = execution.start(deployment, run_id, config.model_dump(mode="json"))
    wanted = disturb(deployment, run_id, arn)
    ended = until_ended(deployment, run_id)
    report.check(f"{run_id} is recorded as {wanted.value}", holds=ended.status == wanted, otherwise=ended.status.value)
    report.check(f"the record of {run_id} says why", holds=bool(ended.reason))
    return ended


def resumed(deployment: Deployment, ended: Any, expected: str, report: Report) -> None:
    """Resume a run that was disturbed."""
    run_id = ended.run_id
    again = execution.start(deployment, name_with_suffix(run_id, "-resumed"), {"resume": run_id})
    lookup.wait_until_resumed(deployment, ended, again)
    found = finished(deployment, run_id)
    report.check(f"{run_id}, resumed, ends with the same digest", holds=found == expected, otherwise=found)


def kill_a_job(deployment: Deployment, run_id: str, _arn: str) -> Status:
    """Terminate the job of an epoch, whose islands are its children and end with it.

    One child alone has no tags by which its termination could be allowed: "ARNs for child jobs of array and multi-node
    parallel (MNP) jobs aren't supported." (AWS Batch API Reference, TagResource, resourceArn)
    """
    batch, job = deployment.client("batch"), active_job(deployment, run_id)
    batch.terminate_job(jobId=job, reason="the smoke test kills this job")
    return Status.FAILED


def abort(deployment: Deployment, run_id: str, arn: str) -> Status:
    """Abort a run's execution while a job of it is active."""
    active_job(deployment, run_id)
    deployment.client("stepfunctions").stop_execution(executionArn=arn, cause="the smoke test aborts this run")
    return Status.ABORTED


def active_job(deployment: Deployment, run_id: str) -> str:
    """Wait for a job of a run, and return its id."""
    return str(until(JOB_SECONDS, f"a job of {run_id}", lambda: next(iter(jobs(deployment, run_id)), None)))


def jobs(deployment: Deployment, run_id: str) -> list[str]:
    """Return the ids of the jobs of a run that have not ended, those that run first."""
    batch, found = deployment.client("batch"), []
    for queue in (value for name, value in deployment.outputs.items() if "JobQueue" in name):
        for status in ACTIVE:
            pages = batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus=status)
            listed = [job for page in pages for job in page["jobSummaryList"]]
            found += [job["jobId"] for job in listed if job["jobName"].startswith(f"{run_id}-")]
    return found


def until_ended(deployment: Deployment, run_id: str) -> Any:
    """Wait until a run is recorded as ended, and return its record."""

    def ended() -> Any:
        run = lookup.find(deployment, run_id)
        return None if run.status == Status.RUNNING else run

    return until(RUN_SECONDS, f"the end of {run_id}", ended)


def finished(deployment: Deployment, run_id: str) -> str:
    """Wait until a run has succeeded, and return its digest; raises SmokeFailed if it ends otherwise."""
    run = until_ended(deployment, run_id)
    if run.status != Status.SUCCEEDED:
        raise SmokeFailed(f"{run_id} is {run.status.value}: {run.reason}")
    return str(run.digest)


def queue_name(stack: str, second: int) -> str:
    """Return the name of the queue that listens; of a long one, the end of the stack's name is cut.

    What begins it and what follows the stack's name is what the policy for trying a stack allows.
    """
    suffix = f"-smoke-{second}"
    return stack[: MAX_QUEUE_NAME_CHARACTERS - len(suffix)] + suffix


@contextmanager
def listener(deployment: Deployment, stack: str) -> Iterator[Callable[[str], bool]]:
    """Listen to the stack's notifications with a queue of its own, which costs nothing and is deleted afterwards.

    A mail cannot be read from here; what reaches this queue reaches every confirmed address.
    """
    sqs, sns = deployment.client("sqs"), deployment.client("sns")
    url = sqs.create_queue(QueueName=queue_name(stack, int(time.time())))["QueueUrl"]
    heard: list[str] = []

    def told(run_id: str) -> bool:
        deadline = time.monotonic() + MESSAGE_SECONDS
        while not any(run_id in message for message in heard) and time.monotonic() < deadline:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
            heard.extend(message["Body"] for message in answer.get("Messages", []))
        return any(run_id in message for message in heard)

    try:
        subscription = subscribe(deployment, url)
        try:
            yield told
        finally:
            sns.unsubscribe(SubscriptionArn=subscription)
    finally:
        sqs.delete_queue(QueueUrl=url)


def subscribe(deployment: Deployment, url: str) -> str:
    """Let the stack's topic send to a queue, and return the ARN of the subscription."""
    sqs, topic = deployment.client("sqs"), deployment.outputs["NotificationTopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    made = deployment.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    return str(made["SubscriptionArn"])


def subscriptions(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the subscriptions of the stack's topic."""
    pages = deployment.client("sns").get_paginator("list_subscriptions_by_topic")
    found = pages.paginate(TopicArn=deployment.outputs["NotificationTopicArn"])
    return [subscription for page in found for subscription in page["Subscriptions"]]


def check_addresses(subscribed: list[dict[str, Any]], report: Report) -> None:
    """Check that every mail address has confirmed: AWS sends nothing to one that has not."""
    mails = [subscription for subscription in subscribed if subscription["Protocol"] == "email"]
    if not mails:
        report.say("        no mail address is subscribed (parameter NotificationAddress)")
    for mail in mails:
        confirmed = mail["SubscriptionArn"] != "PendingConfirmation"
        report.check(f"{mail['Endpoint']} has confirmed the subscription", holds=confirmed)


def check_alarms(deployment: Deployment, began: datetime, report: Report) -> None:
    """Check that the alarm on failed executions goes off, where the deployment has alarms.

    This is looked at before anything else runs: five minutes after the failure the alarm is over.
    """
    machine = deployment.outputs["StateMachineArn"]
    watching = [alarm["AlarmName"] for alarm in alarms(deployment) if _watches(alarm, machine)]
    if not watching:
        report.say("        this deployment has no alarms on executions")
        return

    def went_off() -> bool:
        described = deployment.client("cloudwatch").describe_alarms(AlarmNames=watching)["MetricAlarms"]
        return any(alarm["StateValue"] == "ALARM" and alarm["StateUpdatedTimestamp"] >= began for alarm in described)

    try:
        until(ALARM_SECONDS, "an alarm", went_off)
    except SmokeFailed as error:
        report.check("the alarm on failed runs goes off", holds=False, otherwise=str(error))
    else:
        report.check("the alarm on failed runs goes off", holds=True)


def alarms(deployment: Deployment) -> list[dict[str, Any]]:
    """Return the account's alarms on metrics."""
    pages = deployment.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    return [alarm for page in pages for alarm in page.get("MetricAlarms", [])]


def _watches(alarm: dict[str, Any], machine: str) -> bool:
    dimensions = [dimension["Value"] for dimension in alarm.get("Dimensions", [])]
    return alarm.get("MetricName") == "ExecutionsFailed" and machine in dimensions


def check_dead_letters(deployment: Deployment, stack: str, report: Report) -> None:
    """Check that every event was delivered."""
    pages = deployment.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    made = [resource for page in pages for resource in page["StackResourceSummaries"]]
    for queue in (resource for resource in made if resource["ResourceType"] == "AWS::SQS::Queue"):
        asked = {"QueueUrl": queue["PhysicalResourceId"], "AttributeNames": ["ApproximateNumberOfMessages"]}
        attributes = deployment.client("sqs").get_queue_attributes(**asked)["Attributes"]
        left = int(attributes["ApproximateNumberOfMessages"])
        report.check(
            f"no event is left over in {queue['LogicalResourceId']}", holds=left == 0, otherwise=f"{left} messages"
        )


def check_jobs(deployment: Deployment, name: str, report: Report) -> None:
    """Check that no job of the runs goes on."""
    left = jobs(deployment, name)
    report.check("no job goes on", holds=not left, otherwise=", ".join(left))


def until(seconds: float, what: str, found: Callable[[], Any]) -> Any:
    """Ask again and again until there is an answer, and return it; raises SmokeFailed if there is none in time."""
    deadline, pause = time.monotonic() + seconds, 0.1
    while not (answer := found()):
        if time.monotonic() > deadline:
            raise SmokeFailed(f"{what} was awaited for {seconds:.0f} s")
        time.sleep(pause)
        pause = min(pause * 1.2, 5.0)
    return answer


if __name__ == "__main__":
    sys.exit(main())
