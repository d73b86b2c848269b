"""The Batch jobs of an execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pydantic import Field

from worstsort.runtime.environment import Environment
from worstsort.storage.clients import client

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UNENDED = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")

_MAX_DESCRIBED = 100
"""Jobs that one call of DescribeJobs takes."""

_MAX_REASON_CHARACTERS = 250
"""What is kept of the reason for which a job is ended."""

EXECUTION_VARIABLE = "EXECUTION_ARN"
"""Environment variable that tells a job which execution submitted it."""


class JobQueues(Environment):
    """The queues that jobs may be in: an execution keeps the one that it began with when the capacity is changed."""

    queues: str = Field(alias="JOB_QUEUES", min_length=1)

    @property
    def arns(self) -> list[str]:
        """The ARNs of the queues."""
        return self.queues.split(",")


def end_jobs(queue: str, execution_arn: str, reason: str) -> list[str]:
    """End all jobs that an execution has submitted, whatever their state; return their names; see `terminate`."""
    batch = client("batch")
    return terminate(batch, ((job, reason) for job in unended_jobs(batch, queue) if submitted_by(job) == execution_arn))


def terminate(batch: Any, doomed: Iterable[tuple[dict[str, Any], str]]) -> list[str]:
    """End jobs, each for its reason; return their names.

    Raises:
        ClientError: A job could not be ended, such as one without the stack's tag; all others have been.
    """
    ended: list[str] = []
    refused: ClientError | None = None
    for job, reason in doomed:
        try:
            batch.terminate_job(jobId=job["jobId"], reason=reason[:_MAX_REASON_CHARACTERS])
        except ClientError as error:
            refused = error
        else:
            ended.append(str(job["jobName"]))
    if refused:
        raise refused
    return ended


def unended_jobs(batch: Any, queue: str) -> Iterator[dict[str, Any]]:
    """Yield the descriptions of a queue's jobs that have not ended."""
    ids = [
        job["jobId"]
        for status in _UNENDED
        for page in batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus=status)
        for job in page["jobSummaryList"]
    ]
    # A job whose status changes while jobs are listed is found under both.
    unique = list(dict.fromkeys(ids))
    for first in range(0, len(unique), _MAX_DESCRIBED):
        yield from batch.describe_jobs(jobs=unique[first : first + _MAX_DESCRIBED])["jobs"]


def submitted_by(job: dict[str, Any]) -> str | None:
    """Return the ARN of the execution that submitted a job, or None for a job of another origin."""
    variables = job.get("container", {}).get("environment", [])
    return next((pair.get("value") for pair in variables if pair["name"] == EXECUTION_VARIABLE), None)
