"""`worstsort run` and all its processes disappear; `worstsort run --resume` continues."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import ROOT, until

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("command")]

WORSTSORT = str(Path(sys.executable).parent / "worstsort")
OPTIONS = ["--size", "60", "--generations-per-epoch", "20", "--max-epochs", "6"]


def command(out: Path, *options: str) -> subprocess.Popen[str]:
    """Start the command in a process group of its own."""
    return subprocess.Popen(
        [WORSTSORT, "run", "--out", str(out), "--json", *options],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the result that the command printed at its end."""
    printed, said = process.communicate(timeout=200)
    assert process.returncode == 0, said
    return dict(json.loads(printed))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the result of an undisturbed run."""
    return result(command(tmp_path_factory.mktemp("undisturbed"), *OPTIONS))


@pytest.mark.parametrize(("number", "epochs"), [(signal.SIGINT, 2), (signal.SIGKILL, 3), (signal.SIGKILL, 0)])
def test_an_interrupted_command_continues_to_the_same_digest(
    tmp_path: Path, undisturbed: dict[str, Any], table: Callable[..., None], number: int, epochs: int
) -> None:
    """Ctrl-C, or SIGKILL of everything, after a number of epochs; closed epochs are not evolved again."""
    process = command(tmp_path, *OPTIONS)
    until(lambda: list(tmp_path.glob("*/input.json")), 60, "the run to begin")
    (folder,) = tmp_path.iterdir()
    until(lambda: len(list(folder.glob("state/epoch-*.npz"))) >= epochs, 120, "the epochs")
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=30)
    assert process.returncode in {130, -signal.SIGKILL}
    assert number == signal.SIGKILL or f"worstsort run --resume {folder.name}" in said
    resumed = command(tmp_path, "--resume", folder.name)
    found = result(resumed)
    equal = found["digest"] == undisturbed["digest"]
    table(f"{signal.Signals(number).name} of everything, {epochs} epochs closed", 1, 1, "0 closed epochs", equal)
    assert equal
    assert (folder / "history.csv").read_bytes().count(b"\n") == 6 * 20 + 2
    assert not (folder / "state").exists()
    again = command(tmp_path, "--resume", folder.name)
    assert "is already finished" in again.communicate(timeout=60)[1]
    assert again.returncode == 0


def test_a_damaged_folder_is_refused_by_name(tmp_path: Path) -> None:
    """A population that differs from the one that was kept is never used."""
    process = command(tmp_path, *OPTIONS)
    until(lambda: list(tmp_path.glob("*/state/epoch-000002.npz")), 120, "two epochs")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    (folder,) = tmp_path.iterdir()
    for path in folder.glob("state/island-1-*.npz"):
        path.write_bytes(path.read_bytes()[:-100])
    refused = command(tmp_path, "--resume", folder.name)
    said = refused.communicate(timeout=60)[1]
    assert refused.returncode == 1
    assert "island-1-" in said
    assert "cannot be trusted" in said


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--resume", "nobody"], 1, "there is no run in"),
        (["--resume", "x", "--size", "5"], 2, "nothing: --resume takes the configuration"),
    ],
)
def test_what_cannot_be_resumed_is_refused(tmp_path: Path, options: list[str], code: int, said: str) -> None:
    """An unknown run, and a run with changed options."""
    refused = command(tmp_path, *options)
    assert said in refused.communicate(timeout=60)[1]
    assert refused.returncode == code
