"""The Batch jobs of an execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.storage.clients import client

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNENDED = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")

_DESCRIBED = 100
"""Jobs that one call describes at most."""

EXECUTION = "EXECUTION_ARN"
"""The variable that tells a job which execution submitted it."""


def end_jobs(queue: str, execution_arn: str, reason: str) -> list[str]:
    """End all jobs that an execution has submitted, of whatever state; returns their names."""
    batch = client("batch")
    ended = []
    for job in _unended(batch, queue):
        if _submitted_by(job) == execution_arn:
            batch.terminate_job(jobId=job["jobId"], reason=reason[:250])
            ended.append(job["jobName"])
    return ended


def _unended(batch: Any, queue: str) -> Iterator[dict[str, Any]]:
    ids = [
        one["jobId"]
        for status in _UNENDED
        for page in batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus=status)
        for one in page["jobSummaryList"]
    ]
    # A job that moves on while they are listed is found under both states.
    unique = list(dict.fromkeys(ids))
    for first in range(0, len(unique), _DESCRIBED):
        yield from batch.describe_jobs(jobs=unique[first : first + _DESCRIBED])["jobs"]


def _submitted_by(job: dict[str, Any]) -> str | None:
    environment = {one["name"]: one.get("value") for one in job.get("container", {}).get("environment", [])}
    return environment.get(EXECUTION)
