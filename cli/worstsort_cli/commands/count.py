"""`worstsort count`: comparisons that a sort makes on given inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import DEFAULT_TARGET, count_comparisons
from worstsort_cli import options
from worstsort_cli.files import sort_input
from worstsort_cli.files.json_stream import documents
from worstsort_cli.output import print_json, print_result
from worstsort_cli.target_option import HELP, target_option

if TYPE_CHECKING:
    from typing import BinaryIO

    from worstsort_cli.files.sort_input import SortInput


@click.command()
@target_option(f"{HELP}  [default: the input's own, or {DEFAULT_TARGET}]")
@click.argument("file", type=click.File("rb"), default="-")
@options.as_json
def count(target: str | None, file: BinaryIO, *, as_json: bool) -> None:
    """Count the comparisons that a sort makes.

    Reads JSON arrays, or the objects in champion.json files, one after another from FILE or standard input, each on a
    line of its own or over several lines, and prints one count for each. One of them has at most 1,000,000 integers
    and 32 MiB.

    \b
    Examples:
      echo '[1, 6, 3, 4, 5, 2]' | worstsort count                 prints 12
      worstsort count --target go1.24 inputs.jsonl
      cat runs/*/champion.json | worstsort count
    """  # noqa: D301 - see main
    inputs = (sort_input.parse(content, lines, target) for lines, content in documents(file, sort_input.ALLOWED))
    if as_json:
        print_json(_as_json(list(inputs), target))
        return
    for given in inputs:
        print_result(str(count_comparisons(given.values, given.target)))


def _as_json(inputs: list[SortInput], target: str | None) -> dict[str, Any]:
    """Return all counts, with the target that they are for, or one for each if they differ."""
    targets = {given.target for given in inputs} or {target or DEFAULT_TARGET}
    counts = [count_comparisons(given.values, given.target) for given in inputs]
    if len(targets) == 1:
        return {"target": targets.pop(), "counts": counts}
    return {"target": None, "targets": [given.target for given in inputs], "counts": counts}
