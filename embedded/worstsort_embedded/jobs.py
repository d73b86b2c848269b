"""Batch jobs as real processes: the seam to moto's Batch."""
# ruff: noqa: SLF001, DTZ005 - this module is about the inside of moto's jobs, which have local times

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.batch.exceptions import ClientException
from moto.batch.models import BatchBackend, Job
from moto.batch.responses import BatchResponse

from worstsort_embedded.executor import Executor, Task
from worstsort_embedded.logs import LogStream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from worstsort_embedded.image import Image
    from worstsort_embedded.patches import Patches

_ARRAY_SIZES = range(2, 10_001)


@dataclass(eq=False, kw_only=True)
class BatchTask(Task):
    """A task that keeps moto's job up to date."""

    job: Job
    settle: Callable[[], None]

    def starting(self) -> LogStream:
        """Note the attempt, and open its log stream."""
        job = self.job
        options = _properties(job).get("logConfiguration", {}).get("options", {})
        prefix = options.get("awslogs-stream-prefix", job.job_definition.name)
        job.log_stream_name = f"{prefix}/default/{uuid.uuid4().hex}"
        job.job_started_at, job.exit_code = datetime.now(), None
        job._start_attempt()
        job.status = "STARTING"
        group = options.get("awslogs-group", "/aws/batch/job")
        return LogStream(job.backend.account_id, job.backend.region_name, group, job.log_stream_name)

    def running(self) -> None:
        """The process has started."""
        self.job.status = "RUNNING"

    def attempt_ended(self, exit_code: int, status_reason: str) -> None:
        """Note how the attempt ended."""
        job = self.job
        job.job_stopped_at, job.exit_code = datetime.now(), exit_code
        job._stop_attempt()
        job.attempts[-1]["container"]["exitCode"] = exit_code
        job.attempts[-1]["statusReason"] = status_reason

    def ended(self, *, succeeded: bool, reason: str) -> None:
        """Close the job, and its array when it was the last child."""
        self.job.job_stopped_reason = reason
        self.job._mark_stopped(success=succeeded)
        self.settle()


class Jobs:
    """Submits, terminates and describes jobs; the executor runs them."""

    def __init__(self, executor: Executor, image: Image, environment: Mapping[str, str], folder: Path) -> None:
        self._executor, self._image, self._environment, self._folder = executor, image, environment, folder
        self._finished: dict[str, threading.Event] = {}
        self._tasks: dict[str, list[BatchTask]] = {}
        self._turn = threading.Lock()

    def install(self, patches: Patches) -> None:
        """Run jobs here instead of in Docker, and describe them as they are."""
        patches.replace(Job, "start", lambda _job: None)
        patches.wrap(Job, "terminate", lambda _original, job, reason: self.terminate(job.job_id, reason))
        patches.wrap(Job, "_get_container_property", _container_property)
        patches.wrap(Job, "_container_details", _container_details)
        patches.wrap(Job, "describe_short", _describe_short)
        patches.replace(BatchBackend, "describe_jobs", _describe_jobs)
        patches.replace(BatchBackend, "_validate_compute_resources", lambda _backend, _resources: None)
        patches.wrap(BatchResponse, "submitjob", self._submit_job)

    def wait(self, job_id: str, seconds: float) -> bool:
        """Whether a submitted job has ended (an array with all of its children), waiting this long at most."""
        return self._finished[job_id].wait(seconds)

    def terminate(self, job_id: str, reason: str) -> None:
        """End a job for good, an array with all of its children."""
        for task in self._tasks[job_id]:
            self._executor.terminate(task, reason)

    def _submit_job(self, original: Callable[[BatchResponse], str], response: BatchResponse) -> str:
        size = response._get_param("arrayProperties", {}).get("size")
        if size is not None and size not in _ARRAY_SIZES:
            raise ClientException(f"Array size must be between 2 and 10000, not {size}.")
        if response._get_param("dependsOn"):
            raise ClientException("The embedded cloud has no dependencies between jobs.")
        body = original(response)
        job = response.batch_backend._jobs[json.loads(body)["jobId"]]
        self._submit(job, response._get_param("retryStrategy") or job.job_definition.retry_strategy)
        return body

    def _submit(self, job: Job, retry: Mapping[str, Any]) -> None:
        children = job._child_jobs or []
        for child in children:
            job.job_queue.jobs.remove(child)  # a queue lists arrays, not their children
        tasks = [self._task(each, lambda: self._settle(job), retry) for each in children or [job]]
        self._finished[job.job_id] = threading.Event()
        self._tasks |= {task.job.job_id: [task] for task in tasks} | {job.job_id: tasks}
        if children:
            job.status = "PENDING"
        for task in tasks:
            self._executor.submit(task)

    def _settle(self, job: Job) -> None:
        """Close an array whose children have all ended, and wake up who waits for the job."""
        with self._turn:
            children = job._child_jobs or []
            if not all(child.job_stopped for child in children):
                return
            if children:
                failed = any(child.status == "FAILED" for child in children)
                job.job_started_at = min(child.job_started_at for child in children)
                if failed:
                    job.job_stopped_reason = "Array Child Job failed"
                job._mark_stopped(success=not failed)
        self._finished[job.job_id].set()

    def _task(self, job: Job, settle: Callable[[], None], retry: Mapping[str, Any]) -> BatchTask:
        own = {pair["name"]: pair["value"] for pair in job._get_container_property("environment", [])}
        own["AWS_BATCH_JQ_NAME"] = job.job_queue.name
        if role := _properties(job).get("jobRoleArn"):
            own["AWS_ACCESS_KEY_ID"] = role.rpartition("/")[2]  # so that a request says whose it is
        if "index" in job.array_properties:
            own["AWS_BATCH_JOB_ARRAY_INDEX"] = str(job.array_properties["index"])
        command = job._add_parameters_to_command(job._get_container_property("command", []))
        asked = {each["type"]: each["value"] for each in job.container_overrides.get("resourceRequirements", [])}
        seconds = job._get_attempt_duration()
        job.status = "RUNNABLE"
        return BatchTask(
            command=self._image.command(command),
            environment={**self._environment, **own},
            folder=self._folder,
            vcpus=float(asked.get("VCPU") or job.job_definition._get_resource_requirement("vcpus", 1)),
            attempts=int(retry.get("attempts", 1)),
            rules=retry.get("evaluateOnExit", ()),
            seconds=float(seconds) if seconds else None,
            job=job,
            settle=settle,
        )


def _properties(job: Job) -> dict[str, Any]:
    return job.job_definition.container_properties or {}


def _container_property(original: Callable[..., Any], job: Job, name: str, default: Any) -> Any:
    """What moto does for the environment adds to the overrides whenever a job is described."""
    if name != "environment":
        return original(job, name, default)
    pairs = [*_properties(job).get(name, []), *job.container_overrides.get(name, [])]
    merged = {pair["name"]: pair["value"] for pair in pairs} | {"AWS_BATCH_JOB_ID": job.job_id}
    return [{"name": key, "value": value} for key, value in merged.items()]


def _container_details(original: Callable[[Job], dict[str, Any]], job: Job) -> dict[str, Any]:
    ended = {} if job.exit_code is None else {"exitCode": job.exit_code}
    return original(job) | {"image": _properties(job)["image"]} | ended


def _describe_short(original: Callable[[Job], dict[str, Any]], job: Job) -> dict[str, Any]:
    return original(job) | ({"arrayProperties": job.array_properties} if job.array_properties else {})


def _describe_jobs(backend: BatchBackend, jobs: list[str] | None) -> list[dict[str, Any]]:
    """By id or ARN; moto's own goes through all jobs, while other threads add some."""
    ids = [job.rpartition("job/")[2] for job in jobs or list(backend._jobs)]
    return [backend._jobs[each].describe() for each in ids if each in backend._jobs]
