"""The manifest of a sweep, and who may work on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from worstsort.runs.errors import InputRefused
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.sweep_folder import manifest
from worstsort_cli.files.sweep_folder.grid import PlannedRun, plan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runs() -> list[PlannedRun]:
    """Plan four runs."""
    return plan({"preset": "classic", "size": 40}, [1, 2], {"population": [50, 60]})


def test_a_sweep_is_read_as_it_began(tmp_path: Path, runs: list[PlannedRun]) -> None:
    """To begin it again is to go on."""
    begun = manifest.begin(tmp_path / "s", runs, None)
    assert manifest.read(tmp_path / "s") == manifest.begin(tmp_path / "s", runs, None) == begun
    assert list(begun.runs) == runs


def test_the_same_runs_have_the_same_name_and_others_another(runs: list[PlannedRun]) -> None:
    """It says what is varied, and how many runs there are."""
    assert manifest.name_of(runs).startswith("population-4runs-")
    assert manifest.name_of(runs[:2]) != manifest.name_of(runs[2:])


def test_another_sweep_of_the_same_name_is_refused(tmp_path: Path, runs: list[PlannedRun]) -> None:
    """Nothing of the one that is there changes."""
    manifest.begin(tmp_path / "s", runs, None)
    for others, stack in ((runs[:2], None), (runs, "prod")):
        with pytest.raises(CommandFailed, match="has another sweep, of 4 runs; --name"):
            manifest.begin(tmp_path / "s", others, stack)
    assert list(manifest.read(tmp_path / "s").runs) == runs


def test_one_process_works_on_a_sweep_at_a_time(tmp_path: Path, runs: list[PlannedRun]) -> None:
    """The other is told which one does."""
    begun = manifest.begin(tmp_path / "s", runs, None)
    with begun.owned(), pytest.raises(CommandFailed, match="is in use: process"), begun.owned():
        pass
    with begun.owned():
        pass


def test_a_sweep_of_code_that_evolves_otherwise_is_not_gone_on_with(tmp_path: Path, runs: list[PlannedRun]) -> None:
    """Its runs would be compared with runs that are no equals."""
    manifest.begin(tmp_path / "s", runs, None)
    file = tmp_path / "s" / manifest.FILE_NAME
    file.write_text(json.dumps(json.loads(file.read_text()) | {"evolution": "other"}))
    with pytest.raises(CommandFailed, match="evolves otherwise"), manifest.read(tmp_path / "s").owned():
        pass


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version: given 2"),
        ({"more": 1}, "more: given 1, allowed: no such field"),
        ({"runs": [{"run_id": "../x", "configuration": "", "settings": {}, "config": {}}]}, "run_id: given '../x'"),
        ({"runs": [{"run_id": "x", "configuration": "", "settings": {}, "config": {"size": 0}}]}, "size: given 0"),
    ],
)
def test_a_damaged_manifest_is_refused_by_the_field(
    tmp_path: Path, runs: list[PlannedRun], change: dict[str, object], said: str
) -> None:
    """A run's id is never a way out of the folder."""
    manifest.begin(tmp_path / "s", runs, None)
    file = tmp_path / "s" / manifest.FILE_NAME
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(InputRefused, match=said):
        manifest.read(tmp_path / "s")


def test_a_folder_without_a_manifest_is_no_sweep(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(CommandFailed, match=r"there is no sweep in .*sweep\.json cannot be read"):
        manifest.read(tmp_path)
