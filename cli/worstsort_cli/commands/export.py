"""`worstsort export`: take an input home in another format."""

from __future__ import annotations

from pathlib import Path

import click

from worstsort_cli import options
from worstsort_cli.files.formats import FORMATS
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import print_line


@click.command()
@click.argument("file", type=INPUT_FILE)
@click.option("--go", "form", flag_value="go", help="A Go test and benchmark file for any package.")
@click.option("--json", "form", flag_value="json", help="A bare JSON array.")
@click.option("--csv", "form", flag_value="csv", help="Position and value.")
@click.option("--npy", "form", flag_value="npy", help="A NumPy file.")
@click.option("--c", "form", flag_value="c", help="A C header.")
@click.option("--svg", "form", flag_value="svg", help="A picture, value over position.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Where to.  [default: stdout]")
@options.target
def export(file: Path, form: str | None, output: Path | None, target: str | None) -> None:
    """Write an input in another format.

    FILE is a champion.json or a JSON array of integers. The Go file asserts the number of comparisons with the releases
    of Go that the input is for, skips with the reason on others, and has a benchmark against random input.

    \b
    Examples:
      worstsort export runs/RUN/champion.json --go -o champion_test.go && go test -v champion_test.go
      worstsort export champion.json --npy -o champion.npy
      worstsort export champion.json --json | worstsort count --target go1.24
    """  # noqa: D301 - see main
    if form is None:
        raise click.UsageError(f"one of {', '.join(f'--{name}' for name in FORMATS)} says which format")
    content = FORMATS[form](load(file, target))
    if output is None:
        click.echo(content, nl=False)
        return
    output.write_bytes(content)
    print_line(f"{output}: {len(content):,} bytes")
