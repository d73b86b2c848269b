"""The runs of a cloud, read in portions: the newest first, and after that only what may have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.run_id import KEPT_CHARACTERS, MAX_NAME_CHARACTERS
from worstsort.runs.status import Status
from worstsort_cli.clouds import lookup
from worstsort_cli.console.readings.portions import Portions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment

_MAX_NAMES = 1000
"""Executions that one ListExecutions returns."""


class Listing:
    """The records of a cloud's runs, read on from where the last reading ended.

    A run that has ended changes only if it is resumed, and then an execution runs that is named after it.

    Attributes:
        runs: What has been read, by the runs' ids.
        unread: How many runs have not been read yet.
    """

    def __init__(self) -> None:
        self.runs: dict[str, RunRecord] = {}
        self.unread = 0
        self._portions = Portions()
        self._newest: list[str] = []
        self._absent: set[str] = set()

    def read(self, deployment: Deployment) -> list[RunRecord]:
        """Take the next portion, and return all runs that have been read so far."""
        running = list(lookup.running_executions(deployment))
        ids = {*deployment.store.seeded_run_ids(), *running}
        most = self._portions.next()
        changed = self._changed(ids, running)
        if len(changed) > most and not self._newest:
            self._newest = _newest(deployment)
        ordered = _in_order(changed, [*running, *self._newest])[:most]
        read = {run.run_id: run for run in deployment.store.runs(ordered)}
        self._absent |= set(ordered) - read.keys() - set(running)  # one that runs may be recorded yet
        corrected = {
            run_id: _corrected(deployment, run)
            for run_id, run in read.items()
            if run.status == Status.RUNNING and run.execution_arn.rpartition(":")[2] not in running
        }
        known = self.runs | read | corrected
        self.unread = len(changed - set(ordered) - known.keys())
        self.runs = {run_id: run for run_id, run in known.items() if run_id in ids}
        return list(self.runs.values())

    def _changed(self, ids: set[str], running: Iterable[str]) -> set[str]:
        after_runs = {name[:end] for name in running for end in _ends(name)} | set(running)
        shortened = {name[:KEPT_CHARACTERS] for name in running if len(name) == MAX_NAME_CHARACTERS}
        unknown = ids - self.runs.keys() - self._absent
        return unknown | {
            run_id
            for run_id in ids
            if run_id in after_runs or run_id[:KEPT_CHARACTERS] in shortened or self._is_running(run_id)
        }

    def _is_running(self, run_id: str) -> bool:
        return run_id in self.runs and self.runs[run_id].status == Status.RUNNING


def _in_order(wanted: set[str], first: Iterable[str]) -> list[str]:
    """Return ids in the order of a list that has some of them, and the others after those."""
    return [run_id for run_id in dict.fromkeys([*first, *sorted(wanted, reverse=True)]) if run_id in wanted]


def _newest(deployment: Deployment) -> list[str]:
    """Return the names of the newest executions, which runs are named after, the last one first."""
    machine = deployment.outputs["StateMachineArn"]
    answer = deployment.client("stepfunctions").list_executions(stateMachineArn=machine, maxResults=_MAX_NAMES)
    return [execution["name"] for execution in answer["executions"]]


def _ends(name: str) -> list[int]:
    return [index for index, letter in enumerate(name) if letter == "-"]


def _corrected(deployment: Deployment, run: RunRecord) -> RunRecord:
    """Return a run whose execution does not run any more as it has ended, if that is not recorded yet."""
    failure = lookup.execution_failure(deployment, run.execution_arn)
    return run if failure is None else run.model_copy(update={"status": Status(failure[0]), "reason": failure[1]})
