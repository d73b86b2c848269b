"""`worstsort count`: comparisons that a sort makes on given inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort.gosort import InvalidInput, count_comparisons
from worstsort.runs.config import load_json
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import options
from worstsort_cli.output import print_json

if TYPE_CHECKING:
    from typing import TextIO


@click.command()
@click.option("--target", type=options.TargetName(), default="go1.12", show_default=True, help="Which sort.")
@click.argument("file", type=click.File("r"), default="-")
@options.as_json
def count(target: str, file: TextIO, *, as_json: bool) -> None:
    """Count the comparisons on given inputs.

    One JSON array a line in (FILE or standard input), one count a line out.

    \b
    Examples:
      echo '[1, 6, 3, 4, 5, 2]' | worstsort count                 prints 12
      worstsort count --target go1.24 inputs.jsonl
    """  # noqa: D301 - see main
    counts = (_count_line(line, number, target) for number, line in enumerate(file, start=1) if line.strip())
    if as_json:
        print_json({"target": target, "counts": list(counts)})
        return
    for one in counts:
        click.echo(one)


def _count_line(line: str, number: int, target: str) -> int:
    values = load_json(line, f"line {number}", "a JSON array of integers")
    try:
        return count_comparisons(values, target)
    except InvalidInput as error:
        raise InputRefused([Problem(f"line {number}", values, str(error))]) from error
