"""A queue that listens to what a stack tells people."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort_cli.clouds.deployment import Deployment

MESSAGE_SECONDS = 120.0

MAX_QUEUE_NAME_CHARACTERS = 80
"""AWS says: "A queue name can have up to 80 characters." (botocore: sqs CreateQueueRequest.QueueName)"""


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
