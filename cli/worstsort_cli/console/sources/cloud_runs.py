"""The runs of a cloud, as its tables and its bucket have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from worstsort.artefacts import report as reports
from worstsort.runs.errors import CheckpointMissing, EpochIncomplete, RunNotFound
from worstsort.runs.status import Status
from worstsort_cli.clouds import lookup
from worstsort_cli.console.readings import champions, executions
from worstsort_cli.console.readings.convergence import Convergence
from worstsort_cli.console.readings.kept import Kept, KeptEach
from worstsort_cli.console.readings.listing import Listing
from worstsort_cli.console.sources.place import FILES, NothingThere, NotYet
from worstsort_cli.files.run_folder.finished import REPORT

if TYPE_CHECKING:
    from worstsort.runs.records import ChampionRecord, RunRecord
    from worstsort_cli.console.sources.cloud import Cloud

_CHAMPIONS_SECONDS = 60.0
_SETTLED_SECONDS = 3600.0
"""How old an answer may be that does not change."""

_MAX_RECORDS, _MAX_CURVES, _MAX_PAGES = 64, 8, 4
"""Runs whose records, curves and reports stay in memory."""

_Version: TypeAlias = "tuple[str, int | None]"
"""A run, and what changes with what is made of it: its best, or its epoch."""


class CloudRuns:
    """A place whose runs are records and objects.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        seconds = cloud.poll_seconds
        self._listing = Listing()
        self._runs = Kept(self._read_runs, seconds, is_part=lambda _runs: bool(self._listing.unread))
        self._champions = Kept(lambda _last: cloud.deployment().store.leaderboard.champions(), _CHAMPIONS_SECONDS)
        self._records = KeptEach[str, "RunRecord | None"].of_reading(self._read_record, seconds, _MAX_RECORDS)
        self._unrecorded = KeptEach[str, "dict[str, str] | None"].of_reading(
            lambda run_id: executions.first(cloud.deployment(), run_id), seconds, _MAX_RECORDS
        )
        self._curves = KeptEach(self._keep_curves, _MAX_CURVES)
        self._pictures = KeptEach[_Version, "str | None"].of_reading(self._draw, _SETTLED_SECONDS, _MAX_CURVES)
        self._reports = KeptEach[_Version, bytes].of_reading(self._report, _SETTLED_SECONDS, _MAX_PAGES)

    def runs(self) -> list[RunRecord]:
        """Return all runs; raises CloudGone."""
        with self._cloud.reaching():
            return self._runs.get().value

    def unread(self) -> int:
        """Return how many runs there are that `runs` does not return yet."""
        return self._listing.unread

    def record(self, run_id: str) -> RunRecord | None:
        """Return a run; None if its execution has not recorded it yet; raises NothingThere or CloudGone."""
        with self._cloud.reaching():
            found = self._records.of(run_id).get().value
            if found is None and self._unrecorded.of(run_id).get().value is None:
                raise NothingThere(f"there is no run {run_id} in the cloud")
            return found

    def unrecorded(self, run_id: str) -> dict[str, str]:
        """Return how the execution of a run is that has not recorded it: its status, and why it has ended."""
        with self._cloud.reaching():
            return self._unrecorded.of(run_id).get().value or {}

    def champions(self) -> list[ChampionRecord]:
        """Return the champions of all runs: one item a finished run, so reading all of them is cheap."""
        with self._cloud.reaching():
            return self._champions.get().value

    def curves(self, run: RunRecord) -> dict[str, Any]:
        """Return a run's curves."""
        with self._cloud.reaching():
            return self._curves.of(run.run_id).get().value

    def picture(self, run: RunRecord) -> str | None:
        """Return the best input of a run."""
        with self._cloud.reaching():
            return self._pictures.of((run.run_id, run.best)).get().value

    def report(self, run: RunRecord) -> bytes:
        """Return the report that a run has left, or one that is made of what it has recorded so far."""
        if run.status == Status.SUCCEEDED:
            return self.file(run, REPORT)
        with self._cloud.reaching():
            return self._reports.of((run.run_id, run.epoch)).get().value

    def file_names(self, run: RunRecord) -> list[str]:
        """Return the names of the files that a run has left for its user."""
        return list(FILES) if run.status == Status.SUCCEEDED else []

    def file(self, run: RunRecord, name: str) -> bytes:
        """Return one of those files."""
        if name not in self.file_names(run):
            raise NothingThere(f"run {run.run_id} has left no file of this name")
        with self._cloud.reaching():
            try:
                return self._cloud.deployment().store.artefacts.get(run.run_id, name)
            except CheckpointMissing as error:
                raise NothingThere(f"run {run.run_id} has left no {name}") from error

    def changed(self, run_id: str) -> None:
        """Read a run anew, and the list with it: something was done to it."""
        self._runs.forget()
        self._records.of(run_id).forget()
        self._unrecorded.of(run_id).forget()

    def _read_runs(self, _last: list[RunRecord] | None) -> list[RunRecord]:
        return self._listing.read(self._cloud.deployment())

    def _read_record(self, run_id: str) -> RunRecord | None:
        deployment = self._cloud.deployment()
        try:
            run = deployment.store.run(run_id)
        except RunNotFound:
            return None
        failure = lookup.execution_failure(deployment, run.execution_arn) if run.status == Status.RUNNING else None
        return run if failure is None else run.model_copy(update={"status": Status(failure[0]), "reason": failure[1]})

    def _keep_curves(self, run_id: str) -> Kept[dict[str, Any]]:
        curves = Convergence()

        def read(_last: dict[str, Any] | None) -> dict[str, Any]:
            return curves.read(self._cloud.deployment(), self._known(run_id))

        return Kept(read, self._cloud.poll_seconds, is_part=lambda found: not found["whole"])

    def _draw(self, version: _Version) -> str | None:
        return champions.picture(self._cloud.deployment(), self._known(version[0]))

    def _report(self, version: _Version) -> bytes:
        run_id, _ = version
        try:
            return reports.of_run(self._cloud.deployment().store, run_id).page().encode()
        except EpochIncomplete as error:
            raise NotYet(f"run {run_id} has no report before its first epoch has closed") from error

    def _known(self, run_id: str) -> RunRecord:
        found = self._records.of(run_id).get().value
        if found is None:
            raise NotYet(f"run {run_id} is not recorded yet")
        return found
