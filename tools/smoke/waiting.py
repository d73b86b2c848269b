"""What has to be waited for in a deployment: a job, the end of a run, its digest."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tools.smoke.report import SmokeFailed
from worstsort.runs.status import Status
from worstsort_cli.clouds import lookup

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort_cli.clouds.deployment import Deployment

JOB_SECONDS = 900.0
"""How long the first job may take to start: an instance is bought for it."""

RUN_SECONDS = 1_800.0

ACTIVE = ("RUNNING", "STARTING", "RUNNABLE", "PENDING", "SUBMITTED")
"""Statuses of a job that has not ended, the one sought first."""


def until(seconds: float, what: str, found: Callable[[], Any]) -> Any:
    """Ask again and again until there is an answer, and return it; raises SmokeFailed if there is none in time."""
    deadline, pause = time.monotonic() + seconds, 0.1
    while not (answer := found()):
        if time.monotonic() > deadline:
            raise SmokeFailed(f"{what} was awaited for {seconds:.0f} s")
        time.sleep(pause)
        pause = min(pause * 1.2, 5.0)
    return answer


def active_job(deployment: Deployment, run_id: str) -> str:
    """Wait for a job of a run, and return its id."""
    return str(until(JOB_SECONDS, f"a job of {run_id}", lambda: next(iter(jobs(deployment, run_id)), None)))


def jobs(deployment: Deployment, run_id: str) -> list[str]:
    """Return the ids of the jobs of a run that have not ended, those that run first."""
    batch, found = deployment.client("batch"), []
    for queue in (value for name, value in deployment.outputs.items() if "JobQueue" in name):
        for status in ACTIVE:
            pages = batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus=status)
            listed = [job for page in pages for job in page["jobSummaryList"]]
            found += [job["jobId"] for job in listed if job["jobName"].startswith(f"{run_id}-")]
    return found


def until_ended(deployment: Deployment, run_id: str) -> Any:
    """Wait until a run is recorded as ended, and return its record."""

    def ended() -> Any:
        run = lookup.find(deployment, run_id)
        return None if run.status == Status.RUNNING else run

    return until(RUN_SECONDS, f"the end of {run_id}", ended)


def finished(deployment: Deployment, run_id: str) -> str:
    """Wait until a run has succeeded, and return its digest; raises SmokeFailed if it ends otherwise."""
    run = until_ended(deployment, run_id)
    if run.status != Status.SUCCEEDED:
        raise SmokeFailed(f"{run_id} is {run.status.value}: {run.reason}")
    return str(run.digest)
