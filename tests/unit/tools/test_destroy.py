"""What is left of a stack is deleted, whatever of it is gone already."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from tools.deployment.destroy import Doomed, empty_bucket, examine, stop_runs
from tools.deployment.stack import Stack

ACCOUNT = "us-east-1:123456789012"
MACHINE = f"arn:aws:states:{ACCOUNT}:stateMachine:sort"
QUEUE = f"arn:aws:batch:{ACCOUNT}:job-queue/sort"
DEFINITION = f"arn:aws:batch:{ACCOUNT}:job-definition/sort:3"


def session() -> boto3.Session:
    """Return a session of an account that is empty."""
    return boto3.Session("test", "test", region_name="us-east-1")


def examined(status: str, environment: str, **resources: tuple[str, str, str]) -> Doomed:
    """Examine a stack in a status, whose resources have a type, an id and a status each."""
    cloudformation = session().client("cloudformation")
    stack = {
        "StackName": "sort",
        "StackStatus": status,
        "CreationTime": "2026-01-01T00:00:00Z",
        "Description": "Worstsort evolves",
        "Parameters": [{"ParameterKey": "Environment", "ParameterValue": environment}],
    }
    summaries = [
        {
            "LogicalResourceId": name,
            "ResourceType": kind,
            "PhysicalResourceId": physical_id,
            "LastUpdatedTimestamp": "2026-01-01T00:00:00Z",
            "ResourceStatus": resource_status,
        }
        for name, (kind, physical_id, resource_status) in resources.items()
    ]
    with Stubber(cloudformation) as answers:
        answers.add_response("describe_stacks", {"Stacks": [stack]})
        answers.add_response("list_stack_resources", {"StackResourceSummaries": summaries})
        return examine(cloudformation, "sort")


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "DELETE_FAILED", "DELETE_IN_PROGRESS"])
def test_what_a_stack_has_no_longer_is_not_looked_for(status: str) -> None:
    """Only the revisions of a job definition are, which may be active still."""
    doomed = examined(
        status,
        "dev",
        Machine=("AWS::StepFunctions::StateMachine", MACHINE, "DELETE_COMPLETE"),
        Queue=("AWS::Batch::JobQueue", QUEUE, "DELETE_COMPLETE"),
        Definition=("AWS::Batch::JobDefinition", DEFINITION, "DELETE_COMPLETE"),
        Left=("AWS::S3::Bucket", "left", "DELETE_SKIPPED"),
        Bucket=("AWS::S3::Bucket", "full", "DELETE_FAILED"),
    )
    assert doomed.resources == (("AWS::S3::Bucket", "full"),)
    assert doomed.definitions == (DEFINITION,)
    assert doomed.kept == []


def test_what_was_left_behind_in_prod_is_named_again() -> None:
    """It is paid for, however often the stack is deleted."""
    doomed = examined(
        "DELETE_FAILED",
        "prod",
        Bucket=("AWS::S3::Bucket", "left", "DELETE_SKIPPED"),
        Gone=("AWS::ECR::Repository", "gone", "DELETE_COMPLETE"),
        Table=("AWS::DynamoDB::Table", "there", "CREATE_COMPLETE"),
    )
    assert doomed.kept == ["there", "left"]


@mock_aws
def test_what_was_deleted_by_hand_stops_nothing() -> None:
    """A stack names it still."""
    resources = (("AWS::StepFunctions::StateMachine", MACHINE), ("AWS::Batch::JobQueue", QUEUE))
    stop_runs(session(), Doomed(Stack("sort", "DELETE_FAILED"), resources))
    assert empty_bucket(session().client("s3"), "gone") == 0
