"""The log that a local run keeps, and how `worstsort logs` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from worstsort.runs.config import RunConfig
from worstsort_cli.files.run_folder.folder import create
from worstsort_cli.files.run_folder.log import LogLine, RunLog
from worstsort_cli.main import main
from worstsort_cli.show.log_line import in_words

if TYPE_CHECKING:
    from pathlib import Path

NOON_MS = 1_767_268_800_000
LINES = [
    LogLine.of(
        NOON_MS,
        '{"level": "INFO", "message": "evolving", "island": 0, "epoch": 1, "run_id": "r", "from": 0, "threads": 2}',
    ),
    LogLine.of(NOON_MS + 1000, '{"_aws": {}, "IslandsRunning": [1.0], "island": 0}'),
    LogLine.of(NOON_MS + 2000, '{"level": "WARNING", "message": "interrupted", "island": 1, "epoch": 2}'),
    LogLine.of(NOON_MS + 3000, "Fatal Python error: Aborted"),
]


def test_what_is_kept_is_read_as_it_was_logged(tmp_path: Path) -> None:
    """In several writes, with a line that a kill has cut off left out."""
    log = RunLog(tmp_path / "log.jsonl")
    assert log.read() == []
    log.append(LINES[:2])
    log.append([])
    log.append(LINES[2:])
    assert log.read() == LINES
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"at_ms": 5, "te')
    assert log.read() == LINES


def test_a_run_goes_on_without_its_log_if_it_cannot_be_written(tmp_path: Path) -> None:
    """Somebody has removed the folder, say."""
    RunLog(tmp_path / "gone" / "log.jsonl").append(LINES)
    assert not (tmp_path / "gone").exists()


def test_a_line_is_shown_with_time_island_and_epoch_first() -> None:
    """A level that is not INFO is said; lines about metrics are left out; what is not JSON is shown as it is."""
    assert [in_words(line.at_ms, line.text, line.fields) for line in LINES] == [
        "2026-01-01 12:00:00  island 0  epoch 1  evolving from generation 0, threads: 2",
        None,
        "2026-01-01 12:00:02  island 1  epoch 2  WARNING: interrupted",
        "2026-01-01 12:00:03  Fatal Python error: Aborted",
    ]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], ["evolving from generation 0, threads: 2", "WARNING: interrupted", "Aborted"]),
        (["--island", "1"], ["WARNING: interrupted"]),
        (["--json"], [line.text for line in LINES]),
        (["--follow"], ["evolving from generation 0, threads: 2", "WARNING: interrupted", "Aborted"]),
    ],
)
def test_the_command_shows_the_log_of_a_run_on_this_machine(
    options: list[str], shown: list[str], tmp_path: Path
) -> None:
    """All of it or one island's; of a run that nobody works on any more, following it ends at once."""
    with create(tmp_path, RunConfig.parse({"size": 20}), "r") as folder:
        folder.log.append(LINES)
    (tmp_path / "r" / "state" / "lock").unlink()
    done = CliRunner().invoke(main, ["logs", "r", "--in", str(tmp_path), *options])
    lines = done.stdout.splitlines()
    assert len(lines) == len(shown), done.output
    assert all(line.endswith(end) for line, end in zip(lines, shown, strict=True))


def test_the_command_says_which_islands_there_are_and_that_nothing_was_logged(tmp_path: Path) -> None:
    """An island that the run does not have is refused; a run without a log, as those of sweeps, says so."""
    with create(tmp_path, RunConfig.parse({"size": 20, "islands": 2}), "r"):
        pass
    refused = CliRunner().invoke(main, ["logs", "r", "--in", str(tmp_path), "--island", "2"])
    assert (refused.exit_code, "--island: given 2, allowed: 0 to 1, the islands of r" in refused.stderr) == (2, True)
    silent = CliRunner().invoke(main, ["logs", "r", "--in", str(tmp_path)])
    assert (silent.exit_code, silent.stdout) == (0, "")
    assert "no log of run r is kept here" in silent.stderr
