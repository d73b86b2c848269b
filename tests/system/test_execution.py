"""An execution of the real state machine, as any AWS client sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.executions import Started, start
from worstsort.gosort import count_plain

if TYPE_CHECKING:
    from typing import Any

    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cloud")


@pytest.fixture(scope="module")
def finished(cloud: EmbeddedCloud) -> Started:
    """Finish a run of three islands and two epochs."""
    execution = start(cloud, "a-run", islands=3, stop={"max_epochs": 2})
    assert execution.wait()["status"] == "SUCCEEDED"
    return execution


def test_the_output_names_the_champion_and_the_reason_for_the_end(finished: Started) -> None:
    """The output holds what a person wants to know first."""
    output = json.loads(finished.wait()["output"])
    assert output["run_id"] == "a-run"
    assert output["reason"] == "all 2 epochs done"
    body = finished.cloud.client("s3").get_object(Bucket=finished.cloud.outputs["BucketName"], Key=output["champion"])
    champion = json.loads(body["Body"].read())
    assert count_plain(champion["values"], "go1.12") == champion["comparisons"] == output["comparisons"]


def test_each_epoch_can_be_seen_in_the_history(finished: Started) -> None:
    """There is one array job and one CloseEpoch per epoch."""
    pages = finished.cloud.client("stepfunctions").get_paginator("get_execution_history")
    events = [event for page in pages.paginate(executionArn=finished.arn) for event in page["events"]]
    entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
    epoch = ["HowManyIslands", "EvolveIslands", "CloseEpoch", "ContinueOrStop"]
    expected = [*epoch, "NextEpoch", *epoch, "FinishRun", "RunSucceeded"]
    assert entered[-len(expected) :] == expected


def test_each_island_of_each_epoch_ran_in_a_process_of_its_own(finished: Started) -> None:
    """Three islands and two epochs have six process ids, which the logs have too."""
    recorded = {item["pid"]["N"] for item in finished.items("ISLAND#")}
    assert len(recorded) == 6
    logs, group = finished.cloud.client("logs"), "/worstsort/jobs"
    streams = [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]]
    lines = [
        json.loads(event["message"])
        for stream in streams
        for event in logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]
    ]
    assert {str(line["pid"]) for line in lines if line.get("message") == "evolving"} >= recorded


def test_an_array_job_has_a_child_for_each_island(finished: Started) -> None:
    """Batch lists the children, and their logs can be read."""
    batch = finished.cloud.client("batch")
    jobs = batch.list_jobs(jobQueue=finished.cloud.outputs["JobQueueArn"], jobStatus="SUCCEEDED")["jobSummaryList"]
    (first,) = [job for job in jobs if job["jobName"] == "a-run-epoch-1"]
    children = batch.list_jobs(arrayJobId=first["jobId"], jobStatus="SUCCEEDED")["jobSummaryList"]
    assert sorted(child["arrayProperties"]["index"] for child in children) == [0, 1, 2]
    (described,) = batch.describe_jobs(jobs=[children[0]["jobId"]])["jobs"]
    assert described["container"]["exitCode"] == 0
    log = finished.cloud.client("logs").get_log_events(
        logGroupName="/worstsort/jobs", logStreamName=described["container"]["logStreamName"]
    )
    assert log["events"]


def test_the_generations_are_recorded_under_their_keys(finished: Started) -> None:
    """There are two epochs of three generations, and the first population."""
    keys = [item["sk"]["S"] for item in finished.items("GEN#")]
    assert keys == [f"GEN#{generation:08d}" for generation in range(7)]
    assert [item["sk"]["S"] for item in finished.items("ISLAND#00001#")] == [
        "ISLAND#00001#000001",
        "ISLAND#00001#000002",
    ]


def test_the_champion_is_found_by_fitness(finished: Started) -> None:
    """It is on the leaderboard of its family."""
    answer = finished.cloud.client("dynamodb").query(
        TableName=finished.cloud.outputs["ChampionsTableName"],
        IndexName="by_fitness",
        KeyConditionExpression="family = :family",
        ExpressionAttributeValues={":family": {"S": "go1.12:30"}},
        ScanIndexForward=False,
    )
    assert answer["Items"][0]["run_id"]["S"] == "a-run"


def test_a_single_island_runs_as_a_plain_job(cloud: EmbeddedCloud) -> None:
    """Batch has no array jobs of one child."""
    assert start(cloud, "one-island", islands=1, stop={"max_epochs": 1}).wait()["status"] == "SUCCEEDED"


def test_starting_under_a_name_twice_has_no_second_effect(cloud: EmbeddedCloud) -> None:
    """The same name and input mean the same execution."""
    first = start(cloud, "twice", stop={"max_epochs": 1})
    assert start(cloud, "twice", stop={"max_epochs": 1}).arn == first.arn
    assert first.wait()["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("bad-size", {"size": 0}, "size: given 0, allowed: an integer from 2 to 100000"),
        ("bad-key", {"colour": "red"}, "colour: given 'red', allowed: no such field"),
        ("no_run", {"resume": "nobody"}, "no other field with resume"),
    ],
)
def test_a_refused_input_fails_before_any_job_is_submitted(
    cloud: EmbeddedCloud, name: str, changes: dict[str, Any], said: str
) -> None:
    """The execution's cause names the field, what was given and what is allowed."""
    description = start(cloud, name, **changes).wait()
    assert (description["status"], description["error"]) == ("FAILED", "InputRefused")
    assert said in description["cause"]
    pages = (
        cloud.client("stepfunctions")
        .get_paginator("get_execution_history")
        .paginate(executionArn=description["executionArn"])
    )
    assert "TaskFailed" not in {
        event["type"] for page in pages for event in page["events"]
    }  # it is no error of a function
    for status in ("SUBMITTED", "RUNNABLE", "RUNNING", "SUCCEEDED", "FAILED"):
        jobs = cloud.client("batch").list_jobs(jobQueue=cloud.outputs["JobQueueArn"], jobStatus=status)
        assert not [job for job in jobs["jobSummaryList"] if job["jobName"].startswith(name)]


def test_a_failing_worker_fails_the_run_with_its_own_error(cloud: EmbeddedCloud) -> None:
    """The cause names the epoch, the island, the exit code and the worker's error."""
    execution = start(cloud, "vandalised", islands=3, stop={"max_epochs": 2_000 // 3})
    bucket, key = cloud.outputs["BucketName"], "runs/vandalised/islands/1/0.npz"
    s3 = cloud.client("s3")
    s3.get_waiter("object_exists").wait(Bucket=bucket, Key=key, WaiterConfig={"Delay": 0.01, "MaxAttempts": 1000})
    # Every checkpoint of island 1 is damaged until an epoch begins from a damaged one.
    while cloud.client("stepfunctions").describe_execution(executionArn=execution.arn)["status"] == "RUNNING":
        for item in s3.list_objects_v2(Bucket=bucket, Prefix="runs/vandalised/islands/1/").get("Contents", []):
            s3.put_object(Bucket=bucket, Key=item["Key"], Body=b"spoiled")
    description = execution.wait()
    assert (description["status"], description["error"]) == ("FAILED", "WorkerFailed")
    assert "island" in description["cause"]
    assert "exit code 1" in description["cause"]
    assert "CheckpointCorrupt: Checkpoint runs/vandalised/islands/1/" in description["cause"]
    (meta,) = execution.items("META")
    assert meta["status"]["S"] == "FAILED"
    assert meta["reason"]["S"] == description["cause"]
