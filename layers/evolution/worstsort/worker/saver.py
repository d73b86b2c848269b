"""Saving an epoch under way: now and then, and at once when the job is to end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from worstsort.runs.errors import RunError
from worstsort.runtime.environment import logger

if TYPE_CHECKING:
    from worstsort.runs.progress import Progress
    from worstsort.storage.run_store import RunStore

_TRIES = 3
"""Versions of other attempts that are looked at for one save."""


class Interrupted(Exception):
    """The job was asked to end; how far it has come is saved."""


class Overtaken(Exception):
    """Another attempt at the same epoch has recorded its end."""


class Saver:
    """Keeps what is saved of an epoch no older than an interval.

    Attempts may overlap. A save replaces the version that this attempt wrote or found, and any other only if that is
    behind; one that is ahead is left alone, since both lead to the same bits.
    """

    def __init__(self, store: RunStore, seconds: float, asked: threading.Event | None = None) -> None:
        """Saves are `seconds` apart; `asked` is set when the job is to end."""
        self._store, self._seconds, self._asked = store, seconds, asked or threading.Event()
        self._latest: Progress | None = None
        self._version: str | None = None
        self._saved_at = time.monotonic()
        self._turn = threading.Lock()

    def replace(self, version: str | None) -> None:
        """Save in the place of this version, which an earlier attempt saved."""
        self._version = version

    def note(self, progress: Progress) -> None:
        """A generation is complete.

        Raises:
            Interrupted: the job was asked to end, and this generation is saved.
            Overtaken: there is nothing left to do.
        """
        self._latest = progress
        if self._asked.is_set():
            self.save()
            raise Interrupted
        if time.monotonic() - self._saved_at >= self._seconds:
            self.save()

    def save(self) -> None:
        """Save the latest complete generation, if there is one; any thread may call this."""
        with self._turn:
            progress = self._latest
            if progress is None:
                return
            try:
                self._save(progress)
            except RunError as error:
                # The save before this one still holds, and the next one will be tried in its turn.
                logger().error("%s: %s", type(error).__name__, error)
            self._saved_at = time.monotonic()

    def _save(self, progress: Progress) -> None:
        generation = progress.state.generation
        for _ in range(_TRIES):
            self._raise_if_over(progress)
            version = self._store.populations.put_progress(progress, self._version)
            if version is not None:
                self._version = version
                logger().debug("saved", extra={"generation": generation})
                return
            logger().info("save refused: another attempt has saved since", extra={"generation": generation})
            other = self._store.populations.progress_version(progress.run_id, progress.state.island, progress.epoch)
            if other is not None and int(other.metadata.get("generation", -1)) >= generation:
                return
            self._version = None if other is None else other.etag

    def _raise_if_over(self, progress: Progress) -> None:
        where = progress.run_id, progress.state.island, progress.epoch
        if self._store.has_evolved(*where):
            raise Overtaken
