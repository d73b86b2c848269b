"""Runs jobs as AWS Batch would: admission by vCPU, attempts, time-outs, termination. It knows processes, not moto."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from worstsort_embedded.retries import tries_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from worstsort_embedded.logs import LogStream
    from worstsort_embedded.processes import Child, Nursery

LOG = logging.getLogger(__name__)
_EXITED = "Essential container in task exited"
_TIMED_OUT = "Job attempt duration exceeded timeout"


class Record(Protocol):
    """Where the life of a job is written down."""

    def starting(self, attempt: int) -> LogStream:
        """An attempt (from 1) is about to start; returns where its output goes."""

    def running(self) -> None:
        """The attempt's process has started."""

    def attempt_ended(self, exit_code: int, status_reason: str) -> None:
        """The attempt's process has ended; a signal's exit code is 128 and its number."""

    def ended(self, *, succeeded: bool, reason: str) -> None:
        """Nothing more will happen to the job."""


@dataclass(frozen=True)
class JobOrder:
    """What to run, and how often and for how long (seconds) to try."""

    job_id: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    vcpus: float
    attempts: int = 1
    rules: Sequence[Mapping[str, Any]] = ()
    seconds: float | None = None


class _Job:
    """An order under way."""

    def __init__(self, order: JobOrder, record: Record) -> None:
        self.order, self.record = order, record
        self.finished = threading.Event()
        self.stopped = threading.Event()
        self.stop_reason = ""
        self.child: Child | None = None


class Executor:
    """Admits jobs in the order in which they come, as long as there are vCPUs for the next one."""

    def __init__(self, nursery: Nursery, vcpus: float, stop_seconds: float) -> None:
        self._nursery, self._vcpus, self._stop_seconds = nursery, vcpus, stop_seconds
        self._free = vcpus
        self._waiting: deque[_Job] = deque()
        self._jobs: dict[str, _Job] = {}
        self._turn = threading.RLock()

    def submit(self, order: JobOrder, record: Record) -> None:
        """Run a job when there is room for it."""
        job = _Job(order, record)
        with self._turn:
            self._jobs[order.job_id] = job
            self._waiting.append(job)
        self._admit()

    def wait(self, job_id: str, seconds: float) -> bool:
        """Whether a job has ended, waiting for it this long at most."""
        return self._jobs[job_id].finished.wait(seconds)

    def terminate(self, job_id: str, reason: str) -> None:
        """Fail a job for good; its process, if it has one, gets SIGTERM and, if it goes on, SIGKILL."""
        with self._turn:
            job = self._jobs[job_id]
            if job.stopped.is_set() or job.finished.is_set():
                return
            job.stop_reason = reason
            job.stopped.set()
            waiting = job in self._waiting
            if waiting:
                self._waiting.remove(job)
        if waiting:
            self._finish(job, succeeded=False, reason=reason)
        elif child := job.child:
            threading.Thread(target=child.stop, args=(self._stop_seconds,), daemon=True).start()

    def close(self) -> None:
        """Start nothing any more, neither jobs nor attempts; what runs is for the nursery to end."""
        with self._turn:
            self._waiting.clear()
            for job in self._jobs.values():
                job.stopped.set()

    def _needs(self, job: _Job) -> float:
        return min(job.order.vcpus, self._vcpus)

    def _admit(self) -> None:
        with self._turn:
            while self._waiting and self._needs(self._waiting[0]) <= self._free:
                job = self._waiting.popleft()
                self._free -= self._needs(job)
                threading.Thread(target=self._run, args=(job,), name=f"job {job.order.job_id}", daemon=True).start()

    def _run(self, job: _Job) -> None:
        try:
            succeeded, reason = self._try(job)
        except Exception as error:
            LOG.exception("job %s", job.order.job_id)
            succeeded, reason = False, f"the embedded cloud could not run the job: {error!r}"
        with self._turn:
            self._free += self._needs(job)
        self._finish(job, succeeded=succeeded, reason=reason)
        self._admit()

    def _finish(self, job: _Job, *, succeeded: bool, reason: str) -> None:
        try:
            job.record.ended(succeeded=succeeded, reason=reason)
        finally:
            job.finished.set()

    def _try(self, job: _Job) -> tuple[bool, str]:
        """Whether the job succeeded, and why it ended."""
        reason = ""
        for attempt in range(1, job.order.attempts + 1):
            if job.stopped.is_set():
                return False, job.stop_reason
            exit_code, reason = self._attempt(job, attempt)
            job.record.attempt_ended(exit_code, reason)
            if job.stopped.is_set():
                return False, job.stop_reason
            if exit_code == 0 or reason == _TIMED_OUT or not tries_again(job.order.rules, exit_code, "", reason):
                return exit_code == 0 and reason != _TIMED_OUT, reason
        return False, reason

    def _attempt(self, job: _Job, attempt: int) -> tuple[int, str]:
        """The exit code of one process as a container has it, and why it ended."""
        child, copying = self._start(job, attempt)
        job.record.running()
        if job.stopped.is_set():  # terminate() came while there was no process yet
            child.stop(self._stop_seconds)
        code, reason = child.wait(job.order.seconds), _EXITED
        if code is None:
            reason = _TIMED_OUT
            child.stop(self._stop_seconds)
            code = child.wait()
        copying.join()
        return (code if code is not None and code >= 0 else 128 - (code or 0)), reason

    def _start(self, job: _Job, attempt: int) -> tuple[Child, threading.Thread]:
        output, copying = job.record.starting(attempt).open()
        nothing = os.open(os.devnull, os.O_RDONLY)
        environment = {**job.order.environment, "AWS_BATCH_JOB_ATTEMPT": str(attempt)}
        try:
            job.child = self._nursery.spawn(job.order.command, environment, job.order.folder, (nothing, output))
        finally:
            os.close(nothing)
            os.close(output)
        return job.child, copying
