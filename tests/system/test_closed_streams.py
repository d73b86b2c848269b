"""The command where nobody listens: cron and the like may close its standard streams."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import COMMAND, ROOT

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = "run --preset classic --size 20 --population 20 --generations-per-epoch 2 --max-epochs 1"


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">/dev/full", "2>/dev/full", ">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_run_goes_to_its_end_whichever_streams_are_closed_or_full(closed: str, tmp_path: Path) -> None:
    """The exit code is 0, and the champion is in its place."""
    line = f"{shlex.join(COMMAND)} {OPTIONS} --out {shlex.quote(str(tmp_path))} {closed}"
    ended = subprocess.run(["bash", "-c", line], cwd=ROOT, timeout=200, check=False)
    assert ended.returncode == 0
    (champion,) = tmp_path.glob("*/champion.json")
    assert len(json.loads(champion.read_text())["values"]) == 20


@pytest.mark.parametrize("command", ["count --target go1.12", "runs --json"])
def test_a_result_that_cannot_be_written_is_an_error_that_says_where(command: str, tmp_path: Path) -> None:
    """Standard output is named, in one line."""
    line = f"echo '[3, 1, 2]' | XDG_STATE_HOME={tmp_path} {shlex.join(COMMAND)} {command} >/dev/full"
    ended = subprocess.run(["bash", "-c", line], cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=100, check=False)
    assert ended.returncode == 1
    *before, last = ended.stderr.splitlines()
    assert last == "error: standard output cannot be written (No space left on device)"
    assert before == ([] if command.startswith("count") else ["no embedded cloud is served: reading the runs in runs/"])


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [("count", 0, ""), ("run --input -", 2, "--input"), ("estimate --input -", 2, "--input")],
)
def test_a_closed_standard_input_is_an_empty_one(command: str, code: int, said: str) -> None:
    """There is nothing to count, and no configuration; neither is an unexpected error."""
    line = f"{shlex.join(COMMAND)} {command} <&-"
    ended = subprocess.run(["bash", "-c", line], cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=100, check=False)
    assert ended.returncode == code
    assert said in ended.stderr
    assert "unexpected" not in ended.stderr


def test_an_error_that_cannot_be_written_changes_no_exit_code() -> None:
    """A full standard error is as good as a closed one."""
    line = f"{shlex.join(COMMAND)} count --size 2>/dev/full"
    assert subprocess.run(["bash", "-c", line], cwd=ROOT, timeout=100, check=False).returncode == 2
