"""How commands speak: JSON for programs, tables and lines for people.

Everything that is printed goes through here. Text is shown as it is: no markup is read in it, and no control sequence
in it reaches the terminal, whoever wrote the file or the name that it comes from.
"""

from __future__ import annotations

import io
import json
import os
import sys
import textwrap
from typing import IO, TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from worstsort.plain_text import visible, visible_lines
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTINUED_INDENT = 4
"""Columns by which the continuation of a wrapped line is further in than its beginning."""

_MIN_WRAP_COLUMNS = 20

_PIPE_COLUMNS = 240
"""Width where there is no terminal, so that nothing is cut off."""


_ANY_COLUMNS = 10_000
"""More than any table is wide."""


class ReaderLeft(Exception):
    """Whoever read the output has enough, as `head` does: there is nothing more to do."""


class _Console(Console):
    """A console whose reader may leave, or whose disk may be full: what is said after that goes nowhere.

    The command does its work all the same.
    """

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, unless nothing can be printed any more."""
        try:
            super().print(*objects, **options)
        except OSError:
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Say nothing more."""
        self.quiet = True
        _discard(self.file)


def open_closed_streams() -> None:
    """Give a process the standard streams that it was started without, as by cron: what is said there goes nowhere.

    Otherwise the next file or socket would take the place of a stream, and be printed into.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest free number, which is this one
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def console(*, stderr: bool = False) -> Console:
    """Return the console that people read; rich honours NO_COLOR, and a pipe gets neither colours nor line breaks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # where the terminal has no such letter
    plain = _Console(stderr=stderr)
    return plain if plain.is_terminal else _Console(stderr=stderr, width=_PIPE_COLUMNS)


def text(content: str, style: str = "") -> Text:
    """Return text for a console, which reads no markup in it and gets no control characters from it."""
    return Text(visible(content), style)


def print_json(value: Any) -> None:
    """Print one JSON document on standard output; raises ReaderLeft if nobody reads it."""
    document = json.dumps(value).replace("\x7f", "\\u007f")  # the one control character that JSON lets through
    _write(f"{document}\n".encode())


def print_line(line: str, to: Console | None = None, *, style: str = "") -> None:
    """Print one line, not wrapped, on standard output or another console."""
    (to or console()).print(text(line, style), highlight=False, soft_wrap=True)


def print_wrapped(line: str, to: Console, *, style: str = "") -> None:
    """Print one line, in a terminal wrapped on words and continued further in; elsewhere it stays one."""
    if not to.is_terminal:
        print_line(line, to, style=style)
        return
    indent = len(line) - len(line.lstrip()) + _CONTINUED_INDENT
    parts = textwrap.wrap(
        line, max(to.width, _MIN_WRAP_COLUMNS), subsequent_indent=" " * indent, drop_whitespace=True,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    for part in parts:
        print_line(part, to, style=style)


def print_result(line: str) -> None:
    """Print one line of many on standard output; raises ReaderLeft as soon as nobody reads on."""
    _write(f"{visible(line)}\n".encode())


def print_file(content: bytes) -> None:
    """Print the content of a file on standard output; raises ReaderLeft if nobody reads it."""
    _write(content)


def print_error(message: str) -> None:
    """Print a message on standard error, line by line."""
    try:
        click.echo(visible_lines(message), err=True)
    except OSError:
        _discard(sys.stderr)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with a header; numbers are right-aligned, None leaves a cell empty.

    In a terminal that is too narrow for it, each row is a paragraph instead, with a line for each cell that is not
    empty: a figure that is cut is none.
    """
    content = [list(row) for row in rows]
    printer = console()
    table = _table(columns, content)
    if Measurement.get(printer, printer.options.update(max_width=_ANY_COLUMNS), table).maximum <= printer.width:
        printer.print(table, highlight=False)
    else:
        printer.print(_paragraphs(columns, content), highlight=False, soft_wrap=True)
    if printer.quiet:
        raise ReaderLeft


def _table(columns: Sequence[str], content: Sequence[Sequence[object]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in content)
        table.add_column(text(column), justify="right" if numeric else "left", no_wrap=True)
    for row in content:
        table.add_row(*(text(_cell(value)) for value in row))
    return table


def _paragraphs(columns: Sequence[str], content: Sequence[Sequence[object]]) -> Text:
    indent = max(map(len, columns)) + 2
    paragraphs = []
    for row in content:
        filled = [(column, _cell(value)) for column, value in zip(columns, row, strict=True) if _cell(value)]
        lines = (Text.assemble(text(f"{column:<{indent}}", "bold"), text(cell)) for column, cell in filled)
        paragraphs.append(Text("\n").join(lines))
    return Text("\n\n").join(paragraphs)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _write(content: bytes) -> None:
    try:
        click.echo(content, nl=False)
    except BrokenPipeError as error:
        _discard(sys.stdout)
        raise ReaderLeft from error
    except OSError as error:
        _discard(sys.stdout)
        raise CommandFailed(f"standard output cannot be written ({error.strerror})") from error


def _discard(stream: IO[str]) -> None:
    """Let what a stream still holds, and all that follows, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
