"""How the runs of a cloud are carried out: executions, states, events, jobs and their logs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort_cli.console.readings import executions, jobs, logs
from worstsort_cli.console.readings.executions import Execution
from worstsort_cli.console.readings.kept import Kept, KeptEach
from worstsort_cli.console.sources.carried import Chosen, Part
from worstsort_cli.console.sources.place import NothingThere, NotYet

if TYPE_CHECKING:
    from worstsort.runs.records import RunRecord
    from worstsort_cli.console.readings.history import History
    from worstsort_cli.console.sources.carried import After
    from worstsort_cli.console.sources.cloud import Cloud
    from worstsort_cli.console.sources.cloud_runs import CloudRuns

_SETTLED_SECONDS = 3600.0
"""How old an answer may be that does not change."""

_MAX_RUNS, _MAX_HISTORIES, _MAX_GRAPHS = 64, 8, 16
"""What stays in memory: a history of 20,000 events takes some 20 MB."""


class CloudExecutions:
    """The executions of a cloud's runs.

    Args:
        cloud: The cloud.
        runs: Its runs.
    """

    def __init__(self, cloud: Cloud, runs: CloudRuns) -> None:
        self._cloud, self._runs = cloud, runs
        seconds = cloud.poll_seconds
        self._arns = KeptEach[tuple[str, str], list[str]].of_reading(self._read_arns, _SETTLED_SECONDS, _MAX_RUNS)
        self._graphs = KeptEach[str, dict[str, Any]].of_reading(
            lambda arn: executions.graph_of(cloud.deployment(), arn), _SETTLED_SECONDS, _MAX_GRAPHS
        )
        self._log_groups = KeptEach[str, str].of_reading(
            lambda definition: jobs.log_group(cloud.deployment(), definition), _SETTLED_SECONDS, _MAX_GRAPHS
        )
        self._histories = KeptEach(self._keep_history, _MAX_HISTORIES)
        self._epochs = KeptEach[tuple[Chosen, int, Part], dict[str, Any]].of_reading(
            self._read_epoch, seconds, _MAX_RUNS
        )

    def names(self, run_id: str) -> list[str]:
        """Return the names of a run's executions, the last one first."""
        with self._cloud.reaching():
            return [_name(arn) for arn in self._known_arns(run_id)]

    def machine(self, chosen: Chosen) -> dict[str, Any]:
        """Return the state machine of an execution as a graph, and what has happened in each state."""
        with self._cloud.reaching():
            arn = self._arn(chosen)
            graph = self._graphs.of(arn).get().value
            history = self._history(chosen)
            return graph | {"execution": _name(arn), "states": history.states(_now())} | _how_much(history)

    def state(self, chosen: Chosen, state: str, part: Part) -> dict[str, Any]:
        """Return the visits of a state, the last first."""
        with self._cloud.reaching():
            return self._history(chosen).visits_of(state, *part, _now())

    def events(self, chosen: Chosen, text: str, state: str, part: Part) -> dict[str, Any]:
        """Return events of an execution, the last first."""
        with self._cloud.reaching():
            history = self._history(chosen)
            return history.events_page(text, state, *part) | _how_much(history)

    def epochs(self, chosen: Chosen) -> dict[str, Any]:
        """Return the epochs of an execution, each with its job."""
        with self._cloud.reaching():
            history = self._history(chosen)
            return {"epochs": jobs.epochs(history, _now())} | _how_much(history)

    def epoch(self, chosen: Chosen, epoch: int, part: Part) -> dict[str, Any]:
        """Return the jobs of an epoch, island by island."""
        with self._cloud.reaching():
            return self._epochs.of((chosen, epoch, part)).get().value

    def log(
        self, chosen: Chosen, epoch: int, island: int, attempt: int | None = None, after: After | None = None
    ) -> dict[str, Any]:
        """Return lines of the log of an island's job in an epoch, of its last attempt unless another is named."""
        with self._cloud.reaching():
            array, count = self._job_of(chosen, epoch), self._run(chosen.run_id).config.islands
            if not array or not 0 <= island < count:
                raise NotYet(f"epoch {epoch} of this execution has no job for island {island} yet")
            deployment = self._cloud.deployment()
            job = jobs.describe_one(deployment, jobs.child(array, island, count))
            stream = jobs.log_stream(job, attempt)
            if stream is None:
                return {"lines": [], "next": None, "stream": None, "ended": jobs.has_ended(job)}
            group = self._log_groups.of(job["jobDefinition"]).get().value
            token = after.token if after and after.stream == stream else None  # a token of another stream is refused
            return logs.page(deployment, (group, stream), token) | {"ended": jobs.has_ended(job)}

    def _arn(self, chosen: Chosen) -> str:
        """Return an execution of a run by its name; no other can be named."""
        known = self._known_arns(chosen.run_id)
        found = next((arn for arn in known if chosen.name in {"", _name(arn)}), None)
        if found is None:
            raise NothingThere(f"run {chosen.run_id} has no such execution")
        return found

    def _history(self, chosen: Chosen) -> History:
        return self._histories.of(self._arn(chosen)).get().value

    def _job_of(self, chosen: Chosen, epoch: int) -> str:
        known = jobs.epochs(self._history(chosen), _now())
        return next((row["job"] or "" for row in reversed(known) if row["epoch"] == epoch), "")

    def _run(self, run_id: str) -> RunRecord:
        found = self._runs.record(run_id)
        if found is None:
            raise NotYet(f"run {run_id} is not recorded yet")
        return found

    def _known_arns(self, run_id: str) -> list[str]:
        """Return a run's executions, which are others only once its record names another as the last one."""
        run = self._runs.record(run_id)
        return self._arns.of((run_id, run.execution_arn if run else "")).get().value

    def _read_arns(self, key: tuple[str, str]) -> list[str]:
        run_id, _ = key
        return executions.of_run(self._cloud.deployment(), run_id, self._runs.record(run_id))

    def _keep_history(self, arn: str) -> Kept[History]:
        execution = Execution(arn)

        def read(_last: History | None) -> History:
            return execution.read(self._cloud.deployment())

        return Kept(read, self._cloud.poll_seconds, is_part=lambda history: not history.whole)

    def _read_epoch(self, key: tuple[Chosen, int, Part]) -> dict[str, Any]:
        (chosen, epoch, part), deployment = key, self._cloud.deployment()
        array, count = self._job_of(chosen, epoch), self._run(chosen.run_id).config.islands
        shown = range(count)[part.offset : part.offset + part.limit]
        series = deployment.store.some_series(chosen.run_id, [(island, epoch) for island in shown])
        if not array and not series:
            raise NotYet(f"epoch {epoch} of run {chosen.run_id} has no jobs yet")
        ids = {island: jobs.child(array, island, count) for island in shown} if array else dict.fromkeys(shown, "")
        now = _now()
        rows = jobs.islands(deployment, ids, series, now)
        return {"epoch": epoch, "islands": rows, "total": count, "now": now.isoformat()}


def _how_much(history: History) -> dict[str, Any]:
    """Return whether a history has been read to its end, and how many of its events have."""
    return {"whole": history.whole, "read": len(history.events)}


def _now() -> datetime:
    return datetime.now(UTC)


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]
