"""When an epoch under way is saved, by a clock that the test sets."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from tests.unit.worker.test_saver import Shelf, after
from worstsort.worker.saver import Interrupted, Overtaken, Saver

if TYPE_CHECKING:
    from worstsort.runs.progress import Progress
    from worstsort.storage.run_store import RunStore

INTERVAL = 10.0

PROGRESS = after(1)


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    now: float = 100.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


@dataclass
class SlowShelf(Shelf):
    """A shelf that notes when each save was tried, and takes its time for each."""

    clock: Clock = field(default_factory=Clock)
    save_seconds: float = 0.0
    tried_at: list[float] = field(default_factory=list)

    def put_progress(self, progress: Progress, version: str | None) -> str | None:
        """Write, if nothing has been written since, and let the time pass that it takes."""
        self.tried_at.append(self.clock.now - 100.0)
        self.clock.now += self.save_seconds
        return super().put_progress(progress, version)


def evolve(shelf: SlowShelf, generations: int, seconds: float, asked: threading.Event | None = None) -> Saver:
    """Tell a saver of generations, each of which takes some seconds; return the saver."""
    saver = Saver(cast("RunStore", shelf), INTERVAL, asked, shelf.clock)
    for _ in range(generations):
        shelf.clock.now += seconds
        saver.note(PROGRESS)
    return saver


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(0.9, [], id="a short epoch is not saved"),
        pytest.param(1.0, [10.0], id="after an interval to the second"),
        pytest.param(4.0, [12.0, 24.0, 36.0], id="at the end of the generation that is under way by then"),
        pytest.param(10.0, [10.0 * number for number in range(1, 11)], id="one interval each"),
        pytest.param(25.0, [25.0 * number for number in range(1, 11)], id="long generations are all saved"),
    ],
)
def test_saves_are_an_interval_apart(seconds: float, expected: list[float]) -> None:
    """Counted from the start or the save before, however many there were."""
    shelf = SlowShelf()
    evolve(shelf, 10, seconds)
    assert shelf.tried_at == expected


def test_the_time_that_saving_takes_is_no_part_of_an_interval() -> None:
    """Or slow saves would follow one another without a pause."""
    shelf = SlowShelf(save_seconds=30.0)
    evolve(shelf, 12, 5.0)
    assert shelf.tried_at == [10.0, 50.0, 90.0, 130.0, 170.0, 210.0]


@pytest.mark.parametrize("kind", ["out of reach", "refused", "behind"])
def test_a_save_that_does_not_succeed_is_tried_again_an_interval_later(kind: str) -> None:
    """Whether S3 was out of reach or another attempt was first: not with every generation."""
    shelf = SlowShelf(failing=kind == "out of reach", rival=0 if kind == "refused" else None)
    if kind == "behind":
        shelf.version, shelf.saved = 1, [9]
    evolve(shelf, 9, 5.0)
    assert sorted(set(shelf.tried_at)) == [10.0, 20.0, 30.0, 40.0]


def test_a_save_that_was_asked_for_postpones_the_next_one() -> None:
    """The watch for SIGTERM saves from another thread."""
    shelf = SlowShelf()
    saver = evolve(shelf, 2, 4.0)
    saver.save()
    assert shelf.tried_at == [8.0]
    for _ in range(3):
        shelf.clock.now += 4.0
        saver.note(PROGRESS)
    assert shelf.tried_at == [8.0, 20.0]


@pytest.mark.parametrize("failing", [False, True])
def test_a_job_that_is_asked_to_end_saves_at_once(*, failing: bool) -> None:
    """With the generation that is complete by then, once, however long ago the save before was."""
    shelf, asked = SlowShelf(failing=failing), threading.Event()
    saver = evolve(shelf, 3, 4.0, asked)
    asked.set()
    shelf.clock.now += 1.0
    with pytest.raises(Interrupted):
        saver.note(PROGRESS)
    assert shelf.tried_at == [12.0, 13.0]


def test_three_refusals_are_the_end_of_a_save() -> None:
    """Each try is over the version that was found last, and the epoch goes on."""
    shelf = SlowShelf(rival=0)
    evolve(shelf, 1, INTERVAL)
    assert shelf.tried_at == [10.0] * 3
    assert shelf.saved == [0] * 3


def test_an_epoch_that_is_over_is_not_saved() -> None:
    """Nor does a save that is due look for anything else."""
    shelf = SlowShelf(over=True)
    with pytest.raises(Overtaken):
        evolve(shelf, 1, INTERVAL)
    assert shelf.tried_at == []
