"""Readings that are kept: nobody waits but the first, and no two are taken at once."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

import pytest

from worstsort_cli.console.readings.kept import Kept, KeptEach

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_an_answer_is_given_again_until_it_is_old() -> None:
    """The service is not asked for every page."""
    numbers = count()
    kept = Kept(lambda _last: next(numbers), max_age_seconds=1000)
    assert [kept.get().value for _ in range(5)] == [0] * 5


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.seconds


def test_an_old_answer_is_given_at_once_while_the_next_is_read() -> None:
    """Whoever asks does not wait for the service."""
    clock, go, begun, numbers = Clock(), threading.Event(), threading.Event(), count()

    def read(_last: int | None) -> int:
        number = next(numbers)
        if number:
            begun.set()
            assert go.wait(20)
        return number

    kept = Kept(read, 10, clock)
    assert kept.get().value == 0
    clock.seconds = 11
    assert [kept.get().value for _ in range(3)] == [0, 0, 0]
    assert begun.wait(20)
    go.set()
    while kept.get().value == 0:
        threading.Event().wait(0.01)
    assert next(numbers) == 2  # one reading was taken beside the answers, not one for each


def test_an_answer_that_is_much_too_old_is_not_given() -> None:
    """As after a laptop's sleep: then whoever asks waits."""
    clock, numbers = Clock(), count()
    kept = Kept(lambda _last: next(numbers), 10, clock)
    kept.get()
    clock.seconds = 101
    assert kept.get().value == 1


def test_a_reading_that_began_before_a_change_is_not_shown_after_it() -> None:
    """Whoever has stopped a run does not see it running because somebody asked just before."""
    clock, go, begun = Clock(), threading.Event(), threading.Event()
    state = ["running"]

    def read(last: str | None) -> str:
        found = state[0]
        if last is not None and not begun.is_set():
            begun.set()
            assert go.wait(20)
        return found

    kept = Kept(read, 10, clock)
    kept.get()
    clock.seconds = 11
    kept.get()
    assert begun.wait(20)
    state[0] = "stopped"
    kept.forget()
    go.set()
    assert kept.get().value == "stopped"


def test_a_part_is_given_at_once_and_the_rest_is_read_beside_it() -> None:
    """However young the answer is, until it holds all there is; then it is kept."""
    kept = Kept(lambda last: (last or 0) + 1, 1000, is_part=lambda value: value < 3)
    assert kept.get().value == 1
    while kept.get().value < 3:
        threading.Event().wait(0.01)
    assert [kept.get().value for _ in range(3)] == [3, 3, 3]


def test_a_reading_is_given_the_last_one() -> None:
    """So that it can go on from there."""
    seen: list[int | None] = []

    def read(last: int | None) -> int:
        seen.append(last)
        return len(seen)

    kept = Kept(read, max_age_seconds=1000)
    kept.get()
    kept.forget()
    assert kept.get().value == 2
    assert seen == [None, 1]


def test_a_failure_is_told_to_whoever_waits_and_not_kept() -> None:
    """The next one tries again."""
    answers: Iterator[ValueError | int] = iter([ValueError("gone"), 7])

    def read(_last: int | None) -> int:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    kept = Kept(read, max_age_seconds=1000)
    with pytest.raises(ValueError, match="gone"):
        kept.get()
    assert kept.get().value == 7


def test_those_that_were_asked_for_last_are_kept() -> None:
    """Memory stays bounded, however many runs are looked at."""
    made: list[str] = []

    def make(key: str) -> Kept[str]:
        made.append(key)
        return Kept(lambda _last: key, 1000)

    each = KeptEach(make, most=2)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert each.of(key).get().value == key
    assert made == ["a", "b", "c", "b"]
