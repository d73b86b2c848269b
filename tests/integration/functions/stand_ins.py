"""Step Functions and Batch with executions and jobs of a test's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from worstsort.control import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:evolve"

QUEUES = ("queue", "spot-queue")
"""The queues that there are."""


class StepFunctions:
    """Step Functions with executions that have ended in ways and at times of a test's choice; others are running."""

    class exceptions:  # noqa: N801 - as boto3 spells it
        """The errors of the client."""

        class ExecutionDoesNotExist(Exception):
            """AWS has forgotten the execution."""

    def __init__(self, *ends: dict[str, Any], forgotten: tuple[str, ...] = ()) -> None:
        self.ends, self.forgotten = {end["executionArn"]: end for end in ends}, forgotten
        self.described: list[str] = []

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
        """Describe an execution."""
        self.described.append(executionArn)
        if executionArn in self.forgotten:
            raise self.exceptions.ExecutionDoesNotExist
        return self.ends.get(executionArn, {"status": "RUNNING"})

    def get_paginator(self, _name: str) -> StepFunctions:
        """Return a paginator."""
        return self

    def paginate(self, *, stateMachineArn: str, statusFilter: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        """List executions, one per page."""
        assert stateMachineArn == MACHINE
        for end in self.ends.values():
            if end["status"] == statusFilter:
                yield {"executions": [end]}


class Batch:
    """Batch with jobs of these executions, None for a job of another origin, in two queues.

    Jobs whose names begin with `spot` are in the second. The jobs are in all states in turn, and each is listed under
    the next one, too, as if it had come further meanwhile; one that was terminated is listed no more.
    """

    STATES = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED")

    def __init__(self, **jobs: str | None) -> None:
        self.jobs, self.terminated = jobs, dict[str, str]()

    def get_paginator(self, _name: str) -> Batch:
        """Return a paginator."""
        return self

    def paginate(self, *, jobQueue: str, jobStatus: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        """List jobs, one per page."""
        assert jobQueue in QUEUES
        queued = [name for name in self.jobs if (jobQueue == QUEUES[1]) is name.startswith("spot")]
        for position, name in enumerate(queued):
            state = position % (len(self.STATES) - 2)
            if name not in self.terminated and jobStatus in self.STATES[state : state + 2]:
                yield {"jobSummaryList": [{"jobId": name}]}

    def describe_jobs(self, *, jobs: list[str]) -> dict[str, Any]:
        """Describe up to 100 jobs."""
        assert 0 < len(jobs) <= 100
        return {"jobs": [{"jobId": name, "jobName": name, "container": {"environment": self._environment(name)}}
                         for name in jobs]}  # fmt: skip

    def _environment(self, name: str) -> list[dict[str, str]]:
        execution = self.jobs[name]
        other = {"name": "RUN_ID", "value": "r"}
        return [other] if execution is None else [other, {"name": jobs.EXECUTION_VARIABLE, "value": execution}]

    def terminate_job(self, *, jobId: str, reason: str) -> None:  # noqa: N803
        """Terminate a job, unless it may not be."""
        if jobId.startswith("untagged"):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "TerminateJob")
        assert jobId not in self.terminated
        self.terminated[jobId] = reason
