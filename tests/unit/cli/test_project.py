"""Where the project is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.command import ROOT
from worstsort_cli.project import project_root

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_working_directorys_own_project_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "statemachine").mkdir()
    for name in ("template.yaml", "statemachine/evolve.asl.json"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert project_root() == tmp_path


def test_a_working_directory_that_was_removed_holds_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next place is looked at, and nothing fails for it."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert project_root() == ROOT
