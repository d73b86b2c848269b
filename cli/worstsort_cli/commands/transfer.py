"""`worstsort transfer`: how bad inputs are for every other sort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import TARGETS, count_comparisons
from worstsort_cli import options
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import print_json, print_table
from worstsort_cli.tools.random_inputs import random_mean

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.files.sort_input import SortInput


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=INPUT_FILE)
@options.as_json
def transfer(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Count inputs with every sort there is.

    Each FILE is a champion.json or a JSON array of integers. The table has a row an input and a column a sort:
    comparisons, and how many times as many as for random input of that size. A * marks the sort that it was evolved
    for.

    \b
    Example:
      worstsort transfer runs/*/champion.json
    """  # noqa: D301 - see main
    rows = [_row(load(path)) for path in files]
    if as_json:
        print_json(rows)
        return
    columns = ("input", "size", *TARGETS)
    print_table(columns, ((row["file"], row["size"], *(_cell(row, name) for name in TARGETS)) for row in rows))


def _row(one: SortInput) -> dict[str, Any]:
    counts = {name: count_comparisons(one.values, name) for name in TARGETS}
    size = len(one.values)
    ratios = {name: round(count / mean, 3) if (mean := random_mean(size, name)) else None
              for name, count in counts.items()} if size > 1 else dict.fromkeys(counts)  # fmt: skip
    return {"file": one.file, "target": one.target, "size": size, "comparisons": counts, "of_random": ratios}


def _cell(row: dict[str, Any], name: str) -> str:
    ratio = row["of_random"][name]
    mark = "*" if name == row["target"] else ""
    return f"{row['comparisons'][name]:,}" + (f" ({ratio:.2f}x){mark}" if ratio is not None else mark)
