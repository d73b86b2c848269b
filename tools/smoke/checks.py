"""What must hold once runs were disturbed: addresses, alarms, events and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.smoke.report import Report, SmokeFailed
from tools.smoke.waiting import jobs, until

if TYPE_CHECKING:
    from datetime import datetime

    from worstsort_cli.clouds.deployment import Deployment

ALARM_SECONDS = 900.0
"""How long an alarm may take: metrics arrive after minutes, and its period is five."""


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
