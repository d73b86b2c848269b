"""`worstsort run` is killed while it leaves its files and forgets its state; `--resume` completes the run each time."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.command import OPTIONS, PATIENCE_SECONDS, command
from tests.fault.harness import SCALE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("closing")]

KILLED_WHILE_CLOSING = """
import os, signal, sys, threading, time
from worstsort_cli.files.run_folder import results

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "shutil.rmtree"}
kind, point = sys.argv.pop(1).split(":")
changes, began = -1, 0.0  # none is counted before the run has been evolved

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def watch(event, args):
    global changes
    if changes < 0 or event not in CHANGES or (event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    changes += 1
    if kind == "change" and changes == int(float(point)):
        die()

leave = results.leave

def watched(*args):
    global changes, began
    changes, began = 0, time.monotonic()
    if kind == "time":
        timer = threading.Timer(float(point), die)
        timer.daemon = True
        timer.start()
    leave(*args)

sys.addaudithook(watch)
results.leave = watched
from worstsort_cli.main import main
try:
    main()
finally:
    print(f"{changes} changes in {time.monotonic() - began} s", file=sys.stderr)
"""
"""The command, killed at the n-th change that it makes to any file after the run has been evolved, or after a time."""

FILES = ("champion.json", "champion_test.go", "history.csv", "input.json")
"""Files that are the same in every run of one configuration."""

WITH_TIMES = ("data.csv", "log.jsonl", "report.html", "result.json")
"""Files that say when, or how long."""


@dataclass(frozen=True)
class Closing:
    """How the run is closed that nobody kills: its folder and result, the changes to files, and the time it takes."""

    folder: Path
    found: dict[str, Any]
    changes: int
    seconds: float


def close(out: Path, kind: str, point: float, *options: str) -> subprocess.Popen[str]:
    """Start the command, to be killed at a point of its closing."""
    return command(out, *options, program=[sys.executable, "-c", KILLED_WHILE_CLOSING, f"{kind}:{point}"])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """Run the run that nobody kills."""
    out = tmp_path_factory.mktemp("undisturbed")
    process = close(out, "change", 0, *OPTIONS)
    printed, said = process.communicate(timeout=PATIENCE_SECONDS)
    told = re.search(r"(\d+) changes in (\S+) s", said)
    assert told, said
    (folder,) = out.iterdir()
    return Closing(folder, json.loads(printed), int(told[1]), float(told[2]))


@pytest.fixture(scope="module")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that was killed before the first change of its closing."""
    out = tmp_path_factory.mktemp("evolved")
    assert close(out, "change", 1, *OPTIONS).wait(PATIENCE_SECONDS) == -signal.SIGKILL
    (folder,) = out.iterdir()
    return folder


@pytest.mark.timeout(3600)
def test_a_run_that_is_killed_while_it_closes_is_completed(
    tmp_path: Path, evolved: Path, undisturbed: Closing, table: Callable[..., None]
) -> None:
    """50 kills, before each change to a file and at times between: all files are there and whole, the state is gone.

    Broken on purpose: if the presence of champion.json means that the run has finished, runs are lost.
    """
    numbers = [("change", float(number)) for number in range(1, undisturbed.changes + 1)]
    times = [("time", undisturbed.seconds * part / 50) for part in range(50 - len(numbers))]

    def survive(point: tuple[str, float]) -> None:
        kind, at = point
        for attempt in count():
            out = tmp_path / f"{kind}-{point[1]}-{attempt}"
            shutil.copytree(evolved, out / evolved.name)
            if close(out, kind, at, "--resume", evolved.name).wait(PATIENCE_SECONDS) == -signal.SIGKILL:
                break
            at /= 2  # it was quicker than that
        completed = command(out, "--resume", evolved.name)
        printed, said = completed.communicate(timeout=PATIENCE_SECONDS)
        assert completed.returncode == 0, said
        assert undisturbed.found["digest"] in printed or "already finished" in said
        assert_complete(out / evolved.name, undisturbed.folder)

    points = [*numbers, *times]
    chosen = points[:: max(1, round(1 / SCALE))]
    with ThreadPoolExecutor(4) as pool:
        survived = len(list(pool.map(survive, chosen)))
    table("killed while it closes", survived, survived, "the closing", True)
    assert survived == len(chosen)


def assert_complete(folder: Path, undisturbed: Path) -> None:
    """Check that a folder holds what a run leaves, and nothing else."""
    assert {path.name for path in folder.iterdir()} == {*FILES, *WITH_TIMES}
    for name in FILES:
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()
    assert (folder / "report.html").read_text().rstrip().endswith("</html>")
