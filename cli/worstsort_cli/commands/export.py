"""`worstsort export`: an input in another format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli.files.export_file import check_options, format_options, write
from worstsort_cli.files.formats import FORMATS
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.target_option import target_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("file", type=INPUT_FILE)
@format_options
@target_option()
def export(file: Path, form: str | None, package: str | None, output: Path | None, target: str | None) -> None:
    """Write an input in another format.

    FILE is a champion.json or a JSON array of integers, at most 1,000,000 of them. The Go file asserts the number of
    comparisons on the Go releases that the input is for, skips on others with the reason, and has a benchmark against
    random input. Where -o names a Go test file, a second one beside it has the test call package slices too, on Go 1.21
    and newer.

    \b
    Examples:
      worstsort export runs/RUN/champion.json --go -o champion_test.go && go test -v champion_test.go
      worstsort export champion.json --go -o ../mypackage/worst_test.go
      worstsort export champion.json --target ./libmysort.so --c-test -o champion_test.c
      worstsort export champion.json --npy -o champion.npy
      worstsort export champion.json --json | worstsort count --target go1.24
    """  # noqa: D301 - see main
    if form is None:
        raise click.UsageError(f"choose a format: {', '.join(f'--{name}' for name in FORMATS)}, --c-test")
    check_options(form, package, output)
    write(load(file, target), form, package, output)
