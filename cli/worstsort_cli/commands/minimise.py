"""`worstsort minimise`: the simplest input that is still bad."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import count_plain
from worstsort_cli import options
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import print_json, print_line
from worstsort_cli.tools.minimising import MEASURES, Simplified
from worstsort_cli.tools.minimising import minimise as simplify

if TYPE_CHECKING:
    from worstsort_cli.files.sort_input import SortInput


@click.command()
@click.argument("file", type=INPUT_FILE)
@click.option(
    "--share", type=click.FloatRange(0, 1), default=0.95, show_default=True, help="Of its comparisons, to keep."
)
@click.option(
    "--by", type=click.Choice(list(MEASURES)), default="inversions", show_default=True, help="What to make few."
)
@click.option("--budget", type=click.IntRange(1), default=100_000, show_default=True, help="Inputs to count at most.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the result.")
@options.target
@options.as_json
def minimise(
    file: Path, output: Path | None, target: str | None, *, share: float, by: str, budget: int, as_json: bool
) -> None:
    """Find a simpler input that is nearly as bad.

    Whatever is not needed for the cost is put in order, so that a person can see what is: either as few inversions
    (pairs in the wrong order) as possible, or as few ascending runs, which makes them long.

    \b
    Examples:
      worstsort minimise runs/RUN/champion.json --by runs -o simple.json
      worstsort export simple.json --svg -o simple.svg
    """  # noqa: D301 - see main
    one = load(file, target)
    before = count_plain(one.values, one.target)
    found = simplify(one.values, one.target, math.ceil(before * share), by, budget)
    result = _result(one, found, before, by)
    if output is not None:
        output.write_text(json.dumps(result) + "\n", encoding="utf-8")
    if as_json:
        print_json(result)
        return
    print_line(f"{one.target}, {len(one.values)} integers, {found.evaluations:,} inputs counted")
    print_line(f"  comparisons {before:,} -> {found.comparisons:,} ({found.comparisons / max(1, before):.1%})")
    print_line(f"  {by} {found.before:,} -> {found.after:,}")
    print_line(f"  {output}" if output else f"  {found.values}")


def _result(one: SortInput, found: Simplified, before: int, by: str) -> dict[str, Any]:
    return {
        "target": one.target,
        "size": len(one.values),
        "comparisons": count_plain(found.values, one.target),
        "values": found.values,
        "minimised": {"from": one.file, "comparisons": before, "by": by, "before": found.before, "after": found.after},
    }
