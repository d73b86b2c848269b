"""`worstsort data`: what runs did, as one tidy table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from worstsort.analysis import tidy
from worstsort.plain_text import visible_lines
from worstsort_cli import options
from worstsort_cli.clouds import recorded
from worstsort_cli.clouds.this_machine import complete_runs_and_sweeps, folder_option
from worstsort_cli.files import atomic
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.output import console, print_file, print_line

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("names", metavar="[RUN|SWEEP]...", nargs=-1, shell_complete=complete_runs_and_sweeps)
@click.option("--output", "-o", type=OUTPUT_FILE, help="The file to write.  [default: standard output]")
@folder_option
@options.stack
@options.as_json
def data(names: tuple[str, ...], output: Path | None, folder: Path | None, stack: str | None, *, as_json: bool) -> None:
    """Print what runs did as a tidy table.

    One row per run, island and generation, as CSV, or with --json a list of objects; docs/data.md says what each
    column is. RUN is an id or a folder,
    by default the newest run; SWEEP is a folder, or a name in ./sweeps, whose settings have a column each.

    \b
    Examples:
      worstsort data > newest.csv
      worstsort data sweeps/* -o all.csv
      worstsort data pdq-1000 --stack prod -o pdq-1000.csv
    """  # noqa: D301 - see main
    found = recorded.read(names, folder, stack)
    table = _json(found) if as_json else tidy.to_csv(found.rows, found.settings).encode()
    if found.missing:
        print_line(f"left out: {found.missing:,} runs that have not ended", console(stderr=True))
    if output is None:
        print_file(table if as_json else visible_lines(table.decode()).encode())
    else:
        atomic.write(output, table)
        print_line(f"{output}: {len(found.rows):,} rows", console(stderr=True))


def _json(found: recorded.Data) -> bytes:
    rows = [row._asdict() | dict(found.settings[row.configuration]) for row in found.rows]
    return json.dumps(rows).encode() + b"\n"
