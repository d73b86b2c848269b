"""The convergence and the best input of a run under way on this machine, from the epochs that its folder keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.artefacts.pictures import champion_svg
from worstsort.artefacts.report_data import MAX_CURVES, History, convergence, sample
from worstsort.runs.composition import best_list
from worstsort_cli.console.readings.convergence import NO_CURVES
from worstsort_cli.files.run_folder import beginning, kept_epochs
from worstsort_cli.files.run_folder.folder import STATE

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.runs.records import GenerationRecord, IslandSeries, RunRecord
    from worstsort_cli.files.run_folder.beginning import Beginning

_MAX_EPOCHS = 100
"""Epochs that one reading takes in: each is a file, which takes a millisecond or two."""


class KeptCurves:
    """The curves of a run under way, read on from where the last reading ended.

    Args:
        folder: The run's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._epoch = 0
        self._generations: list[GenerationRecord] = []
        self._series: list[IslandSeries] = []

    def read(self) -> dict[str, Any]:
        """Take in the next epochs that are kept, and return the curves by all that have been taken in."""
        begun = _begun(self._folder)
        if begun is None:
            return NO_CURVES
        drawn = sample(begun.config.islands, MAX_CURVES)
        found = list(kept_epochs.look_after(self._folder / STATE, begun, self._epoch, _MAX_EPOCHS))
        for backup in found:
            self._epoch = backup.run.epoch
            self._generations += backup.generations()
            self._series += [series for series in backup.series() if series.island in drawn]
        if not self._generations:
            return NO_CURVES
        whole = len(found) < _MAX_EPOCHS
        return convergence(History.of(self._generations), self._series) | {"whole": whole, "every": 1}


def picture(folder: Path, run: RunRecord) -> str | None:
    """Draw the best input of a run under way as SVG; None before its first epoch has closed."""
    begun = _begun(folder)
    if begun is None or run.best is None or run.best_island is None:
        return None
    state = kept_epochs.look_at_population(folder / STATE, begun, run.best_island, run.epoch)
    return None if state is None else champion_svg(best_list(run.config, state), run.config.target, run.best)


def _begun(folder: Path) -> Beginning | None:
    return beginning.look_into(folder / STATE / beginning.FILE_NAME, folder.name)
