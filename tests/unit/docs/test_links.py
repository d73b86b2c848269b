"""Links, paths and module names in the documentation lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

import pytest

from worstsort.genetic import registry as operators
from worstsort.gosort import registry as targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted(path for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md") for path in ROOT.glob(pattern))
SOURCES = ("batch_worker", "benchmarks", "cli", "embedded", "examples", "functions", "layers", "tests", "tools")
FOLDERS = (*SOURCES, "docs", "requirements", "statemachine")

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?[^)]*\)")
CODE_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
DOTTED_NAME = re.compile(r"(?<![\w/])worstsort(?:_cli|_embedded)?(?:\.[A-Za-z_]\w*)+")


def broken_links(document: Path) -> Iterator[str]:
    """Yield the relative links that lead to no file, or to no heading of a document."""
    for target, heading in LINK.findall(document.read_text()):
        path = document.parent / target if target else document
        if not path.exists() or (heading and heading not in anchors(path)):
            yield f"{target}#{heading}" if heading else target


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing_paths(document: Path) -> Iterator[str]:
    """Yield the code spans that name a file or folder of the project which does not exist."""
    for span in CODE_SPAN.findall(document.read_text()):
        inside = span.partition("/")[0] in FOLDERS
        if PATH.fullmatch(span) and (inside or span.endswith(".py")) and not exists(span):
            yield span


def exists(path: str) -> bool:
    """Return whether a path exists from the project's root or, for a Python file, from any folder of the sources."""
    if (ROOT / path).exists():
        return True
    return path.endswith(".py") and any(True for folder in SOURCES for _ in (ROOT / folder).rglob(path))


def unknown_names(document: Path) -> Iterator[str]:
    """Yield the dotted names of the project's packages, in code spans and blocks, that cannot be imported."""
    for name in set(DOTTED_NAME.findall(document.read_text())) - {
        operators.ENTRY_POINT_GROUP,
        targets.ENTRY_POINT_GROUP,
        "worstsort.h",  # a file
    }:
        try:
            resolve_name(name)
        except (ImportError, AttributeError):
            yield name


@cache
def known_tests() -> frozenset[str]:
    """Return the names of all test functions."""
    texts = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE))


def unknown_tests(document: Path) -> Iterator[str]:
    """Yield the code spans that name a test function which does not exist."""
    for span in CODE_SPAN.findall(document.read_text()):
        if re.fullmatch(r"test_\w+", span) and span not in known_tests():
            yield span


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_that_a_document_points_to_exists(document: Path) -> None:
    """Relative links, dotted names of the packages, and paths and tests in code spans."""
    assert list(broken_links(document)) == []
    assert list(missing_paths(document)) == []
    assert list(unknown_names(document)) == []
    assert list(unknown_tests(document)) == []


@pytest.mark.parametrize(
    ("find", "text", "found"),
    [
        (broken_links, "[there](docs/architecture.md)", ["docs/architecture.md"]),
        (broken_links, "# One heading\n[right](#one-heading) [wrong](#another-heading)", ["#another-heading"]),
        (missing_paths, "`docs/nowhere.md` `layers/evolution` `runs/1/page.html`", ["docs/nowhere.md"]),
        (missing_paths, "`storage/keys.py` `storage/no_such_keys.py`", ["storage/no_such_keys.py"]),
        (
            unknown_names,
            "`worstsort.storage.keys` `worstsort.storage.no_such_keys`",
            ["worstsort.storage.no_such_keys"],
        ),
        (unknown_tests, "`test_what_leads_nowhere_is_found` `test_no_such_thing`", ["test_no_such_thing"]),
        (unknown_names, "`worstsort.gosort.no_such_name(x)`", ["worstsort.gosort.no_such_name"]),
    ],
)
def test_what_leads_nowhere_is_found(
    tmp_path: Path, find: Callable[[Path], Iterator[str]], text: str, found: list[str]
) -> None:
    """In a document with one wrong reference."""
    document = tmp_path / "document.md"
    document.write_text(text)
    assert list(find(document)) == found
