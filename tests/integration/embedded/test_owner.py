"""What the owner of a cloud reads from its own memory is what the services would answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

NESTED = {"M": {"empty": {"L": []}, "deep": {"L": [{"M": {"n": {"N": "1.5"}}}, {"NULL": True}, {"BOOL": False}]}}}


@pytest.fixture
def table(cloud: EmbeddedCloud) -> str:
    """Return the name of a table with one item."""
    database = cloud.client("dynamodb")
    name = "owned"
    if name not in database.list_tables()["TableNames"]:
        database.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "run_id", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "run_id", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
    database.put_item(TableName=name, Item={"run_id": {"S": "r"}, "sk": {"S": "META"}, "nested": NESTED})
    return name


def test_items_are_those_of_the_service(cloud: EmbeddedCloud, table: str) -> None:
    """One by one or together, with nested values, and those left out that do not exist."""
    own, served = cloud.owners_client("dynamodb"), cloud.client("dynamodb")
    keys = [{"run_id": {"S": "r"}, "sk": {"S": sk}} for sk in ("META", "MISSING")]
    for key in keys:
        request = {"TableName": table, "Key": key, "ConsistentRead": True}
        assert own.get_item(**request).get("Item") == served.get_item(**request).get("Item")
    request = {"RequestItems": {table: {"Keys": keys, "ConsistentRead": True}}}
    answers = [client.batch_get_item(**request) for client in (own, served)]
    assert answers[0]["Responses"] == answers[1]["Responses"]
    assert answers[0]["UnprocessedKeys"] == answers[1]["UnprocessedKeys"] == {}


def test_objects_are_those_of_the_service(cloud: EmbeddedCloud) -> None:
    """Body, version and metadata; a missing one is refused by the service itself."""
    own, served = cloud.owners_client("s3"), cloud.client("s3")
    place = {"Bucket": "owned", "Key": "a/b"}
    served.create_bucket(Bucket="owned")
    served.put_object(**place, Body=b"content", Tagging="kind=test", Metadata={"sha256": "digest"})
    mine, theirs = own.get_object(**place), served.get_object(**place)
    assert mine["Body"].read() == theirs["Body"].read() == b"content"
    assert mine["Metadata"]["sha256"] == theirs["Metadata"]["sha256"] == "digest"
    assert mine["ETag"] == theirs["ETag"] == own.head_object(**place)["ETag"]
    with pytest.raises(ClientError, match="NoSuchKey"):
        own.get_object(**place | {"Key": "missing"})
    with pytest.raises(ClientError, match="404"):
        own.head_object(**place | {"Key": "missing"})


def test_waiting_for_a_change_ends_with_the_execution(cloud: EmbeddedCloud) -> None:
    """Whoever waits is woken up and finds how the execution has ended, long before the time-out."""
    machine = cloud.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"]
    own = cloud.owners_client("stepfunctions")
    begun = time.monotonic()
    arn = own.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    while own.describe_execution(executionArn=arn)["status"] == "RUNNING":
        cloud.wait_for_change(50)
    assert time.monotonic() - begun < 50
    ended = cloud.client("stepfunctions").describe_execution(executionArn=arn)
    assert own.describe_execution(executionArn=arn)["status"] == ended["status"]


def test_log_events_are_those_of_the_service(cloud: EmbeddedCloud) -> None:
    """Of all streams of a group, from a time on, those with a phrase."""
    own, served = cloud.owners_client("logs"), cloud.client("logs")
    served.create_log_group(logGroupName="owned")
    now = int(time.time() * 1000)
    for stream in ("first", "second"):
        served.create_log_stream(logGroupName="owned", logStreamName=stream)
        events = [{"timestamp": now - ago, "message": f"run-one {stream} {ago}"} for ago in (5000, 1000)]
        events.append({"timestamp": now, "message": "of another run"})
        served.put_log_events(logGroupName="owned", logStreamName=stream, logEvents=events)
    request = {"logGroupName": "owned", "filterPattern": '"run-one"', "startTime": now - 2000}
    mine, theirs = (
        {event["message"] for event in client.filter_log_events(**request)["events"]} for client in (own, served)
    )
    assert mine == theirs == {"run-one first 1000", "run-one second 1000"}


def test_the_latest_events_of_a_history_are_those_of_the_service(cloud: EmbeddedCloud) -> None:
    """Newest first, as many as are asked for."""
    machine = cloud.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"]
    own, served = cloud.owners_client("stepfunctions"), cloud.client("stepfunctions")
    arn = own.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    while own.describe_execution(executionArn=arn)["status"] == "RUNNING":
        cloud.wait_for_change(50)
    mine = own.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=2)["events"]
    theirs = sorted(served.get_execution_history(executionArn=arn)["events"], key=lambda event: event["id"])
    assert [event["id"] for event in mine] == [event["id"] for event in theirs[:-3:-1]]
