"""Which mutants are drawn."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tools.mutants import drawing
from tools.mutants.mutant import ROOT, Mutant, make
from tools.mutants.parts import files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LINES = [("a.py", line) for line in range(1, 100)]


def faults_of(path: str) -> drawing.Faults:
    """Return two faults in every second line."""
    built = {
        line: [make(path, line, f"x = {line}", f"y = {line}"), make(path, line, f"x = {line}", f"z = {line}")]
        for line in range(2, 100, 2)
    }
    return {line: [partial(replace, mutant) for mutant in mutants] for line, mutants in built.items()}


def drawn(seed: str, lines: list[drawing.Line] = LINES) -> list[Mutant]:
    return list(drawing.draw(lines, Random(seed), faults_of))


def test_the_same_seed_draws_the_same_mutants_whatever_the_order_of_the_lines() -> None:
    """A sample can be repeated, and another commit draws another one."""
    assert drawn("a") == drawn("a", LINES[::-1]) != drawn("b")


def test_each_line_with_a_fault_is_drawn_once() -> None:
    """However many faults it can have, and none that has no fault."""
    assert sorted(mutant.line for mutant in drawn("a")) == list(range(2, 100, 2))


def test_equivalent_mutants_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are known by their file and by what stands there before and after."""
    listed = tmp_path / "equivalent.toml"
    listed.write_text('[[mutant]]\npath = "a.py"\nbefore = "x = 2"\nafter = "y = 2"\nreason = "a test"\n')
    monkeypatch.setattr(drawing, "EQUIVALENT", listed)
    seen = {mutant.after for seed in "abcdefghij" for mutant in drawn(seed) if mutant.line == 2}
    assert seen == {"z = 2"}


def test_each_equivalent_mutant_is_of_today_and_has_its_reason() -> None:
    """An entry whose line is gone would hide a fault that comes to stand there."""
    for entry in drawing.entries():
        assert entry["reason"]
        source = (ROOT / entry["path"]).read_text()
        assert entry["before"] in " ".join(line.strip() for line in source.splitlines()), entry


def test_lines_since_a_commit_are_those_that_differ_and_those_of_new_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only of what belongs to a part: a page or a test has no faults."""

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=tmp_path, check=True)

    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "old.py").write_text("a\nb\nc\nd\n")
    (tmp_path / "cli" / "gone.py").write_text("a\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    (tmp_path / "cli" / "old.py").write_text("a\nB\nc\nd\ne\nf\n")
    (tmp_path / "cli" / "gone.py").unlink()
    (tmp_path / "cli" / "new.py").write_text("x\ny\n")
    (tmp_path / "README.md").write_text("a page\n")
    monkeypatch.setattr(drawing, "ROOT", tmp_path)
    assert drawing.lines_since("HEAD") == [
        ("cli/new.py", 1),
        ("cli/new.py", 2),
        ("cli/old.py", 2),
        ("cli/old.py", 5),
        ("cli/old.py", 6),
    ]


def test_all_lines_of_a_part_can_be_drawn() -> None:
    """From the first to the last of each of its files."""
    lines = drawing.lines_of(["worker"])
    assert {path for path, _ in lines} == {path for path in files("worker") if (ROOT / path).read_text()}
    assert [line for path, line in lines if path == "batch_worker/evolve_island.py"] == list(
        range(1, len((ROOT / "batch_worker/evolve_island.py").read_text().splitlines()) + 1)
    )
