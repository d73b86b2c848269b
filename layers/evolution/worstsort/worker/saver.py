"""Saving an epoch under way: now and then, and at once when the job is to end."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.runs.errors import RunError
from worstsort.runtime.observability import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.runs.progress import Progress
    from worstsort.storage.run_store import RunStore

_MAX_TRIES = 3
"""Attempts at one save; each is refused if an overlapping attempt at the epoch has saved since the last look."""


class Interrupted(Exception):
    """The job was asked to end; the message says what of the epoch is saved."""


class Overtaken(Exception):
    """Another attempt at the same epoch has recorded its end."""


@dataclass(frozen=True)
class Saved:
    """How much of an epoch is saved after a save, whether it succeeded or not.

    Attributes:
        latest: The latest generation that this attempt has completed, None if it has completed none.
        stored: The generation from which the next attempt will continue, None if none is known to be stored.
    """

    latest: int | None
    stored: int | None

    def __str__(self) -> str:
        """Say what is saved and what that means for the next attempt."""
        if self.stored is None:
            lost = "no generation was completed" if self.latest is None else f"generation {self.latest} is not saved"
            return f"{lost} and no earlier save is known; the next attempt evolves the epoch from its beginning"
        continues = f"the next attempt continues from generation {self.stored}"
        if self.latest is None:
            return f"no generation was completed; {continues}, which was saved before"
        if self.stored < self.latest:
            return f"generation {self.latest} is not saved; {continues}, which was saved before"
        if self.stored > self.latest:
            return f"another attempt was ahead; {continues}, which it has saved"
        return f"generation {self.latest} is saved; the next attempt continues from it"


class Saver:
    """Saves an epoch so that what is saved is never older than an interval.

    Attempts may overlap. A save replaces the version that this attempt wrote or found, and any other only if that is
    behind; one that is ahead is left alone, since both lead to the same bits.

    Attributes:
        is_unused: Whether no save was found, and none was tried.
    """

    def __init__(
        self,
        store: RunStore,
        seconds: float,
        asked: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Save every `seconds` by the clock; `asked` is set when the job is to end."""
        self._store, self._seconds, self._asked = store, seconds, asked or threading.Event()
        self._clock = clock
        self._latest: Progress | None = None
        self._version: str | None = None
        self._stored: int | None = None
        self._saved_at = clock()
        self._turn = threading.Lock()
        self.is_unused = True

    def replace(self, version: str | None, generation: int | None = None) -> None:
        """Save over this version from now on; it holds `generation`, if it can be read."""
        self.is_unused = False
        self._version, self._stored = version, generation

    def note(self, progress: Progress) -> None:
        """Take note of a complete generation, and save it if it is time.

        Raises:
            Interrupted: the job was asked to end, and a save was tried.
            Overtaken: there is nothing left to do.
        """
        self._latest = progress
        if self._asked.is_set():
            raise Interrupted(str(self.save()))
        if self._clock() - self._saved_at >= self._seconds:
            self.save()

    def save(self) -> Saved:
        """Save the latest complete generation, if there is one; any thread may call this.

        A save that fails is logged and does not stop the epoch: the save before it still holds, and the next one is
        tried in its turn.

        Raises:
            Overtaken: there is nothing left to do.
        """
        with self._turn:
            progress = self._latest
            if progress is None:
                return Saved(None, self._stored)
            generation = progress.state.generation
            self.is_unused = False  # whatever comes of it: a save may arrive whose answer does not
            try:
                self._save(progress, generation)
            except RunError as error:
                logger().error("%s: %s", type(error).__name__, error)
            self._saved_at = self._clock()
            return Saved(generation, self._stored)

    def _save(self, progress: Progress, generation: int) -> None:
        where = progress.run_id, progress.state.island, progress.epoch
        for _ in range(_MAX_TRIES):
            if self._store.has_evolved(*where):
                raise Overtaken
            version = self._store.populations.put_progress(progress, self._version)
            if version is not None:
                self.replace(version, generation)
                logger().debug("saved", extra={"generation": generation})
                return
            logger().info("save refused: another attempt has saved since", extra={"generation": generation})
            other = self._store.populations.saved_progress(*where)
            if other and other.generation is not None and other.generation >= generation:
                # The version is not taken over: a later save is refused again, and looks whether it is ahead by then.
                self._stored = other.generation
                return
            self.replace(other.version if other else None, other.generation if other else None)
        logger().error("not saved: refused %d times", _MAX_TRIES, extra={"generation": generation})
