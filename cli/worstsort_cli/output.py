"""How commands speak: JSON for programs, tables and lines for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PIPE_WIDTH = 240
"""Columns where there is no terminal: nothing is cut off there."""


def console(*, stderr: bool = False) -> Console:
    """Where people read; rich honours NO_COLOR, and a pipe gets neither colours nor line breaks."""
    plain = Console(stderr=stderr)
    return plain if plain.is_terminal else Console(stderr=stderr, width=_PIPE_WIDTH)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value))


def print_line(text: str, style: str = "") -> None:
    """A line that is neither wrapped nor coloured by its content."""
    console().print(text, style=style or None, highlight=False, soft_wrap=True, markup=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table under a header; numbers are set to the right, None is left empty."""
    content = [list(row) for row in rows]
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in content)
        table.add_column(column, justify="right" if numeric else "left", no_wrap=True)
    for row in content:
        table.add_row(*(_cell(value) for value in row))
    console().print(table, highlight=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
