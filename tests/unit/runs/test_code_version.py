"""Which changes of the code change its versions."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import worstsort

LAYER = Path(worstsort.__file__).parents[1]

PRINT = "from worstsort.runs.code_version import *; print(code_version(), evolution_version())"


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """Copy the layer."""
    ignored = shutil.ignore_patterns("__pycache__", "python")
    return Path(shutil.copytree(LAYER, tmp_path / "layer", ignore=ignored))


def versions(layer: Path) -> list[str]:
    """Return the versions of the code and of its evolution, as a process finds them that runs the code."""
    command = [sys.executable, "-B", "-c", PRINT]
    printed = subprocess.run(command, env={"PYTHONPATH": str(layer)}, check=True, capture_output=True, text=True).stdout
    return printed.split()


@pytest.mark.long
@pytest.mark.parametrize("part", ["genetic", "gosort", "runs", "worker"])
def test_a_change_to_what_evolves_changes_both_versions(layer: Path, part: str) -> None:
    """In any of its modules; nobody has to decide whether the change matters."""
    before = versions(layer)
    changed = max((layer / "worstsort" / part).rglob("*.py"))
    changed.write_text(changed.read_text() + "\n")
    assert all(was != now for was, now in zip(before, versions(layer), strict=True))


@pytest.mark.long
@pytest.mark.parametrize("part", ["artefacts", "control", "library", "runtime", "storage"])
def test_a_change_to_anything_else_leaves_the_evolutions_version(layer: Path, part: str) -> None:
    """What a run has evolved is still what this code would have evolved."""
    before = versions(layer)
    changed = max((layer / "worstsort" / part).rglob("*.py"))
    changed.write_text(changed.read_text() + "\n")
    after = versions(layer)
    assert after[0] != before[0]
    assert after[1] == before[1]


@pytest.mark.long
def test_another_version_of_a_package_that_brings_sorts_changes_the_evolutions_version(layer: Path) -> None:
    """A sort may have been mended in it."""
    package = layer / "sorts-1.0.dist-info"
    package.mkdir()
    (package / "entry_points.txt").write_text("[worstsort.targets]\nmine = nowhere:nothing\n")
    found = []
    for version in ("1.0", "1.1"):
        (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: sorts\nVersion: {version}\n")
        found.append(versions(layer))
    assert found[0][0] == found[1][0]
    assert found[0][1] != found[1][1]
