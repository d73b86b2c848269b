"""The log of a run's islands, read from CloudWatch Logs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.job_log import JobLog

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = "/worstsort/jobs"


@pytest.fixture
def write(aws: None) -> Callable[..., None]:  # noqa: ARG001 - the services must be there first
    """Return a function that lets an island of a run log something, some seconds ago."""
    logs = boto3.client("logs", "us-east-1")
    logs.create_log_group(logGroupName=GROUP)

    def put(island: int, message: str, *, run_id: str = "one", ago: float = 0.0, **fields: Any) -> None:
        stream = f"{run_id}-{island}"
        if stream not in {
            found["logStreamName"] for found in logs.describe_log_streams(logGroupName=GROUP)["logStreams"]
        }:
            logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        said = json.dumps({"message": message, "run_id": run_id, "island": island, **fields})
        event = {"timestamp": int((time.time() - ago) * 1000), "message": said}
        logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=[event])

    return put


def log(run_id: str = "one", **outputs: str) -> JobLog:
    """Return the log of a run of a stack with these outputs."""
    return JobLog(
        Deployment(outputs or {"JobLogGroupName": GROUP}, lambda name: boto3.client(name, "us-east-1")), run_id
    )


def test_lines_of_all_islands_come_in_the_order_of_their_times_and_once(write: Callable[..., None]) -> None:
    """A later look brings only what has come since."""
    write(1, "second", ago=5)
    write(0, "first", ago=10)
    reading = log()
    assert [(line.island, line.fields["message"]) for line in reading.new_lines()] == [(0, "first"), (1, "second")]
    assert reading.new_lines() == []
    write(0, "third")
    assert [line.fields["message"] for line in reading.new_lines()] == ["third"]


def test_a_line_that_comes_late_is_not_missed(write: Callable[..., None]) -> None:
    """It was logged before another island's that has been read already."""
    write(0, "read before")
    reading = log()
    reading.new_lines()
    write(1, "late", ago=15)
    assert [line.fields["message"] for line in reading.new_lines()] == ["late"]


def test_other_runs_are_left_out(write: Callable[..., None]) -> None:
    """They log into the same group."""
    write(0, "of another", run_id="two")
    write(0, "of this one")
    assert [line.fields["message"] for line in log().new_lines()] == ["of this one"]


@pytest.mark.usefixtures("aws")
def test_a_stack_that_does_not_name_its_log_group_has_no_log() -> None:
    """It was deployed before that was one of its outputs; the rest of `watch` works all the same."""
    assert log(BucketName="bucket").new_lines() == []
