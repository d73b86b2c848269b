"""The runs in a folder of this machine, as they have left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.artefacts.pictures import champion_svg
from worstsort.runs.status import Status
from worstsort_cli.console.readings.convergence import NO_CURVES, of_csv
from worstsort_cli.console.readings.kept import Kept, KeptEach
from worstsort_cli.console.readings.kept_curves import KeptCurves, picture
from worstsort_cli.console.sources.place import FILES, NothingThere, NotYet
from worstsort_cli.files import regular
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.files.run_folder.finished import REPORT

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.runs.records import ChampionRecord, RunRecord

_SECONDS = 2.0
"""How old the list may be."""

_MAX_CURVES = 8
"""Runs under way whose curves stay in memory."""

_HISTORY = "history.csv"


class FolderRuns:
    """A place whose runs are folders.

    Args:
        path: The folder that holds them, which need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._runs = Kept(lambda _last: local_runs.runs(path), _SECONDS)
        self._kept = KeptEach(self._keep_curves, _MAX_CURVES)
        self._champions = Kept(lambda _last: local_runs.champions(path), _SECONDS)

    def runs(self) -> list[RunRecord]:
        """Return all runs, newest first."""
        return self._runs.get().value

    def record(self, run_id: str) -> RunRecord:
        """Return a run; raises NothingThere."""
        found = next((run for run in self.runs() if run.run_id == run_id), None)
        if found is None:
            raise NothingThere(f"there is no run {run_id} in the folder")
        return found

    def champions(self) -> list[ChampionRecord]:
        """Return the champions of the runs that have succeeded."""
        return self._champions.get().value

    def curves(self, run: RunRecord) -> dict[str, Any]:
        """Return the curves of a run, by what it has left or what it keeps; empty ones if none can be read."""
        if run.status != Status.SUCCEEDED:
            return self._kept.of(run.run_id).get().value
        try:
            return of_csv(run.run_id, regular.read(self._path / run.run_id / _HISTORY).decode())
        except (OSError, ValueError):
            return NO_CURVES

    def picture(self, run: RunRecord) -> str | None:
        """Draw the champion that a run has left, or the best input that it keeps."""
        if run.status != Status.SUCCEEDED:
            return picture(self._path / run.run_id, run)
        champion = local_runs.champion_in(self._path / run.run_id)
        return None if champion is None else champion_svg(champion.values, champion.target, champion.comparisons)

    def report(self, run: RunRecord) -> bytes:
        """Return the report that a run has left."""
        if REPORT not in self.file_names(run):
            raise NotYet(f"run {run.run_id} has no report yet: it is written when the run has succeeded")
        return self.file(run, REPORT)

    def file_names(self, run: RunRecord) -> list[str]:
        """Return those of the files that are there."""
        return [name for name in FILES if (self._path / run.run_id / name).is_file()]

    def file(self, run: RunRecord, name: str) -> bytes:
        """Return one of the files."""
        if name not in self.file_names(run):
            raise NothingThere(f"run {run.run_id} has left no file of this name")
        return regular.read(self._path / run.run_id / name)

    def _keep_curves(self, run_id: str) -> Kept[dict[str, Any]]:
        curves = KeptCurves(self._path / run_id)
        return Kept(lambda _last: curves.read(), _SECONDS, is_part=lambda found: not found["whole"])
