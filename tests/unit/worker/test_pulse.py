"""How often an island says how far it is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.worker.test_saver import after
from worstsort.runs.signs_of_life import MAX_SECONDS, lines_within
from worstsort.runtime.observability import logger
from worstsort.worker.pulse import Pulse


class Clock:
    """A clock that goes only when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what is logged."""
    logged: list[dict[str, Any]] = []
    monkeypatch.setattr(logger(), "info", lambda _message, extra: logged.append(extra))
    return logged


def beat(generations: int, seconds: float) -> None:
    """Note generations that take some seconds each."""
    clock, first = Clock(), replace(after(1), until=generations)
    beating = Pulse(generations, clock)
    for generation in range(1, generations + 1):
        clock.now += seconds
        beating.note(replace(first, state=replace(first.state, generation=generation)))


def test_a_short_epoch_says_nothing_by_the_way(lines: list[dict[str, Any]]) -> None:
    """Its end is logged anyway."""
    beat(9, 0.1)
    assert lines == []


def test_a_slow_generation_is_said_at_once(lines: list[dict[str, Any]]) -> None:
    """With how many of the epoch's are done."""
    beat(3, 20)
    assert [(line["done"], line["generations"]) for line in lines] == [(1, 3), (2, 3), (3, 3)]


def test_a_long_epoch_is_heard_of_every_second_at_first_and_every_ten_later(lines: list[dict[str, Any]]) -> None:
    """An hour of it leaves some hundred lines, not thousands."""
    beat(7_200, 0.5)
    said = [line["done"] / 2 for line in lines]
    gaps = [later - earlier for earlier, later in pairwise(said)]
    assert max(gaps[:10]) <= 1.5
    assert MAX_SECONDS <= max(gaps) <= MAX_SECONDS + 0.5
    assert len(lines) < 450


@pytest.mark.parametrize("seconds", [0.5, 10, 60, 400, 3600])
def test_what_an_epoch_will_log_is_known_in_advance(seconds: float, lines: list[dict[str, Any]]) -> None:
    """An estimate of costs needs it."""
    beat(int(seconds * 20), 0.05)
    assert lines_within(seconds) == pytest.approx(len(lines), rel=0.1, abs=1)
