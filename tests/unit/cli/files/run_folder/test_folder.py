"""Beginning, continuing and ending a run in its folder."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from worstsort.runs.config import RunConfig
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic
from worstsort_cli.files.run_folder import beginning, kept_epochs
from worstsort_cli.files.run_folder.beginning import Beginning
from worstsort_cli.files.run_folder.folder import RunFolder, create, is_finished, reopen
from worstsort_cli.files.run_folder.lock import FolderInUse

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = RunConfig.parse({"preset": "classic", "size": 20, "population": 20})


@pytest.fixture
def interrupted(tmp_path: Path) -> Path:
    """Begin a run, and leave it."""
    with create(tmp_path, CONFIG) as folder:
        return folder.path


def files(folder: Path) -> set[str]:
    """Return the names of everything in a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_run_is_owned_by_one_file_whatever_the_version(tmp_path: Path) -> None:
    """Two versions that work on the same run must look for its owner in the same place."""
    with create(tmp_path, CONFIG) as folder:
        assert folder.path / "state" / "lock" in set(folder.path.rglob("*"))


def test_a_run_begins_with_its_configuration_and_can_be_continued(interrupted: Path) -> None:
    """Under its own name; input.json is what `--input` reads."""
    assert RunConfig.parse(json.loads((interrupted / "input.json").read_text())) == CONFIG
    assert not is_finished(interrupted)
    with reopen(interrupted) as folder:
        assert folder.beginning == Beginning.of(interrupted.name, CONFIG)


def test_nobody_else_works_in_the_folder_of_a_run_that_begins(tmp_path: Path) -> None:
    with create(tmp_path, CONFIG) as folder, pytest.raises(FolderInUse), reopen(folder.path):
        pass


def test_a_run_is_over_when_its_state_is_forgotten(interrupted: Path) -> None:
    """Its champion.json alone does not mean that."""
    champion = {"run_id": interrupted.name}
    (interrupted / "champion.json").write_text(json.dumps(champion))
    assert not is_finished(interrupted)
    with reopen(interrupted) as folder:
        folder.forget_state()
    assert files(interrupted) == {"input.json", "champion.json"}
    with pytest.raises(CommandFailed, match=r"champion\.json is not what a run leaves"):
        is_finished(interrupted)


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path) -> None:
    """With what it began with, and owned."""
    with create(tmp_path, CONFIG) as folder:
        assert not folder.make_again()
        before = files(folder.path)
        folder.path.rename(tmp_path / "away")
        assert folder.make_again()
        assert files(folder.path) == before
        with pytest.raises(FolderInUse), reopen(folder.path):
            pass


def test_a_folder_that_another_run_has_taken_is_left_alone(tmp_path: Path) -> None:
    """Whether that run is still under way or was interrupted."""
    with create(tmp_path, CONFIG) as folder:
        folder.path.rename(tmp_path / "away")
        with create(tmp_path, CONFIG) as other:
            assert other.path == folder.path
            with pytest.raises(FolderInUse):
                folder.make_again()
        for _ in range(2):
            with pytest.raises(CommandFailed, match="belongs to another run by now"):
                folder.make_again()
            assert not folder.lock.is_held()


def test_a_folder_that_cannot_be_made_again_is_not_taken_for_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the attempt is left, so that the next one makes all of it."""

    def fail(_: Beginning) -> bytes:
        raise CommandFailed("the disk is full")

    with create(tmp_path, CONFIG) as folder:
        folder.path.rename(tmp_path / "away")
        with monkeypatch.context() as patch:
            patch.setattr(Beginning, "input_json", fail)
            with pytest.raises(CommandFailed, match="the disk is full"):
                folder.make_again()
        assert folder.make_again()
        assert files(folder.path) == files(tmp_path / "away")


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_run_continues_though_what_it_began_with_is_damaged(interrupted: Path, damage: bytes | None) -> None:
    """By the copy, from which the file is made whole again."""
    file = interrupted / "state" / beginning.FILE_NAME
    before = file.read_bytes()
    file.unlink()
    if damage is not None:
        file.write_bytes(damage)
    with reopen(interrupted) as folder:
        assert folder.beginning == Beginning.of(interrupted.name, CONFIG)
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["state/run.npz", ".abc.unfinished", "state/island-0-1.npz"])
def test_a_folder_where_a_file_belongs_is_in_nobodys_way(interrupted: Path, name: str) -> None:
    """The run continues all the same."""
    (interrupted / name).unlink(missing_ok=True)
    (interrupted / name / "somebodys").mkdir(parents=True)
    with reopen(interrupted) as folder:
        assert kept_epochs.load(folder.state, folder.beginning).epoch == 0
        kept_epochs.tidy(folder.state, 3)


def test_a_folder_in_place_of_the_configuration_is_named(interrupted: Path) -> None:
    (interrupted / "input.json").unlink()
    (interrupted / "input.json").mkdir()
    with pytest.raises(CommandFailed, match=r"input\.json .*it cannot be read: Is a directory"), reopen(interrupted):
        pass


def test_what_a_killed_writer_left_is_swept_away(interrupted: Path) -> None:
    """Once the folder is owned again."""
    left = interrupted / ".0123456789abcdef.unfinished"
    left.touch()
    with reopen(interrupted):
        assert not left.exists()


def rewrite(path: Path, code: str, evolution: str = "") -> None:
    """Write what a run was begun with as another version of the code would have."""
    file = path / "state" / beginning.FILE_NAME
    begun = beginning.read(file, path.name)
    atomic.write(file, replace(begun, code=code, evolution=evolution or begun.evolution).to_bytes())


def test_code_that_evolves_otherwise_does_not_continue_a_run(interrupted: Path) -> None:
    """The message names both versions, and says what to do."""
    rewrite(interrupted, code="0.0.9+aaaa", evolution="bbbb")
    with (
        pytest.raises(CommandFailed, match=r"by worstsort 0\.0\.9\+aaaa, and this is .* Continue it with the former"),
        reopen(interrupted),
    ):
        pass


def test_code_that_evolves_alike_continues_a_run(interrupted: Path) -> None:
    """Whatever else has changed in it."""
    rewrite(interrupted, code="0.0.9+aaaa")
    with reopen(interrupted) as folder:
        assert folder.beginning.config == CONFIG


def test_a_renamed_folder_is_refused(interrupted: Path) -> None:
    """A run is continued under its own name only."""
    renamed = interrupted.rename(interrupted.with_name("mine"))
    with (
        pytest.raises(CommandFailed, match=rf"expected .* run_id mine, found .* run_id {interrupted.name}"),
        reopen(renamed),
    ):
        pass


@pytest.mark.parametrize("present", [False, True])
def test_a_folder_without_a_run_cannot_be_continued(tmp_path: Path, present: bool) -> None:  # noqa: FBT001 - a parameter
    """Whether there is such a folder or not; nothing is written there."""
    if present:
        (tmp_path / "nobody").mkdir()
    with (
        pytest.raises(CommandFailed, match=r"there is no run in .*nobody that could be continued"),
        reopen(tmp_path / "nobody"),
    ):
        pass
    assert files(tmp_path) == ({"nobody"} if present else set())


def test_a_run_that_cannot_begin_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is free again."""

    def fail(_: RunFolder) -> None:
        raise CommandFailed("the disk is full")

    monkeypatch.setattr(RunFolder, "begin", fail)
    with pytest.raises(CommandFailed, match="the disk is full"), create(tmp_path, CONFIG):
        pass
    assert files(tmp_path) == set()
