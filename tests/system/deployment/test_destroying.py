"""`make destroy`: runs are stopped, what is versioned is emptied, and only then is the stack deleted."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.cloudformation.models import cloudformation_backends

from tests.support.command import ROOT
from tests.support.executions import start
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploying")]

STACK = "worstsort"
LONG = {"size": 300, "population": 2000, "generations_per_epoch": 100, "stop": {"max_epochs": 200}}
"""A run that does not end by itself within a test."""


@pytest.fixture
def cloud() -> Iterator[EmbeddedCloud]:
    """Open a cloud of which nothing may be left."""
    with EmbeddedCloud(ROOT, parameters={"SaveSeconds": "0.5"}) as running:
        yield running


@pytest.fixture
def deployer(deployer_of: Any, cloud: EmbeddedCloud) -> Any:
    """Return somebody who deletes that cloud's stack."""
    return deployer_of(cloud)


def objects(cloud: EmbeddedCloud) -> list[str]:
    """Return the keys in the bucket."""
    answer = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["BucketName"])
    return [item["Key"] for item in answer.get("Contents", [])]


def unfinished(cloud: EmbeddedCloud) -> list[str]:
    """Return the jobs that have not ended."""
    batch, queue = cloud.client("batch"), cloud.outputs["JobQueueArn"]
    statuses = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
    return [
        job["jobId"]
        for status in statuses
        for job in batch.list_jobs(jobQueue=queue, jobStatus=status)["jobSummaryList"]
    ]


def exists(cloud: EmbeddedCloud, bucket: str) -> bool:
    """Return whether a bucket exists."""
    try:
        cloud.client("s3").head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def stacks(cloud: EmbeddedCloud) -> list[str]:
    """Return the names of the stacks that are there."""
    return [stack["StackName"] for stack in cloud.client("cloudformation").describe_stacks()["Stacks"]]


def test_a_stack_with_a_run_under_way_goes_and_leaves_nothing(cloud: EmbeddedCloud, deployer: Any) -> None:
    """Execution and jobs are ended, all versions are deleted, and no revision of the job definition stays active."""
    bucket = cloud.outputs["BucketName"]
    cloud.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    run = start(cloud, "under-way", **LONG)
    end = time.monotonic() + 120
    while not any("/partial/" in key for key in objects(cloud)):
        assert time.monotonic() < end
        time.sleep(0.1)
    cloud.client("s3").put_object(Bucket=bucket, Key="runs/gone", Body=b"")
    cloud.client("s3").delete_object(Bucket=bucket, Key="runs/gone")
    done = deployer.destroy(STACK, typed=f"{STACK}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "stopped under-way" in done.stdout
    (emptied,) = re.findall(rf"emptied {bucket}: (\d+) versions", done.stdout)
    assert int(emptied) > len(["a population", "an object", "its delete marker"])
    assert stacks(cloud) == []
    assert not exists(cloud, bucket)
    machines = cloud.client("stepfunctions").list_state_machines()["stateMachines"]
    assert run.arn.split(":")[6] not in [machine["name"] for machine in machines]
    active = cloud.client("batch").describe_job_definitions(status="ACTIVE")["jobDefinitions"]
    assert active == []


def test_runs_are_stopped_before_anything_is_deleted(cloud: EmbeddedCloud, deployer: Any) -> None:
    """Where the bucket cannot be emptied, the stack stays, but nothing runs any more, and nothing is paid for."""
    start(cloud, "under-way", **LONG)
    while not unfinished(cloud):
        time.sleep(0.1)
    done = deployer.destroy("--yes", STACK, AWS_ENDPOINT_URL_S3="http://localhost:1", AWS_MAX_ATTEMPTS="1")
    assert done.returncode == 1
    assert "localhost:1" in done.stderr
    assert unfinished(cloud) == []
    assert stacks(cloud) == [STACK]


@pytest.mark.parametrize("typed", ["", "\n", "worstsor\n", "y\n"])
def test_another_answer_than_the_name_deletes_nothing(cloud: EmbeddedCloud, deployer: Any, typed: str) -> None:
    """Not even without a terminal, where there is no answer."""
    done = deployer.destroy(STACK, typed=typed)
    assert done.returncode == 1
    assert "nothing was deleted" in done.stderr
    assert stacks(cloud) == [STACK]


def test_in_prod_what_holds_data_stays_and_is_named(cloud: EmbeddedCloud, deployer: Any) -> None:
    """The bucket is not emptied."""
    bucket = cloud.outputs["BucketName"]
    cloud.client("s3").put_object(Bucket=bucket, Key="runs/x/champion.json", Body=b"{}")
    (backends,) = cloudformation_backends.values()
    for stack in next(iter(backends.values())).stacks.values():
        stack.resource_map.resolved_parameters["Environment"] = "prod"
    done = deployer.destroy("--yes", STACK)
    kept = [line for line in done.stdout.splitlines() if line.startswith("still there")]
    assert objects(cloud) == ["runs/x/champion.json"]
    assert "emptied" not in done.stdout
    assert len(kept) == 4
    assert any(bucket in line for line in kept)


def test_only_a_stack_of_this_project_is_deleted(cloud: EmbeddedCloud, deployer: Any) -> None:
    """A name that was mistyped may be another application's."""
    body = '{"Description": "Shop", "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    cloud.client("cloudformation").create_stack(StackName="shop", TemplateBody=body)
    foreign, missing = deployer.destroy("--yes", "shop"), deployer.destroy("--yes", "nobody")
    assert (foreign.returncode, missing.returncode) == (1, 1)
    assert "not of this project" in foreign.stderr
    assert "there is no stack 'nobody'" in missing.stderr
    assert sorted(stacks(cloud)) == ["shop", STACK]
