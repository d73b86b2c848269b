"""`worstsort transfer`: how bad inputs are for every sort."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import TARGETS, count_comparisons, count_population
from worstsort.runs.baselines import random_sample
from worstsort_cli import options
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import console, print_json, print_table
from worstsort_cli.show.counting import counting
from worstsort_cli.target_option import target_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort_cli.files.sort_input import SortInput


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=INPUT_FILE)
@target_option("A further sort: ./mysort.so:NAME, libc:qsort, ...")
@options.as_json
def transfer(files: tuple[Path, ...], target: str | None, *, as_json: bool) -> None:
    """Count inputs with every sort.

    Each FILE is a champion.json or a JSON array of integers, at most 1,000,000 of them. The table has one row per
    input and one column per sort, with the comparisons and their ratio to the mean of up to 500 random inputs of that
    size. A * marks the sort that the input is for.

    \b
    Examples:
      worstsort transfer runs/*/champion.json
      worstsort transfer --target libc:qsort runs/*/champion.json
    """  # noqa: D301 - see main
    names = [*TARGETS, *([target] if target is not None and target not in list(TARGETS) else [])]
    inputs = [load(path) for path in files]
    with counting(console(stderr=True), len(inputs) * len(names)) as report:
        done = count(1)
        rows = [_row(given, names, lambda: report(next(done))) for given in inputs]
    if as_json:
        print_json(rows)
        return
    columns = ("input", "size", *names)
    print_table(columns, ((row["file"], row["size"], *(_cell(row, name) for name in names)) for row in rows))


def _row(given: SortInput, names: list[str], counted: Callable[[], None]) -> dict[str, Any]:
    counts, ratios = {}, {}
    for name in names:
        counts[name] = count_comparisons(given.values, name)
        ratios[name] = _ratio(given, name, counts[name])
        counted()
    size = len(given.values)
    return {"file": given.file, "target": given.target, "size": size, "comparisons": counts, "of_random": ratios}


def _ratio(given: SortInput, target: str, comparisons: int) -> float | None:
    """Divide by the mean of random inputs; a champion's are those that its own baseline was counted on."""
    if len(given.values) < 2:
        return None
    drawn = (given.champion.seed, given.champion.islands) if given.champion else (0, 0)
    mean = random_sample(len(given.values), target, *drawn, count=count_population).mean
    return round(comparisons / mean, 3) if mean else None


def _cell(row: dict[str, Any], name: str) -> str:
    ratio = row["of_random"][name]
    mark = "*" if name == row["target"] else ""
    return f"{row['comparisons'][name]:,}" + (f" ({ratio:.2f}x){mark}" if ratio is not None else mark)
