"""`worstsort run` is killed while it leaves its files and forgets its state; `--resume` completes the run each time."""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.command import OPTIONS, command, result
from tests.fault.harness import tries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("closing")]

KILLED_WHILE_CLOSING = """
import os, signal, sys, threading
from worstsort_cli.files.run_folder import results

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "shutil.rmtree"}
kind, point = sys.argv.pop(1).split(":")
changes = -1  # none is counted before the run has been evolved

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def watch(event, args):
    global changes
    if changes < 0 or event not in CHANGES or (event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    changes += 1
    if kind == "change" and changes == int(point):
        die()

leave = results.leave

def watched(*args):
    global changes
    changes = 0
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
    print(f"{changes} changes", file=sys.stderr)
"""
"""The command, killed at the n-th change that it makes to any file after the run has been evolved, or after a time."""

FILES = ("champion.json", "champion_test.go", "history.csv", "input.json")
"""Files that are the same in every run of one configuration; the report has times in it."""


def killed(out: Path, kind: str, point: float, *options: str) -> tuple[bool, str]:
    """Run the command, to be killed at a point; return whether it was, and what it said."""
    process = command(out, *options, program=[sys.executable, "-c", KILLED_WHILE_CLOSING, f"{kind}:{point}"])
    _, said = process.communicate(timeout=200)
    assert process.returncode in {0, -9}, said
    return process.returncode == -9, said


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the folder and the result of a run that nobody kills."""
    out = tmp_path_factory.mktemp("undisturbed")
    found = result(command(out, *OPTIONS))
    (folder,) = out.iterdir()
    return folder, found


@pytest.fixture(scope="module")
def evolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that was killed before the first change of its closing."""
    out = tmp_path_factory.mktemp("evolved")
    assert killed(out, "change", 1, *OPTIONS)[0]
    (folder,) = out.iterdir()
    return folder


POINTS = [
    *(("change", number) for number in range(1, 1 + tries(24))),
    *(("time", 0.0006 * number**2) for number in range(tries(28))),
]
"""Each of the 22 changes to files that closing makes, and two that it does not, and times up to half a second."""


@pytest.mark.timeout(3600)
def test_a_run_that_is_killed_while_it_closes_is_completed(
    tmp_path: Path, evolved: Path, undisturbed: tuple[Path, dict[str, Any]], table: Callable[..., None]
) -> None:
    """All files are there and whole, and are those of the undisturbed run; the state is gone.

    Broken on purpose: if the presence of champion.json means that the run has finished, runs are lost.
    """

    def survive(point: tuple[str, float]) -> bool:
        out = tmp_path / "{}-{}".format(*point)
        shutil.copytree(evolved, out / evolved.name)
        was_killed, _ = killed(out, *point, "--resume", evolved.name)
        completed = command(out, "--resume", evolved.name)
        printed, said = completed.communicate(timeout=200)
        assert completed.returncode == 0, said
        assert undisturbed[1]["digest"] in printed or "already finished" in said
        assert_complete(out / evolved.name, undisturbed[0])
        return was_killed

    with ThreadPoolExecutor(2) as pool:
        kills = sum(pool.map(survive, POINTS))
    table("killed while it closes", kills, kills, "the closing", True)
    assert kills >= min(50, len(POINTS) - 2)


def assert_complete(folder: Path, undisturbed: Path) -> None:
    """Check that a folder holds what a run leaves, and nothing else."""
    assert {path.name for path in folder.iterdir()} == {*FILES, "report.html"}
    for name in FILES:
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()
    assert (folder / "report.html").read_text().rstrip().endswith("</html>")
