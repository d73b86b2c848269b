"""The folder of `worstsort run` disappears, fills up, or is wanted by two; the run and its user lose nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.command import OPTIONS, WORSTSORT, command, failure, kill, result, until_closed
from tests.fault.copies import copy_project
from tests.fault.harness import until
from worstsort.runs.code_version import code_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.timeout(1200), pytest.mark.xdist_group("run folder")]

LONGER = ["--size", "60", "--generations-per-epoch", "20", "--max-epochs", "9"]
"""A run that is still under way for some epochs after the second."""

DISK_BYTES = 2_000_000
"""More than a run of this size keeps and leaves."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the result of an undisturbed run."""
    return result(command(tmp_path_factory.mktemp("undisturbed"), *LONGER))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk of its own, where that is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Fill a disk to the last byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    yield
    filler.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write into a folder, not even root."""
    if os.geteuid():
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    if subprocess.run(["chattr", "+i", folder], check=False, capture_output=True).returncode:
        pytest.skip("root may write everywhere here")
    yield
    subprocess.run(["chattr", "-i", folder], check=True)


def assert_complete(folder: Path, undisturbed: dict[str, Any]) -> None:
    """Check that a folder holds what the undisturbed run has found, whole, and no state."""
    champion = json.loads((folder / "champion.json").read_text())
    assert champion["comparisons"] == undisturbed["comparisons"]
    assert (folder / "history.csv").read_bytes().count(b"\n") == undisturbed["generations"] + 2
    assert (folder / "report.html").read_text().rstrip().endswith("</html>")
    assert not (folder / "state").exists()


def test_a_folder_that_is_removed_under_way_is_made_again(
    tmp_path: Path, undisturbed: dict[str, Any], table: Callable[..., None]
) -> None:
    """The run goes on; interrupted after that, it continues; and its files are where they belong."""
    process = command(tmp_path, *LONGER)
    folder = until_closed(tmp_path, 2)
    shutil.rmtree(folder.rename(tmp_path / "removed"))
    until(lambda: len(list(folder.glob("state/epoch-*.npz"))) >= 3, 60, "the epochs to be kept again")
    kill(process)
    found = result(command(tmp_path, "--resume", folder.name))
    table("folder removed under way", 1, 1, "0 closed epochs", found["digest"] == undisturbed["digest"])
    assert found["digest"] == undisturbed["digest"]
    assert_complete(folder, undisturbed)


def test_a_folder_that_becomes_read_only_under_way_does_not_end_the_run(
    tmp_path: Path, undisturbed: dict[str, Any], table: Callable[..., None]
) -> None:
    """What the run has found is elsewhere, the message says where, and how the run continues from its folder."""
    process = command(tmp_path, *LONGER, TMPDIR=str(tmp_path))
    folder = until_closed(tmp_path, 2)
    with read_only(folder), read_only(folder / "state"):
        said = failure(process)
        assert "is not kept" in said
        assert said.count("is not kept") == 1
        (elsewhere,) = (path for path in tmp_path.iterdir() if path.name.startswith(f"{folder.name}-"))
        assert f"its files are in {elsewhere}/ instead" in said
        assert_complete(elsewhere, undisturbed)
    assert f"continue with: worstsort run --resume {folder.name} --out {tmp_path}" in said
    shutil.rmtree(elsewhere)
    found = result(command(tmp_path, "--resume", folder.name))
    table("folder read-only under way", 1, 1, "what was not kept", found["digest"] == undisturbed["digest"])
    assert found["digest"] == undisturbed["digest"]
    assert_complete(folder, undisturbed)


def test_a_disk_that_fills_up_under_way_does_not_end_the_run(
    tmp_path: Path, disk: Path, undisturbed: dict[str, Any], table: Callable[..., None]
) -> None:
    """The message names the file; once there is space again, `--resume` puts everything where it belongs."""
    process = command(disk, *LONGER, TMPDIR=str(tmp_path))
    folder = until_closed(disk, 2)
    with filled(disk):
        said = failure(process)
        assert "cannot be written: No space left on device; the run goes on" in said
        assert f"run {folder.name} succeeded, but {folder}/" in said
    found = result(command(disk, "--resume", folder.name))
    table("disk full under way", 1, 1, "what was not kept", found["digest"] == undisturbed["digest"])
    assert found["digest"] == undisturbed["digest"]
    assert_complete(folder, undisturbed)


def test_epochs_that_a_full_disk_left_out_are_kept_once_there_is_space(disk: Path) -> None:
    """All of them, so that the run continues after the last."""
    process = command(disk, *LONGER)
    folder = until_closed(disk, 1)
    with filled(disk):
        assert process.stderr
        until(lambda: "is not kept" in process.stderr.readline(), 60, "an epoch that is not kept")  # type: ignore[union-attr]
    until(lambda: "are kept again" in process.stderr.readline(), 60, "the epochs to be kept")  # type: ignore[union-attr]
    kill(process)
    epochs = sorted(path.name for path in folder.glob("state/epoch-*.npz"))
    assert epochs == [f"epoch-{epoch:06d}.npz" for epoch in range(1, len(epochs) + 1)]
    resumed = command(disk, "--resume", folder.name)
    assert f"continued after epoch {len(epochs)}" in resumed.communicate(timeout=200)[1]


def test_a_disk_that_is_full_from_the_beginning_is_reported_before_anything_is_evolved(disk: Path) -> None:
    """By the name of the file; nothing is left behind."""
    with filled(disk):
        assert "run.npz cannot be written: No space left on device" in failure(command(disk, *OPTIONS))
    assert list(disk.iterdir()) == []


def test_of_two_that_continue_a_run_at_once_one_does(
    tmp_path: Path, undisturbed: dict[str, Any], table: Callable[..., None]
) -> None:
    """The other is refused by the first one's process id; killed and continued again, no generation is lost."""
    process = command(tmp_path, *LONGER)
    folder = until_closed(tmp_path, 2)
    kill(process)
    both = [command(tmp_path, "--resume", folder.name) for _ in range(2)]
    until(lambda: any(one.poll() is not None for one in both), 60, "one of them to end")
    (refused,) = (one for one in both if one.poll() is not None)
    (owner,) = (one for one in both if one is not refused)
    assert f"{folder} is in use: process {owner.pid} is working on this run" in failure(refused)
    until(lambda: len(list(folder.glob("state/epoch-*.npz"))) >= 4, 120, "the epochs")
    kill(owner)
    found = result(command(tmp_path, "--resume", folder.name))
    table("two continue one run", 1, 1, "0 closed epochs", found["digest"] == undisturbed["digest"])
    assert found["digest"] == undisturbed["digest"]
    assert_complete(folder, undisturbed)


def test_other_code_continues_a_run_only_if_it_evolves_alike(
    tmp_path: Path, undisturbed: dict[str, Any], table: Callable[..., None]
) -> None:
    """It is the project's own code that counts; refused, the run can still be continued by the code that began it."""
    project, out = copy_project(tmp_path / "project"), tmp_path / "runs"
    package = project / "layers/evolution/worstsort"
    process = command(out, *LONGER, project=project)
    folder = until_closed(out, 2)
    kill(process)
    changed = package / "genetic/operators/survival.py"
    before = changed.read_text()
    changed.write_text(f"{before}# another way to survive\n")
    said = failure(command(out, "--resume", folder.name, project=project))
    assert "which evolves otherwise" in said
    assert "Continue it with the former" in said
    changed.write_text(before)
    page = package / "artefacts/report.py"
    page.write_text(f"{page.read_text()}# another page\n")
    found = result(command(out, "--resume", folder.name, project=project))
    table("other code continues a run", 2, 2, "0 closed epochs", found["digest"] == undisturbed["digest"])
    assert found["digest"] == undisturbed["digest"]
    assert json.loads((folder / "champion.json").read_text())["code_version"] == code_version(package)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_asked_to_end_says_how_the_run_continues(tmp_path: Path, number: int) -> None:
    """As Ctrl-C does; the exit code is that of the signal, and nobody owns the folder any more."""
    # Whoever runs the tests may have had them ignore one of these signals.
    process = command(tmp_path, *OPTIONS, program=["env", "--default-signal=TERM,HUP", *WORSTSORT])
    folder = until_closed(tmp_path, 1)
    said = kill(process, number)
    assert process.returncode == 128 + number
    assert f"continue with: worstsort run --resume {folder.name} --out {tmp_path}" in said
    assert result(command(tmp_path, "--resume", folder.name))


def test_a_command_that_is_to_ignore_the_end_of_its_terminal_does(tmp_path: Path) -> None:
    """As one that `nohup` starts."""
    process = command(tmp_path, *OPTIONS, program=["nohup", *WORSTSORT])
    until_closed(tmp_path, 1)
    os.killpg(process.pid, signal.SIGHUP)
    assert result(process)["epochs"] == 6


def test_a_configuration_that_was_changed_is_refused_with_what_differs(tmp_path: Path) -> None:
    """Before any epoch has closed, too; without the file, the run continues as it began."""
    process = command(tmp_path, *OPTIONS)
    folder = until_closed(tmp_path, 0)
    kill(process)
    path = folder / "input.json"
    path.write_text(path.read_text().replace('"size": 60', '"size": 61'))
    said = failure(command(tmp_path, "--resume", folder.name))
    assert "(size: 60 became 61)" in said
    path.unlink()
    assert result(command(tmp_path, "--resume", folder.name))["size"] == 60
    assert json.loads(path.read_text())["size"] == 60
