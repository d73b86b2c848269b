"""Every error that the code defines is raised, by its name, in a test that makes its condition true."""

from __future__ import annotations

import ast
import builtins
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES = ("layers/evolution", "cli", "embedded", "functions", "batch_worker", "tools")

SEEN_OTHERWISE = {
    "RunError": "the base of a run's errors; no code raises it",
    "Refusal": "the guard answers with its status and code: tests/unit/embedded/serving/test_guard.py",
    "CannotLoad": "a foreign sort's own process raises it, and tells of it: tests/unit/foreign/test_misbehaving.py",
    "ChildEnded": "the player says what it means for the sort: tests/unit/foreign/test_misbehaving.py",
    "ZygoteDied": "the owner starts another zygote: tests/integration/embedded/test_processes.py",
}
"""Errors that no test can await, each with the reason."""


@cache
def modules(folder: Path) -> list[ast.Module]:
    """Return the modules below a folder."""
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))]


def classes() -> dict[str, list[str]]:
    """Return the names of all public classes of the code, each with the names of its bases."""
    nodes = (node for source in SOURCES for module in modules(ROOT / source) for node in ast.walk(module))
    found = (node for node in nodes if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))
    return {node.name: [ast.unparse(base) for base in node.bases] for node in found}


def errors() -> list[str]:
    """Return the names of the classes that are exceptions."""
    known = classes()

    def is_error(name: str) -> bool:
        own = getattr(builtins, name, None)
        return (isinstance(own, type) and issubclass(own, BaseException)) or any(map(is_error, known.get(name, [])))

    return sorted(filter(is_error, known))


@cache
def awaited() -> frozenset[str]:
    """Return what tests name in `pytest.raises`."""
    return frozenset(_awaited())


def _awaited() -> Iterator[str]:
    for module in modules(ROOT / "tests"):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.raises" and node.args:
                yield from (name.id for name in ast.walk(node.args[0]) if isinstance(name, ast.Name))
                yield from (name.attr for name in ast.walk(node.args[0]) if isinstance(name, ast.Attribute))


@pytest.mark.parametrize("name", errors())
def test_an_error_is_raised_in_a_test(name: str) -> None:
    """Or it is listed with the reason why none can await it."""
    assert (name in awaited()) is not (name in SEEN_OTHERWISE)


def test_the_list_of_those_that_are_seen_otherwise_is_up_to_date() -> None:
    """Each of them exists."""
    assert set(SEEN_OTHERWISE) <= set(errors())
    assert "CheckpointCorrupt" in errors()
