"""`worstsort run` and all its processes disappear; `worstsort run --resume` continues."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.command import OPTIONS, command, failure, kill, result, until_closed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("command")]


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
    folder = until_closed(tmp_path, epochs)
    said = kill(process, number)
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


def test_a_damaged_copy_of_the_last_epoch_costs_that_epoch(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    """The command says what it does not use and why, and the run continues from the epoch before to the same digest."""
    process = command(tmp_path, *OPTIONS)
    folder = until_closed(tmp_path, 2)
    kill(process)
    last = max(folder.glob("state/epoch-*.npz"))
    last.write_bytes(last.read_bytes()[:-100])
    resumed = command(tmp_path, "--resume", folder.name)
    printed, said = resumed.communicate(timeout=200)
    assert resumed.returncode == 0, said
    assert f"not used: {last}: it is not a readable npz file" in said
    assert json.loads(printed)["digest"] == undisturbed["digest"]


def test_a_folder_that_cannot_be_trusted_is_refused_by_the_names_of_its_files(tmp_path: Path) -> None:
    """Both copies are damaged: nothing is evolved."""
    process = command(tmp_path, *OPTIONS)
    folder = until_closed(tmp_path, 2)
    kill(process)
    for path in folder.glob("state/island-1-*.npz"):
        path.write_bytes(path.read_bytes()[:-100])
    said = failure(command(tmp_path, "--resume", folder.name))
    assert "cannot be trusted" in said
    for path in folder.glob("state/island-1-*.npz"):
        assert str(path) in said


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
