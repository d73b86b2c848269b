"""Runs jobs as AWS Batch would: admission by vCPU, attempts, time-outs, termination. It knows processes, not moto."""

from __future__ import annotations

import logging
import os
import threading
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort_embedded.retries import tries_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from worstsort_embedded.logs import LogStream
    from worstsort_embedded.processes import Child, ChildProcesses

LOG = logging.getLogger(__name__)
_EXITED = "Essential container in task exited"
_TIMED_OUT = "Job attempt duration exceeded timeout"


@dataclass(eq=False)
class Task(ABC):
    """A process to run, how often and for how long (seconds) to try, and, in its methods, what to do as it goes on."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    vcpus: float
    attempts: int
    rules: Sequence[Mapping[str, Any]]
    seconds: float | None

    child: Child | None = None
    stop_reason: str | None = None
    over: bool = False

    @abstractmethod
    def starting(self) -> LogStream:
        """An attempt is about to start; returns where its output goes."""

    @abstractmethod
    def running(self) -> None:
        """The attempt's process has started."""

    @abstractmethod
    def attempt_ended(self, exit_code: int, status_reason: str) -> None:
        """The attempt's process has ended; a signal's exit code is 128 and its number."""

    @abstractmethod
    def ended(self, *, succeeded: bool, reason: str) -> None:
        """Nothing more will happen to the task."""


class Executor:
    """Admits tasks in the order in which they come, as long as there are vCPUs for the next one."""

    def __init__(self, processes: ChildProcesses, vcpus: float, stop_seconds: float) -> None:
        self._processes, self._vcpus, self._stop_seconds = processes, vcpus, stop_seconds
        self._free = vcpus
        self._waiting: deque[Task] = deque()
        self._closed = False
        self._turn = threading.Lock()

    def submit(self, task: Task) -> None:
        """Run a task when there is room for it."""
        with self._turn:
            self._waiting.append(task)
        self._admit()

    def terminate(self, task: Task, reason: str) -> None:
        """Fail a task for good; its process, if it has one, gets SIGTERM and, if it goes on, SIGKILL."""
        with self._turn:
            if task.over or task.stop_reason is not None:
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
        """Start nothing any more, neither tasks nor attempts; what runs is for the processes to end."""
        with self._turn:
            self._closed = True
            self._waiting.clear()

    def _needs(self, task: Task) -> float:
        return min(task.vcpus, self._vcpus)

    def _admit(self) -> None:
        with self._turn:
            while self._waiting and self._needs(self._waiting[0]) <= self._free:
                task = self._waiting.popleft()
                self._free -= self._needs(task)
                threading.Thread(target=self._run, args=(task,), name="job", daemon=True).start()

    def _run(self, task: Task) -> None:
        try:
            succeeded, reason = self._try(task)
        except Exception as error:
            LOG.exception("the job could not be run")
            succeeded, reason = False, f"the embedded cloud could not run the job: {error!r}"
        with self._turn:
            self._free += self._needs(task)
        self._finish(task, succeeded=succeeded, reason=reason if task.stop_reason is None else task.stop_reason)
        self._admit()

    def _finish(self, task: Task, *, succeeded: bool, reason: str) -> None:
        task.over = True
        task.ended(succeeded=succeeded, reason=reason)

    def _try(self, task: Task) -> tuple[bool, str]:
        """Whether the task succeeded, and why it ended."""
        reason = ""
        for attempt in range(1, task.attempts + 1):
            if self._closed or task.stop_reason is not None:
                break
            exit_code, reason = self._attempt(task, attempt)
            task.attempt_ended(exit_code, reason)
            if exit_code == 0 and reason == _EXITED and task.stop_reason is None:
                return True, reason
            if reason == _TIMED_OUT or not tries_again(task.rules, exit_code, "", reason):
                break
        return False, reason

    def _attempt(self, task: Task, attempt: int) -> tuple[int, str]:
        """The exit code of one process as a container has it, and why it ended."""
        child, copying = self._start(task, attempt)
        task.running()
        code, reason = child.wait(task.seconds), _EXITED
        if code is None:
            code, reason = child.stop(self._stop_seconds), _TIMED_OUT
        copying.join(1)  # a process that has left the group may hold the output open for ever
        return (code if code >= 0 else 128 - code), reason

    def _start(self, task: Task, attempt: int) -> tuple[Child, threading.Thread]:
        output, copying = task.starting().open()
        nothing = os.open(os.devnull, os.O_RDONLY)
        environment = {**task.environment, "AWS_BATCH_JOB_ATTEMPT": str(attempt)}
        try:
            child = self._processes.spawn(task.command, environment, task.folder, (nothing, output))
        finally:
            os.close(nothing)
            os.close(output)
        with self._turn:
            task.child, stopped = child, task.stop_reason is not None
        if stopped:  # terminate() came while there was no process yet
            child.stop(self._stop_seconds)
        return child, copying
