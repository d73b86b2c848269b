"""Saving an epoch under way: when, over what, and what a save that fails means."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest
from batch_worker import evolve_island

from tests.unit.template.batch import limits
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import StoreUnavailable
from worstsort.runs.limits import DEFAULT_JOB_MIB, max_worker_bytes, worker_bytes
from worstsort.runs.progress import Progress, advance, begin
from worstsort.storage.checkpoint import progress_to_bytes
from worstsort.storage.populations import SavedProgress
from worstsort.worker.saver import Interrupted, Overtaken, Saver

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

CONFIG = RunConfig.parse({"preset": "classic", "population": 20, "size": 12})
START = begin("r", 1, first_state(CONFIG, 0), 5)


def after(generations: int) -> Progress:
    """Return the epoch after some generations."""
    progress = START
    for _ in range(generations):
        progress = advance(progress, algorithm(CONFIG), fitness(CONFIG))
    return progress


@dataclass
class Shelf:
    """The part of the store that saves use, in memory: versions are numbers."""

    version: int = 0
    saved: list[int] = field(default_factory=list)
    over: bool = False
    failing: bool = False
    rival: int | None = None
    """Generation that another attempt saves before each save of this one."""

    def put_progress(self, progress: Progress, version: str | None) -> str | None:
        """Write, if nothing has been written since."""
        if self.failing:
            raise StoreUnavailable("S3", "a test")
        if self.rival is not None:
            self.version += 1
            self.saved.append(self.rival)
        if (version or "0") != str(self.version):
            return None
        self.version += 1
        self.saved.append(progress.state.generation)
        return str(self.version)

    def saved_progress(self, *_where: object) -> SavedProgress | None:
        """Return what was written last."""
        return SavedProgress(str(self.version), self.saved[-1]) if self.version else None

    def has_evolved(self, *_where: object) -> bool:
        """Return whether the epoch is over."""
        return self.over

    @property
    def populations(self) -> Shelf:
        """The part that holds progress."""
        return self


def test_the_largest_save_is_ready_to_be_sent_long_before_sigkill() -> None:
    """Of a job of the default memory, in a tenth of the time that is left after SIGTERM; the network has the rest."""
    config = RunConfig.parse({"preset": "classic", "population": 20_000, "size": 1_000})
    progress = begin("r", 1, first_state(config, 0), 5)
    started = time.process_time()
    hashlib.sha256(progress_to_bytes(progress)).digest()
    took = (time.process_time() - started) * max_worker_bytes(DEFAULT_JOB_MIB) / worker_bytes(config)
    assert took < (limits.STOP.number - evolve_island.GRACE_SECONDS) / 10


def saver(shelf: Shelf, seconds: float = 0.0, asked: threading.Event | None = None) -> Saver:
    """Return a saver on that shelf."""
    return Saver(cast("RunStore", shelf), seconds, asked)


def interrupt(shelf: Shelf, generations: int, started_from: int | None = None) -> str:
    """Ask a job to end that has completed some generations; return what it says of them."""
    asked = threading.Event()
    asked.set()
    ending = saver(shelf, 3600, asked)
    ending.replace(None if started_from is None else str(shelf.version), started_from)
    with pytest.raises(Interrupted) as interrupted:
        ending.note(after(generations))
    return str(interrupted.value)


def test_a_job_that_is_asked_to_end_saves_first() -> None:
    """At the end of the generation under way, and says so."""
    shelf = Shelf()
    assert interrupt(shelf, 2) == "generation 2 is saved; the next attempt continues from it"
    assert shelf.saved == [2]


def test_a_job_that_cannot_save_when_it_is_asked_to_end_says_what_is_lost() -> None:
    """Everything, or what was evolved since the save before."""
    lost = (
        "generation 2 is not saved and no earlier save is known; the next attempt evolves the epoch from its beginning"
    )
    assert interrupt(Shelf(failing=True), 2) == lost
    kept = "generation 2 is not saved; the next attempt continues from generation 1, which was saved before"
    assert interrupt(Shelf(failing=True, version=1, saved=[1]), 2, started_from=1) == kept


def test_a_save_that_is_refused_every_time_is_not_called_saved() -> None:
    """Another attempt, which is behind, saves before each of its tries; its save is the one that holds."""
    shelf = Shelf(rival=1)
    kept = "generation 2 is not saved; the next attempt continues from generation 1, which was saved before"
    assert interrupt(shelf, 2) == kept
    assert set(shelf.saved) == {1}


def test_a_job_that_is_behind_another_attempt_leaves_the_saving_to_it() -> None:
    """The next attempt continues from the later generation."""
    shelf = Shelf(version=1, saved=[3])
    assert (
        interrupt(shelf, 2)
        == "another attempt was ahead; the next attempt continues from generation 3, which it has saved"
    )
    assert shelf.saved == [3]


def test_an_attempt_that_is_behind_leaves_the_other_ones_save_alone() -> None:
    """One that is ahead replaces it."""
    shelf = Shelf()
    ahead, behind = saver(shelf), saver(shelf)
    ahead.note(after(3))
    behind.note(after(1))
    assert shelf.saved == [3]
    behind.note(after(4))
    assert shelf.saved == [3, 4]


def test_an_attempt_whose_epoch_is_over_is_told() -> None:
    """With its next save, even if nothing is left of what the other one had saved."""
    shelf = Shelf()
    late, later = saver(shelf), saver(shelf)
    late.note(after(1))
    shelf.over, shelf.version = True, 0
    for attempt in (late, later):
        with pytest.raises(Overtaken):
            attempt.note(after(2))
    assert shelf.saved == [1]


def test_a_save_that_cannot_be_made_does_not_stop_the_epoch() -> None:
    """The next one is tried in its turn, also after a job was asked to end."""
    shelf, asked = Shelf(failing=True), threading.Event()
    patient = saver(shelf, asked=asked)
    patient.note(after(1))
    shelf.failing = False
    patient.note(after(2))
    assert shelf.saved == [2]
    shelf.failing = True
    asked.set()
    with pytest.raises(Interrupted):
        patient.note(after(3))


def test_before_the_first_generation_there_is_nothing_to_save() -> None:
    """A job that is asked to end at once writes nothing, and says where the next attempt begins."""
    shelf = Shelf()
    early = saver(shelf)
    nothing = "no generation was completed and no earlier save is known; "
    assert str(early.save()) == nothing + "the next attempt evolves the epoch from its beginning"
    early.replace("1", 4)
    before = "no generation was completed; the next attempt continues from generation 4, which was saved before"
    assert str(early.save()) == before
    assert shelf.saved == []
