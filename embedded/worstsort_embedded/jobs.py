"""Batch jobs as real processes, in place of moto's Docker containers."""
# ruff: noqa: SLF001, DTZ005 - this module works on the inside of moto's jobs, whose times are local

from __future__ import annotations

import json
import re
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.batch.exceptions import ClientException
from moto.batch.models import BatchBackend, Job, JobDefinition
from moto.batch.responses import BatchResponse

from worstsort_embedded.executor import Executor, Task
from worstsort_embedded.logs import LogStream
from worstsort_embedded.zygote import TITLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort_embedded.deployment.image import Program
    from worstsort_embedded.patches import Patches

_ARRAY_SIZES = range(2, 10_001)
_RESERVED = re.compile(r"PATH|HOME|(AWS|PYTHON|NUMBA|LD|DYLD|GCONV|GLIBC)_?.*", re.IGNORECASE)
"""Variables with which the interpreter, the loader or a client is made to do something else."""


@dataclass(eq=False, kw_only=True)
class BatchTask(Task):
    """A task that keeps moto's job up to date.

    Attributes:
        job: The job.
        on_end: Called when the task has ended.
    """

    job: Job
    on_end: Callable[[], None]

    def begin_attempt(self) -> LogStream:
        """Record the attempt in the job, and open its log stream."""
        job = self.job
        options = _properties(job).get("logConfiguration", {}).get("options", {})
        prefix = options.get("awslogs-stream-prefix", job.job_definition.name)
        job.log_stream_name = f"{prefix}/default/{uuid.uuid4().hex}"
        job.job_started_at, job.exit_code = datetime.now(), None
        job._start_attempt()
        job.status = "STARTING"
        group = options.get("awslogs-group", "/aws/batch/job")
        return LogStream(job.backend.account_id, job.backend.region_name, group, job.log_stream_name)

    def mark_running(self) -> None:
        """Set the job's status to RUNNING."""
        self.job.status = "RUNNING"

    def end_attempt(self, exit_code: int, status_reason: str) -> None:
        """Record in the job how the attempt ended."""
        job = self.job
        job.job_stopped_at, job.exit_code = datetime.now(), exit_code
        job._stop_attempt()
        job.attempts[-1]["container"]["exitCode"] = exit_code
        job.attempts[-1]["statusReason"] = status_reason

    def end(self, *, succeeded: bool, reason: str) -> None:
        """Close the job, and its array if this was the last child."""
        self.job.job_stopped_reason = reason
        self.job._mark_stopped(success=succeeded)
        self.on_end()


class Jobs:
    """The submitted jobs, run by the executor and described through moto."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._deployed: dict[str, JobDefinition] = {}
        self._programs: dict[str, Program] = {}
        self._ended: dict[str, threading.Event] = {}
        self._tasks: dict[str, list[BatchTask]] = {}
        self._lock = threading.Lock()

    def install(self, patches: Patches) -> None:
        """Make moto run jobs here instead of in Docker, and describe them as AWS does."""
        patches.replace(Job, "start", lambda _job: None)
        patches.wrap(Job, "terminate", lambda _original, job, reason: self.terminate(job.job_id, reason))
        patches.wrap(Job, "_get_container_property", _container_property)
        patches.wrap(Job, "_container_details", _container_details)
        patches.wrap(Job, "describe_short", _describe_short)
        patches.replace(BatchBackend, "describe_jobs", _describe_jobs)
        patches.replace(BatchBackend, "_validate_compute_resources", lambda _backend, _resources: None)
        patches.wrap(BatchResponse, "submitjob", self._submit_job)

    def deploy(self, definition: JobDefinition, program: Program) -> None:
        """Take a revision of the template, and the image that was pushed for it; a tag keeps its first image."""
        self._deployed[definition.arn] = definition
        self._programs.setdefault(_image(definition), program)

    def wait(self, job_id: str, timeout_seconds: float) -> bool:
        """Wait for a submitted job, an array with all of its children, and return whether it ended in time."""
        return self._ended[job_id].wait(timeout_seconds)

    def terminate(self, job_id: str, reason: str) -> None:
        """End a job for good, an array with all of its children."""
        for task in self._tasks[job_id]:
            self._executor.terminate(task, reason)

    def _submit_job(self, original: Callable[[BatchResponse], str], response: BatchResponse) -> str:
        """Answer a SubmitJob request: check it, let moto make the job, and queue its tasks."""
        size = response._get_param("arrayProperties", {}).get("size")
        if size is not None and size not in _ARRAY_SIZES:
            raise ClientException(f"Array size must be between 2 and 10000, not {size}.")
        if response._get_param("dependsOn"):
            raise ClientException("The embedded cloud does not support dependencies between jobs (dependsOn).")
        self._check_program(response)
        body = original(response)
        job = response.batch_backend._jobs[json.loads(body)["jobId"]]
        self._submit(job, response._get_param("retryStrategy") or job.job_definition.retry_strategy)
        return body

    def _check_program(self, response: BatchResponse) -> None:
        """Refuse a job that would run anything but what the template says."""
        name = response._get_param("jobDefinition")
        definition = response.batch_backend.get_job_definition(name)
        if definition is not None and self._deployed.get(definition.arn) is not definition:
            raise ClientException(f"Job definition {name} is not in the template; the embedded cloud runs no other.")
        overrides = response._get_param("containerOverrides") or {}
        if "command" in overrides:
            raise ClientException("The embedded cloud runs the template's command; it cannot be overridden.")
        for variable in overrides.get("environment") or ():
            if _RESERVED.fullmatch(variable["name"]):
                raise ClientException(f"The environment variable {variable['name']} cannot be overridden.")

    def _submit(self, job: Job, retry_strategy: Mapping[str, Any]) -> None:
        children = job._child_jobs or []
        for child in children:
            job.job_queue.jobs.remove(child)  # a queue lists arrays, not their children
        tasks = [self._task(part, lambda: self._close_if_ended(job), retry_strategy) for part in children or [job]]
        self._ended[job.job_id] = threading.Event()
        self._tasks |= {task.job.job_id: [task] for task in tasks} | {job.job_id: tasks}
        if children:
            job.status = "PENDING"
        for task in tasks:
            self._executor.submit(task)

    def _close_if_ended(self, job: Job) -> None:
        """Wake up who waits for the job; an array is closed first, once all of its children have ended."""
        with self._lock:
            children = job._child_jobs or []
            if not all(child.job_stopped for child in children):
                return
            if children:
                failed = any(child.status == "FAILED" for child in children)
                job.job_started_at = min(child.job_started_at for child in children)
                if failed:
                    job.job_stopped_reason = "Array Child Job failed"
                job._mark_stopped(success=not failed)
        self._ended[job.job_id].set()

    def _task(self, job: Job, on_end: Callable[[], None], retry_strategy: Mapping[str, Any]) -> BatchTask:
        command = job._add_parameters_to_command(job._get_container_property("command", []))
        required = {need["type"]: need["value"] for need in job.container_overrides.get("resourceRequirements", [])}
        timeout_seconds = job._get_attempt_duration()
        job.status = "RUNNABLE"
        program = self._programs[_image(job.job_definition)]
        return BatchTask(
            command=program.image.command(command),
            environment={**program.environment, **_variables(job), TITLE: _title(job)},
            folder=program.folder,
            vcpus=float(required.get("VCPU") or job.job_definition._get_resource_requirement("vcpus", 1)),
            attempts=int(retry_strategy.get("attempts", 1)),
            rules=retry_strategy.get("evaluateOnExit", ()),
            timeout_seconds=float(timeout_seconds) if timeout_seconds else None,
            job=job,
            on_end=on_end,
        )


def _image(definition: JobDefinition) -> str:
    return str((definition.container_properties or {})["image"])


def _properties(job: Job) -> dict[str, Any]:
    return job.job_definition.container_properties or {}


def _title(job: Job) -> str:
    """Return what `ps` shows of a job."""
    index = job.array_properties.get("index")
    return f"worstsort: worker {job.job_name}" + ("" if index is None else f", child {index}")


def _variables(job: Job) -> dict[str, str]:
    """Return the job's own environment variables, and those that AWS Batch sets."""
    variables = {pair["name"]: pair["value"] for pair in job._get_container_property("environment", [])}
    variables["AWS_BATCH_JQ_NAME"] = job.job_queue.name
    if role := _properties(job).get("jobRoleArn"):
        variables["AWS_ACCESS_KEY_ID"] = role.rpartition("/")[2]  # names the caller's role in every request
    if "index" in job.array_properties:
        variables["AWS_BATCH_JOB_ARRAY_INDEX"] = str(job.array_properties["index"])
    return variables


def _container_property(original: Callable[..., Any], job: Job, name: str, default: Any) -> Any:
    """Return a property of a job; for the environment moto's own adds to the overrides at every description."""
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
    """Describe jobs by id or ARN; moto's own iterates over all jobs while other threads add some."""
    job_ids = [job.rpartition("job/")[2] for job in jobs or list(backend._jobs)]
    return [backend._jobs[job_id].describe() for job_id in job_ids if job_id in backend._jobs]
