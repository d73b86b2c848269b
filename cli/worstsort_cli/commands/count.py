"""`worstsort count`: comparisons that a sort makes on given inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort.gosort import InvalidInput, count_comparisons
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import options
from worstsort_cli.files import json_file
from worstsort_cli.output import print_json, print_result

if TYPE_CHECKING:
    from typing import BinaryIO


@click.command()
@click.option("--target", type=options.TargetName(), default="go1.12", show_default=True, help="Which sort.")
@click.argument("file", type=click.File("rb"), default="-")
@options.as_json
def count(target: str, file: BinaryIO, *, as_json: bool) -> None:
    """Count the comparisons that a sort makes.

    Reads one JSON array per line from FILE or standard input, and prints one count per line.

    \b
    Examples:
      echo '[1, 6, 3, 4, 5, 2]' | worstsort count                 prints 12
      worstsort count --target go1.24 inputs.jsonl
    """  # noqa: D301 - see main
    counts = (_count_line(line, number, target) for number, line in enumerate(file, start=1) if line.strip())
    if as_json:
        print_json({"target": target, "counts": list(counts)})
        return
    for comparisons in counts:
        print_result(str(comparisons))


def _count_line(line: bytes, number: int, target: str) -> int:
    values = json_file.parse(line, f"line {number}", "a JSON array of integers")
    try:
        return count_comparisons(values, target)
    except InvalidInput as error:
        raise InputRefused([Problem(f"line {number}", values, str(error).removeprefix("expected "))]) from error
