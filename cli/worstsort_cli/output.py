"""How commands speak: JSON for programs, tables and lines for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PIPE_COLUMNS = 240
"""Width where there is no terminal, so that nothing is cut off."""


def console(*, stderr: bool = False) -> Console:
    """Return the console that people read; rich honours NO_COLOR, and a pipe gets neither colours nor line breaks."""
    plain = Console(stderr=stderr)
    return plain if plain.is_terminal else Console(stderr=stderr, width=_PIPE_COLUMNS)


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(value))


def print_line(text: str, to: Console | None = None) -> None:
    """Print a line as it is: not wrapped, and not coloured by its content."""
    (to or console()).print(text, highlight=False, soft_wrap=True, markup=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with a header; numbers are right-aligned, None leaves a cell empty."""
    content = [list(row) for row in rows]
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in content)
        table.add_column(column, justify="right" if numeric else "left", no_wrap=True)
    for row in content:
        table.add_row(*map(_cell, row))
    console().print(table, highlight=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
