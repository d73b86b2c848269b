"""The package that a Go file belongs to: that of the files beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PACKAGE = "worstcase"
"""Where there is no other Go file."""

_KEYWORD = re.compile(
    "break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|"
    "range|return|select|struct|switch|type|var"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_CLAUSE = re.compile(r"\s*package\s+(\w+)")
_IGNORED = re.compile(r"^//\s*(?:go:build|\+build)\s+ignore\b", re.MULTILINE)
"""A program of its own that lies beside a package, such as a generator."""


class PackageName(click.ParamType[str]):
    """A name that a Go package can have."""

    name = "package"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or refuse it."""
        if not _IDENTIFIER.fullmatch(value) or _KEYWORD.fullmatch(value) or value == "_":
            self.fail(f"{value!r} is not the name of a Go package: letters, digits and _, and no keyword.", param, ctx)
        return str(value)


def beside(output: Path) -> str:
    """Return the package of the Go files in the folder of a file that is to be written.

    A file that is only a test may be in an external package, whose name ends with _test; that of the other files counts
    before it.

    Raises:
        CommandFailed: The files belong to several packages.
    """
    paths = [path for path in sorted(output.resolve().parent.glob("*.go")) if path != output.resolve()]
    for is_test in (False, True):
        found = {_package(path) for path in paths if path.name.endswith("_test.go") is is_test} - {None}
        if len(found) > 1:
            names = ", ".join(sorted(filter(None, found)))
            choice = f"choose one with --package: {names}"
            raise CommandFailed(f"the Go files beside {output} belong to several packages: {choice}")
        for name in filter(None, found):
            return name
    return DEFAULT_PACKAGE


def _package(path: Path) -> str | None:
    """Return the package that a file says it belongs to; None if it says none, or is ignored by its package."""
    try:
        source = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    clause = _CLAUSE.match(_COMMENT.sub(" ", source))
    return None if clause is None or _IGNORED.search(source) else clause[1]
