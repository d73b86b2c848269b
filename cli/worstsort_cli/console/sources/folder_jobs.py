"""How the runs in a folder of this machine are carried out: epochs, islands and their logs, as the folder has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.runs.status import Status
from worstsort_cli.console.readings.kept import Kept, KeptEach
from worstsort_cli.console.readings.logged import Logged
from worstsort_cli.console.sources.place import NothingThere, NotYet
from worstsort_cli.files.run_folder.log import FILE_NAME, RunLog

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.console.sources.carried import After, Chosen, Part
    from worstsort_cli.console.sources.folder_runs import FolderRuns

_SECONDS = 2.0
"""How old what a log says may be."""

_MAX_LOGS = 8
"""Runs of whose logs what they say stays in memory."""


class FolderJobs:
    """The islands of a folder's runs.

    Args:
        path: The folder.
        runs: Its runs.
    """

    def __init__(self, path: Path, runs: FolderRuns) -> None:
        self._path, self._runs = path, runs
        self._logs = KeptEach(self._keep_log, _MAX_LOGS)

    def epochs(self, chosen: Chosen) -> dict[str, Any]:
        """Return the epochs of a run that its log tells."""
        logged = self._logged(chosen)
        found = logged.epochs(_now(), running=self._is_running(chosen))
        return {"epochs": found, "whole": logged.whole, "read": logged.read}

    def epoch(self, chosen: Chosen, epoch: int, part: Part) -> dict[str, Any]:
        """Return what the islands have done in an epoch."""
        run, now = self._runs.record(chosen.run_id), _now()
        count = run.config.islands
        shown = range(count)[part.offset : part.offset + part.limit]
        rows = self._logged(chosen).islands(epoch, shown, now, running=run.status == Status.RUNNING)
        if rows is None:
            raise NotYet(f"the log of run {chosen.run_id} says nothing of epoch {epoch}")
        return {"epoch": epoch, "islands": rows, "total": count, "now": now.isoformat()}

    def log(
        self, chosen: Chosen, epoch: int, island: int, _attempt: int | None = None, after: After | None = None
    ) -> dict[str, Any]:
        """Return lines that an island has logged in an epoch, those of all its attempts."""
        logged = self._logged(chosen)
        if not 0 <= island < self._runs.record(chosen.run_id).config.islands:
            raise NothingThere(f"run {chosen.run_id} has no island {island}")
        found = logged.lines(epoch, island, after.token if after else None)
        ended = logged.has_ended(epoch, island) or not self._is_running(chosen)
        return found | {"stream": FILE_NAME, "ended": ended}

    def _is_running(self, chosen: Chosen) -> bool:
        return self._runs.record(chosen.run_id).status == Status.RUNNING

    def _logged(self, chosen: Chosen) -> Logged:
        self._runs.record(chosen.run_id)  # no other folder is read
        return self._logs.of(chosen.run_id).get().value

    def _keep_log(self, run_id: str) -> Kept[Logged]:
        logged = Logged(RunLog(self._path / run_id / FILE_NAME))

        def read(_last: Logged | None) -> Logged:
            logged.read_on()
            return logged

        return Kept(read, _SECONDS, is_part=lambda found: not found.whole)


def _now() -> datetime:
    return datetime.now(UTC)
