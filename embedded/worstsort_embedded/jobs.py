"""Batch jobs as real processes: the seam to moto's Batch."""
# ruff: noqa: SLF001, DTZ005 - this module is about the inside of moto's jobs, which have local times

from __future__ import annotations

import json
import threading
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.batch.exceptions import ClientException
from moto.batch.models import BatchBackend, Job
from moto.batch.responses import BatchResponse

from worstsort_embedded.executor import Executor, JobOrder
from worstsort_embedded.logs import LogStream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from worstsort_embedded.image import Image
    from worstsort_embedded.seams import Seams

_LOG_GROUP = "/aws/batch/job"
_ARRAY_SIZES = range(2, 10_001)


class JobRecord:
    """moto's job, kept up to date while the executor runs it."""

    def __init__(self, job: Job, settle: Callable[[], None]) -> None:
        self._job, self._settle = job, settle
        job.status = "RUNNABLE"

    def starting(self, _attempt: int) -> LogStream:
        """Note the attempt, and open its log stream."""
        job = self._job
        options = _properties(job).get("logConfiguration", {}).get("options", {})
        prefix = options.get("awslogs-stream-prefix", job.job_definition.name)
        job.log_stream_name = f"{prefix}/default/{uuid.uuid4().hex}"
        job.job_started_at = datetime.now()
        job.exit_code = None
        job._start_attempt()
        job.status = "STARTING"
        group = options.get("awslogs-group", _LOG_GROUP)
        return LogStream(job.backend.account_id, job.backend.region_name, group, job.log_stream_name)

    def running(self) -> None:
        """The process has started."""
        self._job.status = "RUNNING"

    def attempt_ended(self, exit_code: int, status_reason: str) -> None:
        """Note how the attempt ended."""
        job = self._job
        job.job_stopped_at = datetime.now()
        job.exit_code = exit_code
        job._stop_attempt()
        job.attempts[-1]["container"]["exitCode"] = exit_code
        job.attempts[-1]["statusReason"] = status_reason

    def ended(self, *, succeeded: bool, reason: str) -> None:
        """Close the job, and its array when it was the last child."""
        self._job.job_stopped_reason = reason
        self._job._mark_stopped(success=succeeded)
        self._settle()


class Jobs:
    """Submits, terminates and describes jobs; the executor runs them."""

    def __init__(self, executor: Executor, image: Image, environment: Mapping[str, str], folder: Path) -> None:
        self._executor, self._image, self._environment, self._folder = executor, image, environment, folder
        self._finished: dict[str, threading.Event] = {}
        self._jobs: dict[str, Job] = {}
        self._turn = threading.Lock()

    def install(self, seams: Seams) -> None:
        """Run jobs here instead of in Docker, and describe them as they are."""
        seams.replace(Job, "start", lambda _: lambda _job: None)
        seams.replace(Job, "terminate", self._terminating)
        seams.replace(Job, "_get_container_property", _container_property)
        seams.replace(Job, "_container_details", _container_details)
        seams.replace(Job, "describe_short", _describe_short)
        seams.replace(BatchBackend, "describe_jobs", lambda _: _describe_jobs)
        seams.replace(BatchBackend, "_validate_compute_resources", lambda _: lambda _backend, _resources: None)
        seams.replace(BatchResponse, "submitjob", self._submitting)

    def wait(self, job_id: str, seconds: float) -> bool:
        """Whether a submitted job has ended (an array with all of its children), waiting this long at most."""
        return self._finished[job_id].wait(seconds)

    def terminate(self, job_id: str, reason: str) -> None:
        """End a submitted job for good."""
        self._terminate(self._jobs[job_id], reason)

    def _terminate(self, job: Job, reason: str) -> None:
        for each in job._child_jobs or [job]:
            self._executor.terminate(each.job_id, reason)

    def _terminating(self, _original: object) -> Callable[[Job, str], None]:
        def terminate(job: Job, reason: str) -> None:
            self._terminate(job, reason)

        return terminate

    def _submitting(self, original: Callable[[BatchResponse], str]) -> Callable[[BatchResponse], str]:
        def submitjob(response: BatchResponse) -> str:
            size = response._get_param("arrayProperties", {}).get("size")
            if size is not None and size not in _ARRAY_SIZES:
                raise ClientException(f"Array size must be between 2 and 10000, not {size}.")
            if response._get_param("dependsOn"):
                raise ClientException("The embedded cloud has no dependencies between jobs.")
            body = original(response)
            job = response.batch_backend._jobs[json.loads(body)["jobId"]]
            self._submit(job, response._get_param("retryStrategy") or job.job_definition.retry_strategy)
            return body

        return submitjob

    def _submit(self, job: Job, retry: Mapping[str, Any]) -> None:
        self._jobs[job.job_id], self._finished[job.job_id] = job, threading.Event()
        children = job._child_jobs or []
        for child in children:
            job.job_queue.jobs.remove(child)  # a queue lists arrays, not their children
        records = [JobRecord(each, lambda: self._settle(job)) for each in children or [job]]
        if children:
            job.status = "PENDING"
        for each, record in zip(children or [job], records, strict=True):
            self._executor.submit(self._order(each, retry), record)

    def _settle(self, job: Job) -> None:
        """Close an array whose children have all ended, and wake up who waits for the job."""
        with self._turn:
            children = job._child_jobs or []
            if not all(child.job_stopped for child in children):
                return
            if children:
                failed = any(child.status == "FAILED" for child in children)
                job.job_stopped_reason = "Array Child Job failed" if failed else None
                job._mark_stopped(success=not failed)
        self._finished[job.job_id].set()

    def _order(self, job: Job, retry: Mapping[str, Any]) -> JobOrder:
        own = {pair["name"]: pair["value"] for pair in job._get_container_property("environment", [])}
        own["AWS_BATCH_JQ_NAME"] = job.job_queue.name
        if "index" in job.array_properties:
            own["AWS_BATCH_JOB_ARRAY_INDEX"] = str(job.array_properties["index"])
        seconds = job._get_attempt_duration()
        return JobOrder(
            job_id=job.job_id,
            command=self._image.command(job._add_parameters_to_command(job._get_container_property("command", []))),
            environment={**self._environment, **own},
            folder=self._folder,
            vcpus=_vcpus(job),
            attempts=int(retry.get("attempts", 1)),
            rules=tuple(retry.get("evaluateOnExit", ())),
            seconds=float(seconds) if seconds else None,
        )


def _properties(job: Job) -> dict[str, Any]:
    return job.job_definition.container_properties or {}


def _vcpus(job: Job) -> float:
    """The vCPUs that a job asks for; an override comes before the definition."""
    asked = {each["type"]: each["value"] for each in job.container_overrides.get("resourceRequirements", [])}
    return float(asked.get("VCPU") or job.job_definition._get_resource_requirement("vcpus", 1))


def _container_property(original: Callable[[Job, str, Any], Any]) -> Callable[[Job, str, Any], Any]:
    """What moto does for the environment adds to the overrides whenever a job is described."""

    def get(job: Job, name: str, default: Any) -> Any:
        if name != "environment":
            return original(job, name, default)
        pairs = [*_properties(job).get(name, []), *job.container_overrides.get(name, [])]
        merged = {pair["name"]: pair["value"] for pair in pairs} | {"AWS_BATCH_JOB_ID": job.job_id}
        return [{"name": key, "value": value} for key, value in merged.items()]

    return get


def _container_details(original: Callable[[Job], dict[str, Any]]) -> Callable[[Job], dict[str, Any]]:
    def details(job: Job) -> dict[str, Any]:
        image = {"image": _properties(job)["image"]}
        return original(job) | image | ({} if job.exit_code is None else {"exitCode": job.exit_code})

    return details


def _describe_short(original: Callable[[Job], dict[str, Any]]) -> Callable[[Job], dict[str, Any]]:
    def describe(job: Job) -> dict[str, Any]:
        return original(job) | ({"arrayProperties": job.array_properties} if job.array_properties else {})

    return describe


def _describe_jobs(backend: BatchBackend, jobs: list[str] | None) -> list[dict[str, Any]]:
    """By id or ARN; moto's own goes through all jobs, while other threads add some."""
    ids = [job.rpartition("job/")[2] for job in jobs or list(backend._jobs)]
    return [backend._jobs[each].describe() for each in ids if each in backend._jobs]
