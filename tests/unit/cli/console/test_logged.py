"""What the log of a run on this machine tells of its epochs, islands and attempts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from worstsort_cli.console.readings.logged import Logged
from worstsort_cli.files.run_folder.log import LogLine, RunLog

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.fromtimestamp(100, UTC)


def line(second: int, epoch: int, island: int, message: str, **more: Any) -> LogLine:
    """Return a line as a worker logs it."""
    return LogLine.of(1000 * second, json.dumps({"epoch": epoch, "island": island, "message": message} | more))


KILLED = [
    line(1, 1, 0, "evolving"), line(1, 1, 1, "evolving"), line(3, 1, 0, "evolved", best=7),
    line(4, 1, 1, "evolving"), line(9, 1, 1, "evolved", best=8), line(10, 2, 0, "evolving"),
]  # fmt: skip
"""Island 1 was killed in epoch 1, and island 0 is in epoch 2."""


@pytest.fixture
def log(tmp_path: Path) -> RunLog:
    """Return a log with these lines."""
    made = RunLog(tmp_path / "log.jsonl")
    made.append(KILLED)
    return made


@pytest.fixture
def logged(log: RunLog) -> Logged:
    """Return what the log tells."""
    found = Logged(log)
    found.read_on()
    return found


def test_epochs_are_told_with_how_long_they_took(logged: Logged) -> None:
    """The last one of a run that goes on is running until now."""
    rows = logged.epochs(NOW, running=True)
    assert [(row["epoch"], row["status"], row["seconds"]) for row in rows] == [(1, "succeeded", 8), (2, "running", 90)]
    assert logged.epochs(NOW, running=False)[1]["status"] == "aborted"


def test_an_island_that_was_killed_has_an_attempt_that_failed(logged: Logged) -> None:
    """And one that succeeded after it."""
    first, second = logged.islands(1, range(2), NOW, running=True) or []
    assert [attempt["exit_code"] for attempt in first["attempts"]] == [0]
    assert [attempt["exit_code"] for attempt in second["attempts"]] == [None, 0]
    assert (second["status"], second["best"]) == ("SUCCEEDED", 8)


def test_an_island_that_has_not_begun_waits(logged: Logged) -> None:
    """As long as the run goes on."""
    _, waiting = logged.islands(2, range(2), NOW, running=True) or []
    assert (waiting["status"], waiting["attempts"]) == ("RUNNABLE", [])
    first, stopped = logged.islands(2, range(2), NOW, running=False) or []
    assert (first["status"], stopped["status"]) == ("ABORTED", "ABORTED")
    assert logged.islands(3, range(2), NOW, running=True) is None


def test_a_log_is_read_on(log: RunLog, logged: Logged) -> None:
    """Only what is new is taken in, and a line that is being written only once it is whole."""
    log.append([line(12, 2, 0, "evolved", best=9)])
    logged.read_on()
    assert (logged.read, logged.whole) == (len(KILLED) + 1, True)
    assert logged.has_ended(2, 0)


def test_the_lines_of_an_island_are_given_once(log: RunLog, logged: Logged) -> None:
    """Then what has been logged since."""
    first = logged.lines(1, 1, None)
    assert [json.loads(shown["text"])["message"] for shown in first["lines"]] == ["evolving", "evolving", "evolved"]
    log.append([line(20, 1, 1, "late")])
    assert [json.loads(shown["text"])["message"] for shown in logged.lines(1, 1, first["next"])["lines"]] == ["late"]


def test_a_run_without_a_log_has_no_epochs(tmp_path: Path) -> None:
    """As before its first line."""
    logged = Logged(RunLog(tmp_path / "nothing"))
    logged.read_on()
    assert logged.epochs(NOW, running=True) == []
    assert logged.lines(1, 0, None)["lines"] == []
