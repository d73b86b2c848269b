"""Jobs run as AWS Batch runs them: admission by vCPU, attempts, time-outs, termination. Knows processes, not moto."""

from __future__ import annotations

import logging
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort_embedded.retries import should_retry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from worstsort_embedded.logs import LogStream
    from worstsort_embedded.processes import Child, ChildProcesses

LOG = logging.getLogger(__name__)
_EXITED = "Essential container in task exited"
_TIMED_OUT = "Job attempt duration exceeded timeout"
_LOG_SECONDS = 1.0
"""How long an ended attempt's log is awaited: a process that has left the group may hold the pipe open for ever."""


@dataclass(eq=False)
class Task(ABC):
    """A program to run, and methods through which the executor reports how it goes.

    Attributes:
        command: The program and its arguments.
        environment: All of its environment variables.
        folder: Its working directory.
        vcpus: Its share of the executor's vCPUs.
        attempts: How often it may be started.
        rules: When to retry, as Batch's evaluateOnExit has it.
        timeout_seconds: The longest duration of an attempt, None for no limit.
        child: The current attempt's process, once there is one.
        stop_reason: Why the task was terminated, None if it was not.
        finished: Whether nothing more will happen to it.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    vcpus: float
    attempts: int
    rules: Sequence[Mapping[str, Any]]
    timeout_seconds: float | None

    child: Child | None = None
    stop_reason: str | None = None
    finished: bool = False

    @abstractmethod
    def begin_attempt(self) -> LogStream:
        """Record that an attempt begins, and return the stream for its output."""

    @abstractmethod
    def mark_running(self) -> None:
        """Record that the attempt's process has started."""

    @abstractmethod
    def end_attempt(self, exit_code: int, status_reason: str) -> None:
        """Record how the attempt ended; the exit code after signal n is 128 + n."""

    @abstractmethod
    def end(self, *, succeeded: bool, reason: str) -> None:
        """Record how the task ended."""


class Executor:
    """A queue of tasks, started in order of submission as soon as there are enough free vCPUs for the next one."""

    def __init__(self, processes: ChildProcesses, vcpus: float, stop_seconds: float) -> None:
        self._processes, self._vcpus, self._stop_seconds = processes, vcpus, stop_seconds
        self._free_vcpus = vcpus
        self._waiting: deque[Task] = deque()
        self._closed = False
        self._lock = threading.Lock()

    def submit(self, task: Task) -> None:
        """Queue a task, and start it as soon as there is room."""
        with self._lock:
            self._waiting.append(task)
        self._admit()

    def terminate(self, task: Task, reason: str) -> None:
        """Fail a task for good; a running process gets SIGTERM and, if it continues, SIGKILL."""
        with self._lock:
            if task.finished or task.stop_reason is not None:
                return
            task.stop_reason = reason
            waiting, child = task in self._waiting, task.child
            if waiting:
                self._waiting.remove(task)
        if waiting:
            self._finish(task, succeeded=False, reason=reason)
        elif child:
            threading.Thread(target=child.stop, args=(self._stop_seconds,), name="job stop", daemon=True).start()

    def close(self) -> None:
        """Start no more tasks and attempts; running processes end with their owner, ChildProcesses."""
        with self._lock:
            self._closed = True
            self._waiting.clear()

    def _share(self, task: Task) -> float:
        """Return the vCPUs that a task occupies, so that one wider than the executor runs alone."""
        return min(task.vcpus, self._vcpus)

    def _admit(self) -> None:
        with self._lock:
            while self._waiting and self._share(self._waiting[0]) <= self._free_vcpus:
                task = self._waiting.popleft()
                self._free_vcpus -= self._share(task)
                threading.Thread(target=self._run, args=(task,), name="job", daemon=True).start()

    def _run(self, task: Task) -> None:
        try:
            succeeded, reason = self._try(task)
        except Exception as error:
            LOG.error("a job could not be run: %s: %s", type(error).__name__, error)  # noqa: TRY400 - one line
            LOG.debug("where", exc_info=True)
            succeeded, reason = False, f"the embedded cloud could not run the job: {error!r}"
        with self._lock:
            self._free_vcpus += self._share(task)
        self._finish(task, succeeded=succeeded, reason=reason if task.stop_reason is None else task.stop_reason)
        self._admit()

    def _finish(self, task: Task, *, succeeded: bool, reason: str) -> None:
        task.finished = True
        task.end(succeeded=succeeded, reason=reason)

    def _try(self, task: Task) -> tuple[bool, str]:
        """Run a task's attempts; return whether one succeeded, and why the last one ended."""
        reason = ""
        for attempt in range(1, task.attempts + 1):
            if self._closed or task.stop_reason is not None:
                break
            exit_code, reason = self._attempt(task, attempt)
            task.end_attempt(exit_code, reason)
            if exit_code == 0 and reason == _EXITED and task.stop_reason is None:
                return True, reason
            if reason == _TIMED_OUT or not should_retry(task.rules, exit_code, None, reason):
                break
        return False, reason

    def _attempt(self, task: Task, attempt: int) -> tuple[int, str]:
        """Run one process; return its exit code, as a container has it, and why it ended."""
        child, copying = self._start(task, attempt)
        task.mark_running()
        code, reason = child.wait(task.timeout_seconds), _EXITED
        if code is None:
            code, reason = child.stop(self._stop_seconds), _TIMED_OUT
        copying.join(_LOG_SECONDS)
        return _container_code(code), reason

    def _start(self, task: Task, attempt: int) -> tuple[Child, threading.Thread]:
        """Start one process; return it, and the thread that copies its output to the log."""
        output, copying = task.begin_attempt().open()
        no_input = os.open(os.devnull, os.O_RDONLY)
        environment = {**task.environment, "AWS_BATCH_JOB_ATTEMPT": str(attempt)}
        try:
            child = self._processes.spawn(task.command, environment, task.folder, (no_input, output))
        finally:
            os.close(no_input)
            os.close(output)
        with self._lock:
            task.child, stopped = child, task.stop_reason is not None
        if stopped:  # terminate() was called before there was a process
            child.stop(self._stop_seconds)
        return child, copying


def _container_code(code: int) -> int:
    """Return the exit code of a container whose first process ended with this code (-n after signal n).

    The kernel keeps a signal from a container's first process if that has no handler for it (pid_namespaces(7)). What
    ends one that does not handle SIGTERM is the SIGKILL that follows; the time in between is not waited for.
    """
    if code == -signal.SIGTERM:
        code = -signal.SIGKILL
    return code if code >= 0 else 128 - code
