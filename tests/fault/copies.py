"""Copies of the project with one change."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.fault.harness import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_PARTS = ("template.yaml", "statemachine", "functions", "layers", "batch_worker")


def copy_project(folder: Path) -> Path:
    """Copy everything that the embedded cloud runs into another folder."""
    folder.mkdir(parents=True)
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("python"))
        else:
            shutil.copy2(source, folder / part)
    return folder


def change(path: Path, before: str, after: str) -> None:
    """Replace a piece of code that occurs exactly once."""
    text = path.read_text()
    assert text.count(before) == 1, f"{before!r} is in {path} {text.count(before)} times"
    path.write_text(text.replace(before, after))
