"""`worstsort minimise`: a simpler input that is nearly as bad."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import count_plain
from worstsort.gosort.assessment import percent
from worstsort.plain_text import visible
from worstsort.runs.wording import counted
from worstsort_cli import options
from worstsort_cli.files import atomic
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import console, print_json, print_line
from worstsort_cli.show.counting import counting
from worstsort_cli.target_option import target_option
from worstsort_cli.tools.minimising import MEASURES, Simplified
from worstsort_cli.tools.minimising import minimise as simplify

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.files.sort_input import SortInput


@click.command()
@click.argument("file", type=INPUT_FILE)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=0.95,
    show_default=True,
    help="The share of its comparisons to keep.",
)
@click.option(
    "--by",
    "measure",
    type=click.Choice(list(MEASURES)),
    default="inversions",
    show_default=True,
    help="What to reduce.",
)
@click.option(
    "--budget", type=click.IntRange(1), default=100_000, show_default=True, help="Roughly how many inputs to count."
)
@click.option("--output", "-o", type=OUTPUT_FILE, help="The file to write the result to.")
@target_option()
@options.as_json
def minimise(
    file: Path, output: Path | None, target: str | None, *, share: float, measure: str, budget: int, as_json: bool
) -> None:
    """Find a simpler input that is nearly as bad.

    FILE is a champion.json or a JSON array of integers, at most 1,000,000 of them. Whatever can be sorted without
    losing the cost is sorted, so that what matters stands out. --by chooses what is made fewer: inversions, which are
    pairs in the wrong order, or ascending runs, which become longer.

    \b
    Examples:
      worstsort minimise runs/RUN/champion.json --by runs -o simple.json
      worstsort export simple.json --svg -o simple.svg
    """  # noqa: D301 - see main
    source = load(file, target)
    before = count_plain(source.values, source.target)
    with counting(console(stderr=True), budget) as report:
        simplified = simplify(source.values, source.target, math.ceil(before * share), measure, budget, report)
    result = _result(source, simplified, before, measure)
    if output is not None:
        atomic.write(output, json.dumps(result).encode() + b"\n")
    if as_json:
        print_json(result)
        return
    kept = percent(simplified.comparisons, max(1, before))
    tried = counted(simplified.evaluations, "input")
    print_line(f"{source.target}, {counted(len(source.values), 'integer')}; {tried} counted")
    print_line(f"  comparisons {before:,} -> {simplified.comparisons:,} ({kept})")
    print_line(f"  {measure} {simplified.before:,} -> {simplified.after:,}")
    print_line(f"  {output}" if output else f"  {simplified.values}")


def _result(source: SortInput, simplified: Simplified, before: int, measure: str) -> dict[str, Any]:
    disorder = {"by": measure, "before": simplified.before, "after": simplified.after}
    return {
        "target": source.target,
        "size": len(source.values),
        "comparisons": count_plain(simplified.values, source.target),
        "values": simplified.values,
        "minimised": {"from": visible(source.file), "comparisons": before, **disorder},
    }
