"""Keeps a run while it is under way; whatever happens to its folder, the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import kept_epochs

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.runs.records import EpochRecord
    from worstsort.storage.run_store import RunStore
    from worstsort_cli.files.run_folder.folder import RunFolder


class Keeper:
    """Copies each epoch into the folder of its run as soon as it closes.

    If a copy fails, because the disk is full, say, or somebody has removed the folder, the cloud still has everything:
    the next epoch is copied together with all that are missing.
    """

    def __init__(self, folder: RunFolder, store: RunStore, kept: int, say: Callable[[str], None]) -> None:
        """Begin after the `kept` epochs that the folder holds already; `say` tells the user what goes wrong."""
        self._folder, self._store, self._kept, self._say = folder, store, kept, say
        self._failing = False

    def keep(self, closed: EpochRecord) -> None:
        """Copy the epoch that has just closed, and any before it that is missing."""
        try:
            self._copy_missing(closed)
        except (CommandFailed, OSError) as error:
            if not self._failing:
                self._say(f"epoch {closed.epoch} is not kept: {error}; the run goes on")
            self._failing = True
            return
        if self._failing:
            self._say(f"all epochs up to {closed.epoch} are kept again")
        self._failing = False

    def _copy_missing(self, closed: EpochRecord) -> None:
        if self._folder.make_again():
            self._kept = 0
        for epoch in range(self._kept + 1, closed.epoch + 1):
            missing = closed if epoch == closed.epoch else self._store.epoch(closed.run_id, epoch)
            if missing is not None:
                needed = epoch > closed.epoch - kept_epochs.KEPT_POPULATIONS
                evolution = self._folder.beginning.evolution
                kept_epochs.write(self._store, missing, self._folder.state, evolution, with_populations=needed)
            self._kept = epoch
