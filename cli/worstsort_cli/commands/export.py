"""`worstsort export`: an input in another format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli import options
from worstsort_cli.files import atomic
from worstsort_cli.files.formats import FORMATS
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import console, print_file, print_line

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("file", type=INPUT_FILE)
@click.option("--go", "form", flag_value="go", help="A Go file with a test and a benchmark, for any package.")
@click.option("--json", "form", flag_value="json", help="A bare JSON array.")
@click.option("--csv", "form", flag_value="csv", help="Two columns, position and value.")
@click.option("--npy", "form", flag_value="npy", help="A NumPy file.")
@click.option("--c", "form", flag_value="c", help="A C header.")
@click.option("--svg", "form", flag_value="svg", help="A picture, value against position.")
@click.option(
    "--output",
    "-o",
    type=OUTPUT_FILE,
    help="The file to write.  [default: standard output]",
)
@options.target
def export(file: Path, form: str | None, output: Path | None, target: str | None) -> None:
    """Write an input in another format.

    FILE is a champion.json or a JSON array of integers, at most 1,000,000 of them. The Go file asserts the number of
    comparisons on the Go releases that the input is for, skips on others with the reason, and has a benchmark against
    random input.

    \b
    Examples:
      worstsort export runs/RUN/champion.json --go -o champion_test.go && go test -v champion_test.go
      worstsort export champion.json --npy -o champion.npy
      worstsort export champion.json --json | worstsort count --target go1.24
    """  # noqa: D301 - see main
    if form is None:
        raise click.UsageError(f"choose a format: {', '.join(f'--{name}' for name in FORMATS)}")
    if form == "npy" and output is None and console().is_terminal:
        raise click.UsageError("a NumPy file is no text for a terminal: name a file with -o")
    content = FORMATS[form](load(file, target))
    if output is None:
        print_file(content)
        return
    atomic.write(output, content)
    print_line(f"{output}: {len(content):,} bytes")
