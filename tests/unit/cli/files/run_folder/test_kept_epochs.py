"""What is kept of a run survives the damage of any one file, and strays hide nothing."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.stores import aws_in_memory, evolve, make_store
from worstsort.runs.config import RunConfig
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import kept_epochs
from worstsort_cli.files.run_folder.folder import create, reopen
from worstsort_cli.files.run_folder.keeper import Keeper

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.files.run_folder.kept_epochs import Kept

EPOCHS = 3

CONFIG = RunConfig.parse({
    "preset": "classic", "size": 20, "population": 20, "islands": 2, "generations_per_epoch": 3,
    "stop": {"max_epochs": EPOCHS},
})  # fmt: skip

FIRST = "epoch-000001.npz"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that was interrupted after its last epoch."""
    with aws_in_memory(), create(tmp_path_factory.mktemp("runs"), CONFIG) as folder:
        store = make_store()
        keeper = Keeper(folder, store, 0, pytest.fail)
        for closed in evolve(store, folder.run_id, CONFIG):
            keeper.keep(closed)
    return folder.path


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be damaged."""
    return shutil.copytree(whole, tmp_path / whole.name)


def load(folder: Path) -> Kept:
    """Load what is kept, as `--resume` does."""
    with reopen(folder) as opened:
        kept = kept_epochs.load(opened.state, opened.beginning)
        kept_epochs.tidy(opened.state, kept.epoch)
        return kept


def damage(path: Path, how: str) -> None:
    """Damage a file."""
    body = path.read_bytes()
    path.unlink()
    if how == "a folder":
        path.mkdir()
    elif how == "a pipe":
        os.mkfifo(path)
    elif how == "an endless device":
        path.symlink_to("/dev/zero")
    elif how == "half":
        path.write_bytes(body[: len(body) // 2])


@pytest.mark.parametrize("how", ["missing", "half", "a folder", "a pipe", "an endless device"])
def test_no_single_damaged_file_loses_the_run(whole: Path, tmp_path: Path, how: str) -> None:
    """Each is tried; at worst one epoch is evolved again."""
    sound = load(shutil.copytree(whole, tmp_path / "sound" / whole.name))
    for file in (whole / "state").glob("*.npz"):
        folder = shutil.copytree(whole, tmp_path / file.name / whole.name)
        damage(folder / "state" / file.name, how)
        kept = load(folder)
        assert kept.epoch == EPOCHS - file.name.endswith(f"-{EPOCHS}.npz"), file.name
        assert [backup.items for backup in kept.backups] == [one.items for one in sound.backups[: kept.epoch]]


@pytest.mark.parametrize("how", ["missing", "half", "a folder", "a pipe"])
def test_old_records_are_made_whole_from_their_copy(folder: Path, how: str) -> None:
    """The user is told so, once."""
    file = folder / "state" / FIRST
    before = file.read_bytes()
    damage(file, how)
    (said,) = load(folder).refused
    assert FIRST in said
    assert said.endswith("its copy is used")
    assert file.read_bytes() == before
    assert load(folder).refused == []


def test_records_that_are_lost_with_their_copy_are_named(folder: Path) -> None:
    for name in (FIRST, f"copy-of-{FIRST}"):
        (folder / "state" / name).write_bytes(b"")
    with pytest.raises(CommandFailed, match=rf"cannot be trusted:\n.*{FIRST}: .*\nThe same seed"):
        load(folder)


@pytest.mark.parametrize(
    "name", ["epoch-999999.npz", "epoch-000007.npz", "epoch-000004.npz", "copy-of-epoch-000008.npz"]
)
@pytest.mark.parametrize("kind", ["a folder", "a copy", "empty"])
def test_a_stray_is_named_and_hides_no_epoch(folder: Path, name: str, kind: str) -> None:
    """Whatever it is."""
    stray = folder / "state" / name
    if kind == "a folder":
        stray.mkdir()
    else:
        stray.write_bytes((folder / "state" / FIRST).read_bytes() if kind == "a copy" else b"")
    kept = load(folder)
    assert kept.epoch == EPOCHS
    assert [name.removeprefix("copy-of-") in reason for reason in kept.refused] == [True]


def test_many_strays_hide_no_epoch(folder: Path) -> None:
    for number in range(10, 20):
        (folder / "state" / f"epoch-{number:06d}.npz").mkdir()
    assert load(folder).epoch == EPOCHS


@pytest.mark.parametrize("name", ["epoch-٠٠٠٠٠٩.npz", "epoch-9.npz", "epoch-0000009.npz"])
def test_other_names_are_nobodys(folder: Path, name: str) -> None:
    """Numbers are written in six of the digits 0 to 9."""
    (folder / "state" / name).touch()
    kept = load(folder)
    assert (kept.epoch, kept.refused) == (EPOCHS, [])
