"""The parts of the house, and where the tests are that could notice a fault in each."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from tools.mutants.mutant import ROOT


class Part(NamedTuple):
    """A part of the house.

    Attributes:
        sources: Files and folders, below the root.
        near: The tests that are written for them, which are run first.
    """

    sources: tuple[str, ...]
    near: tuple[str, ...]


LIBRARY = "layers/evolution/worstsort"

PARTS = {
    "gosort": Part((f"{LIBRARY}/gosort",), ("tests/unit/gosort",)),
    "genetic": Part((f"{LIBRARY}/genetic",), ("tests/unit/genetic", "tests/unit/runs/test_pinned_evolution.py")),
    "runs": Part((f"{LIBRARY}/runs",), ("tests/unit/runs",)),
    "storage": Part((f"{LIBRARY}/storage",), ("tests/unit/storage", "tests/integration/storage")),
    "control": Part(
        (f"{LIBRARY}/control", f"{LIBRARY}/runtime", "functions"),
        ("tests/unit/control", "tests/unit/runtime", "tests/integration/control", "tests/integration/functions"),
    ),
    "worker": Part((f"{LIBRARY}/worker", "batch_worker"), ("tests/unit/worker",)),
    "artefacts": Part((f"{LIBRARY}/artefacts", f"{LIBRARY}/library"), ("tests/unit/artefacts", "tests/unit/library")),
    "command": Part(("cli",), ("tests/unit/cli",)),
    "embedded": Part(("embedded",), ("tests/integration/embedded",)),
    "template": Part(("template.yaml",), ("tests/unit/template",)),
    "machine": Part(("statemachine/evolve.asl.json",), ("tests/unit/template",)),
}


def files(part: str) -> list[str]:
    """Return the files of a part, below the root."""
    found = []
    for source in PARTS[part].sources:
        path = ROOT / source
        found += (
            [source] if path.is_file() else sorted(file.relative_to(ROOT).as_posix() for file in path.rglob("*.py"))
        )
    return found


def part_of(path: str) -> str | None:
    """Return the part that a file belongs to; None for tests, pages and the like."""
    folders = {str(folder) for folder in (PurePosixPath(path), *PurePosixPath(path).parents)}
    return next((name for name, part in PARTS.items() if folders & set(part.sources)), None)
