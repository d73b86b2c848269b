"""The parts of the code base, and where the tests are that could notice a fault in each."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from tools.mutants.mutant import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


class Part(NamedTuple):
    """A part of the code base.

    Attributes:
        sources: Files and folders, below the root.
        near: The tests that are written for them.
    """

    sources: tuple[str, ...]
    near: tuple[str, ...]


LIBRARY = "layers/evolution/worstsort"

PARTS = {
    "foundation": Part(
        (
            *(f"{LIBRARY}/{name}.py" for name in ("__init__", "lazy", "plain_text", "plugins")),
            f"{LIBRARY}/machine_code",
        ),
        ("tests/unit/test_plain_text.py", "tests/unit/gosort/test_registry.py", "tests/unit/library"),
    ),
    "foreign": Part((f"{LIBRARY}/foreign",), ("tests/unit/foreign",)),
    "gosort": Part((f"{LIBRARY}/gosort",), ("tests/unit/gosort",)),
    "genetic": Part((f"{LIBRARY}/genetic",), ("tests/unit/genetic", "tests/unit/runs/test_pinned_evolution.py")),
    "runs": Part((f"{LIBRARY}/runs",), ("tests/unit/runs",)),
    "storage": Part((f"{LIBRARY}/storage",), ("tests/unit/storage", "tests/integration/storage")),
    "control": Part(
        (f"{LIBRARY}/control", f"{LIBRARY}/runtime", "functions"),
        (
            "tests/unit/control",
            "tests/unit/runtime",
            "tests/unit/functions",
            "tests/integration/control",
            "tests/integration/functions",
        ),
    ),
    "worker": Part((f"{LIBRARY}/worker", "batch_worker"), ("tests/unit/worker", "tests/integration/worker")),
    "analysis": Part((f"{LIBRARY}/analysis",), ("tests/unit/analysis",)),
    "artefacts": Part((f"{LIBRARY}/artefacts", f"{LIBRARY}/library"), ("tests/unit/artefacts", "tests/unit/library")),
    "command": Part(("cli",), ("tests/unit/cli", "tests/integration/cli")),
    "embedded": Part(("embedded",), ("tests/unit/embedded", "tests/integration/embedded")),
    "template": Part(("template.yaml",), ("tests/unit/template",)),
    "machine": Part(("statemachine/evolve.asl.json",), ("tests/unit/template",)),
}

_IMPORT_ROOTS = ("layers/evolution/", "cli/", "embedded/", "batch_worker/")


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


def near_to(path: str) -> tuple[str, ...]:
    """Return the tests that are the first to notice a fault in a file.

    These are the unit and integration tests that import it, those first that are named after it; then those of its part
    that import what imports it, the fewer steps away, the sooner; and then all others of its part.

    Args:
        path: Of a file of the code base, below the root.
    """
    part = part_of(path)
    near = PARTS[part].near if part else ()
    steps = _steps_to_tests(_module(path))
    name = f"test_{PurePosixPath(path).stem}.py"
    tests = [test for test, number in steps.items() if number == 0 or any(_is_in(test, place) for place in near)]
    return (*sorted(tests, key=lambda test: (steps[test], PurePosixPath(test).name != name)), *near)


def _is_in(test: str, place: str) -> bool:
    return test == place or test.startswith(f"{place}/")


def _module(path: str) -> str:
    for root in _IMPORT_ROOTS:
        path = path.removeprefix(root)
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _steps_to_tests(module: str) -> dict[str, int]:
    """Return the tests that import a module, and how many modules stand between, the nearest first."""
    importers = _importers()
    steps: dict[str, int] = {}
    seen, reached, number = {module}, [module], 0
    while reached:
        found = sorted({importer for name in reached for importer in importers.get(name, ())} - seen)
        seen.update(found)
        steps |= {importer: number for importer in found if importer.startswith("tests/")}
        reached = [importer for importer in found if not importer.startswith("tests/")]
        number += 1
    return steps


@cache
def _importers() -> dict[str, set[str]]:
    """Return which modules of the code base, and which test files, import a module, by the module's name."""
    found: dict[str, set[str]] = {}
    tests = [file for folder in ("unit", "integration") for file in (ROOT / "tests" / folder).rglob("test_*.py")]
    sources = [ROOT / path for part in PARTS for path in files(part) if path.endswith(".py")]
    for file in (*tests, *sources):
        path = file.relative_to(ROOT).as_posix()
        importer = path if path.startswith("tests/") else _module(path)
        for name in set(_imported(ast.parse(file.read_text(encoding="utf-8")))):
            found.setdefault(name, set()).add(importer)
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the names of all that is imported: of a name from a module, both the module's and the two together."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
