"""A worker's beats: how many there are, what they sum up to, and that they end."""

from __future__ import annotations

import time

import pytest

from worstsort.worker import heartbeat as module
from worstsort.worker.heartbeat import Heartbeat


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """Collect what is published."""
    lines: list[dict[str, float]] = []
    monkeypatch.setattr(module, "publish", lines.append)
    return lines


def test_a_living_worker_beats_and_its_seconds_add_up(published: list[dict[str, float]]) -> None:
    """One beat per interval; what is killed has published all its time but the last interval's."""
    heartbeat, started = Heartbeat(0.05), time.monotonic()
    heartbeat.start()
    while len(published) < 4:
        assert time.monotonic() < started + 30
        time.sleep(0.01)
    heartbeat.end()
    lived = time.monotonic() - started
    assert all(line["IslandsRunning"] == 1 for line in published[:-1])
    assert lived - 0.5 < sum(line.get("JobSeconds", 0) for line in published) <= lived + 0.01


def test_an_end_is_published_once_and_is_the_last_word(published: list[dict[str, float]]) -> None:
    """The main thread and the watch for SIGTERM may both report it."""
    heartbeat = Heartbeat(0.01)
    heartbeat.start()
    heartbeat.end()
    heartbeat.end()
    count = len(published)
    time.sleep(0.1)
    assert len(published) == count
    assert [line.get("IslandsEnded") for line in published].count(1) == 1
    assert published[-1]["IslandsEnded"] == 1
