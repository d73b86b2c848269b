"""Which mutants are tried: drawn by a seed from the lines of parts, or from those that changed since a commit."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tools.mutants.mutant import ROOT, Mutant
from tools.mutants.parts import PARTS, files, part_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

    Faults = dict[int, list[Callable[[], Mutant]]]

EQUIVALENT = Path(__file__).parent / "equivalent.toml"

Line = tuple[str, int]
"""A file below the root, and a line of it, from 1."""


def lines_of(parts: Iterable[str]) -> list[Line]:
    """Return all lines of parts of the code base."""
    paths = [path for part in parts for path in files(part)]
    return [(path, line) for path in paths for line in range(1, _count_lines(path) + 1)]


def lines_since(commit: str) -> list[Line]:
    """Return the lines of the parts that are not as in a commit, those of files that git does not know yet included."""
    changed = _changed_lines(_git("diff", "--unified=0", "--no-color", "--no-ext-diff", commit))
    new = _git("ls-files", "--others", "--exclude-standard").splitlines()
    changed += [(path, line) for path in new if part_of(path) for line in range(1, _count_lines(path) + 1)]
    return sorted((path, line) for path, line in changed if part_of(path) and _may_be_mutated(path))


def _may_be_mutated(path: str) -> bool:
    return path.endswith(".py") or path in {source for part in PARTS.values() for source in part.sources}


def _changed_lines(diff: str) -> list[Line]:
    """Return the lines that stand in the newer files of a diff without context."""
    changed: list[Line] = []
    path = ""
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/")
        elif line.startswith("@@"):
            first, _, count = line.split()[2].removeprefix("+").partition(",")
            changed += [(path, int(first) + number) for number in range(int(count or 1))]
    return changed


def draw(lines: Iterable[Line], random: Random, faults_of: Callable[[str], Faults]) -> Iterator[Mutant]:
    """Draw a line and then a fault in it, so that no line counts more for having many, and no line twice.

    Faults that are listed as equivalent are passed over.

    Args:
        lines: The lines to draw from.
        random: The same state draws the same mutants.
        faults_of: Returns the faults of a file by line; called for the files that are drawn, once each.
    """
    shuffled = sorted(lines)
    random.shuffle(shuffled)
    faults, passed_over = cache(faults_of), _equivalent()
    for path, line in shuffled:
        if line not in faults(path):
            continue
        mutant = random.choice(faults(path)[line])()
        if (mutant.path, mutant.before, mutant.after) not in passed_over:
            yield mutant


def _equivalent() -> set[tuple[str, str, str]]:
    """Return the faults that make no difference, each as its file, what stands there, and what stands there instead."""
    return {(entry["path"], entry["before"], entry["after"]) for entry in entries()}


def entries() -> list[dict[str, str]]:
    """Return the list of equivalent faults as it stands in its file, with the reasons."""
    found: list[dict[str, str]] = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    return found


def commit() -> str:
    """Return the hash of the commit that the code base is at; without git, a word that stands for it."""
    try:
        return _git("rev-parse", "HEAD").strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    """Return what git says about the code base."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _count_lines(path: str) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())
