"""The deployed stack is what the template says, and any client on this machine can use it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud


def test_the_stack_has_its_outputs_and_its_resources_work(cloud: EmbeddedCloud) -> None:
    """The outputs are CloudFormation's, without those of resources that are left out."""
    assert cloud.outputs["TableName"].startswith("worstsort-Table-")
    assert "VpcId" not in cloud.outputs
    stacks = cloud.client("cloudformation").describe_stacks(StackName="worstsort")["Stacks"]
    assert {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]} == cloud.outputs
    cloud.client("s3").put_object(Bucket=cloud.outputs["BucketName"], Key="key", Body=b"body")


def test_any_client_reaches_it_through_the_environment(cloud: EmbeddedCloud) -> None:
    """A program with the cloud's variables needs nothing else, even behind a proxy."""
    code = "import boto3; print(boto3.client('stepfunctions').list_state_machines()['stateMachines'][0]['name'])"
    environment = {"PATH": os.environ["PATH"], "HTTP_PROXY": "http://192.0.2.1:1", **cloud.environment}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("worstsort-Machine"), done.stderr


def test_only_loopback_is_served(cloud: EmbeddedCloud) -> None:
    """No other machine can reach it."""
    port = int(cloud.endpoint_url.rpartition(":")[2])
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=1):  # noqa: PT011 - any refusal
        pass
