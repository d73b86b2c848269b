"""A run of one's own machine whose processes are killed from outside: it goes on."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.command import COMMAND, ROOT, worstsort

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.fault

OPTIONS = (
    "--preset", "classic", "--size", "60", "--population", "200", "--generations-per-epoch", "20", "--max-epochs", "6",
    "--seed", "4",
)  # fmt: skip
NAMES = ("starter", "function", "worker")
"""The short names under which `ps` shows the processes."""


def champion(folder: Path) -> bytes:
    (path,) = folder.glob("*/champion.json")
    return path.read_bytes()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the champion of the same run without a kill."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert worstsort("run", *OPTIONS, "--out", str(folder)).returncode == 0
    return champion(folder)


def kill(owner: int, name: str, number: int) -> bool:
    """Send a signal to a process of this name below the owner, if there is one at the moment."""
    try:
        below = psutil.Process(owner).children(recursive=True)
        found = [process for process in below if process.name() == name]
        for process in found[-1:]:
            process.send_signal(number)
    except psutil.NoSuchProcess:
        return False
    return bool(found)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("name", NAMES)
def test_a_killed_process_is_started_anew_and_the_champion_is_the_same(
    name: str, number: signal.Signals, undisturbed: bytes, tmp_path: Path, table: Callable[..., None]
) -> None:
    """Whatever is killed, and however often, nothing but a line or two says that it happened."""
    command = [*COMMAND, "run", *OPTIONS, "--out", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()  # the run has begun
        kills, end = 0, time.monotonic() + 120
        while kills < 2 and process.poll() is None and time.monotonic() < end:
            kills += kill(process.pid, name, number)
            time.sleep(0.2)
        said = process.stderr.read()
        assert process.wait(240) == 0, said
    assert kills
    assert champion(tmp_path) == undisturbed
    assert "Traceback" not in said
    assert len(said.splitlines()) <= kills
    table(f"{number.name} of a run's {name}", kills, kills, "-", champion(tmp_path) == undisturbed)
