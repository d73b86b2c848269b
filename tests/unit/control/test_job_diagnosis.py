"""Why jobs failed, in plain words: from what Batch and the logs still know of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from worstsort.control import diagnosis
from worstsort.control.diagnosis import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator

ERROR = json.dumps({"level": "ERROR", "message": "CheckpointCorrupt: a key"})
CRITICAL = json.dumps({"level": "CRITICAL", "message": "out of memory"})
INFO = json.dumps({"level": "INFO", "message": "evolving"})
METRICS = json.dumps({"_aws": {}, "IslandsEnded": 1})


class Services:
    """Batch and CloudWatch Logs with jobs and log lines of a test's choice."""

    class exceptions:  # noqa: N801 - as boto3 spells it
        """The errors of the client."""

        class ResourceNotFoundException(Exception):
            """There is no such log stream."""

    def __init__(self, jobs: list[dict[str, Any]], **lines: list[str]) -> None:
        self.jobs, self.lines = {job["jobId"]: job for job in jobs}, lines

    def describe_jobs(self, *, jobs: list[str]) -> dict[str, Any]:
        """Describe a job."""
        return {"jobs": [self.jobs[name] for name in jobs]}

    def get_paginator(self, _name: str) -> Services:
        """Return a paginator."""
        return self

    def paginate(self, *, arrayJobId: str, jobStatus: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        """List the children of an array, one per page, the last one first."""
        assert jobStatus == "FAILED"
        for name in reversed(self.jobs):
            parent, _, index = name.partition(":")
            if index and parent == arrayJobId and self.jobs[name]["status"] == jobStatus:
                yield {"jobSummaryList": [self.jobs[name] | {"arrayProperties": {"index": int(index)}}]}

    def get_log_events(self, *, logGroupName: str, logStreamName: str, **how: Any) -> dict[str, Any]:  # noqa: N803
        """Return the last lines of a stream."""
        assert (logGroupName, how["startFromHead"]) == ("/jobs", False)
        if logStreamName not in self.lines:
            raise self.exceptions.ResourceNotFoundException
        return {"events": [{"message": f"{line}\n"} for line in self.lines[logStreamName]][-how["limit"] :]}


def job(name: str = "id", status: str = "FAILED", attempts: int = 1, **container: Any) -> dict[str, Any]:
    """Return a job as Batch describes it."""
    return {
        "jobId": name, "jobName": "r-epoch-3", "status": status, "attempts": [{}] * attempts, "container": container,
        "statusReason": "a reason of Batch",
    }  # fmt: skip


def explain(monkeypatch: pytest.MonkeyPatch, services: Services, cause: object) -> str:
    """Diagnose a failed job; return the cause."""
    monkeypatch.setattr(diagnosis, "client", lambda _service: services)
    failure = diagnose("States.TaskFailed", json.dumps(cause), "/jobs")
    assert failure.error == "WorkerFailed"
    return failure.cause


def test_of_very_many_islands_the_first_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are counted: a cause is read by a person, and kept in the run's record."""
    parent = job() | {"arrayProperties": {"size": 1_000}}
    services = Services([parent, *(job(f"id:{index}") for index in range(1_000))])
    said = explain(monkeypatch, services, {"jobId": "id"})
    assert "1000 of 1000 islands failed (0, 1, 2" in said
    assert "18, 19 and 980 more)" in said


@pytest.mark.parametrize("name", ["jobId", "JobId"])
def test_a_job_is_explained_by_its_exit_its_reason_and_its_last_error(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """However Step Functions spells the fields."""
    failed = job(attempts=2, exitCode=1, reason="Essential container exited", logStreamName="stream")
    services = Services([failed], stream=[ERROR, INFO, METRICS])
    assert explain(monkeypatch, services, {name: "id"}) == (
        "r-epoch-3: exit code 1 after 2 attempts; Essential container exited; "
        "its log ends with: CheckpointCorrupt: a key"
    )


def test_a_job_that_did_not_start_is_explained_by_batchs_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has neither an exit code nor a log."""
    cause = explain(monkeypatch, Services([job()]), {"jobId": "id"})
    assert cause == "r-epoch-3: it did not start after 1 attempt; a reason of Batch"


def test_a_job_that_exits_with_0_and_fails_has_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reason is then Batch's."""
    cause = explain(monkeypatch, Services([job(exitCode=0, logStreamName="gone")]), {"jobId": "id"})
    assert cause == "r-epoch-3: exit code 0 after 1 attempt; a reason of Batch"


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        ([INFO, "Killed"], "Killed"),
        ([ERROR, "Traceback", METRICS, " "], "CheckpointCorrupt: a key"),
        ([ERROR, CRITICAL, INFO], "out of memory"),
        (["[1]", INFO], "evolving"),
        ([ERROR.replace("ERROR", "DEBUG"), '{"a": 1}'], "{'a': 1}"),
        ([METRICS, ""], ""),
        ([], ""),
    ],
)
def test_the_log_is_told_by_its_last_error_or_else_its_last_line(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], last: str
) -> None:
    """Metrics and empty lines say nothing."""
    services = Services([job(exitCode=1, logStreamName="stream", reason="ended")], stream=lines)
    said = explain(monkeypatch, services, {"jobId": "id"})
    assert said == "r-epoch-3: exit code 1 after 1 attempt; ended" + (f"; its log ends with: {last}" if last else "")


def test_an_array_is_explained_by_its_first_failed_island(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that failed are named, in order, whatever order Batch lists them in."""
    array = job("array") | {"arrayProperties": {"size": 12}}
    children = [
        job(f"array:{index}", "FAILED" if index in {2, 10} else "SUCCEEDED", exitCode=index, reason="over")
        for index in range(12)
    ]
    assert explain(monkeypatch, Services([array, *children]), {"JobId": "array"}) == (
        "r-epoch-3: 2 of 12 islands failed (2, 10); island 2: exit code 2 after 1 attempt; over"
    )


def test_an_array_none_of_whose_islands_failed_is_explained_by_batchs_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was terminated before it began."""
    array = job("array", attempts=0) | {"arrayProperties": {"size": 2}}
    services = Services([array, job("array:0", "SUCCEEDED"), job("array:1", "SUCCEEDED")])
    assert explain(monkeypatch, services, {"JobId": "array"}) == "r-epoch-3: a reason of Batch"
    del array["statusReason"]
    assert explain(monkeypatch, services, {"JobId": "array"}) == "r-epoch-3: no reason given"


@pytest.mark.parametrize(
    ("error", "cause", "expected"),
    [
        ("States.Runtime", "", ("Runtime", "States.Runtime without a cause")),
        ("States.", "text", ("Unknown", "text")),
        ("Lambda.Unknown", '{"errorMessage": "it exited"}', ("Lambda.Unknown", "it exited")),
        ("RunExists", '{"errorType": "InputRefused", "errorMessage": "no"}', ("InputRefused", "no")),
        ("Lambda.Unknown", "[1]", ("Lambda.Unknown", "[1]")),
        ("StepFunctions.ExecutionAlreadyExists", "", (
            "StepFunctions.ExecutionAlreadyExists",
            "Another execution has taken the name of the one that should continue the run. Resume the run.",
        )),
    ],
)  # fmt: skip
def test_other_errors_keep_their_name_and_cause(error: str, cause: str, expected: tuple[str, str]) -> None:
    """Of a function its exception's; a name that Step Functions reserves loses what is reserved about it."""
    failure = diagnose(error, cause, "/jobs")
    assert (failure.error, failure.cause) == expected
