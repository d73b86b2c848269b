"""`worstsort check`: the gate for a sort in its author's tests."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from worstsort.foreign.errors import TargetMisbehaved
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import options
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, counterexample, json_file
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.output import console, print_error, print_json, print_line, print_table
from worstsort_cli.target_option import HELP, TargetName

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.tools.growth_gate import Verdict

MIN_SIZE, MAX_SIZE = 2, 100_000

_MISBEHAVES = 2
"""Exit code for a sort that crashes, hangs or breaks another rule: there is no telling how it grows."""


class Sizes(click.ParamType[tuple[int, ...]]):
    """Sizes, separated by commas, in ascending order."""

    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Return the sizes; refuse anything but different integers in the allowed range."""
        try:
            sizes = [int(part) for part in str(value).split(",")]
        except ValueError:
            sizes = []
        if not sizes or len(set(sizes)) < len(sizes) or not all(MIN_SIZE <= size <= MAX_SIZE for size in sizes):
            allowed = f"different integers from {MIN_SIZE} to {MAX_SIZE:,}, separated by commas"
            self.fail(f"given {value!r}, allowed: {allowed}", param, ctx)
        return tuple(sorted(sizes))


class _Gate(NamedTuple):
    """How strict the check is.

    Attributes:
        at_most: How many times n log2 n the worst may take.
        seconds: How long to search in all.
        update_baseline: Whether the figures become the new baseline, in place of being compared with it.
    """

    at_most: float
    seconds: float
    update_baseline: bool


@click.command()
@click.option("--target", metavar="NAME", required=True, help=HELP)
@click.option(
    "--sizes", type=Sizes(), default="1000,4000,16000", show_default=True, metavar="N,N,...", help="How many items."
)
@click.option(
    "--at-most",
    type=click.FloatRange(0, 1000, min_open=True),
    default=5.0,
    show_default=True,
    help="How many times n log2 n the worst may take.",
)
@click.option(
    "--seconds", type=click.FloatRange(0, 86_400), default=10.0, show_default=True, help="How long to search in all."
)
@click.option("--output", "-o", type=OUTPUT_FILE, default="worst.json", show_default=True, help="Where the worst goes.")
@click.option("--junit", type=OUTPUT_FILE, help="A file for the verdict as JUnit XML.")
@click.option(
    "--baseline",
    type=OUTPUT_FILE,
    default="worstsort-baseline.json",
    show_default=True,
    help="Figures of an earlier check, which may get worse by 5 %; none are compared where there is no such file.",
)
@click.option("--update-baseline", is_flag=True, help="Write these figures as the new baseline.")
@options.as_json
def check(
    target: str,
    sizes: tuple[int, ...],
    output: Path,
    junit: Path | None,
    baseline: Path,
    *,
    as_json: bool,
    **gate_options: Any,
) -> None:
    """Hold a sort to n log n.

    Plays fixed games and random inputs at each size, and searches for something worse. The worst input goes to a file.
    Insertion sorts of short stretches make sizes below 1,000 look bad that are not.

    \b
    Exit codes: 0 within the bounds, 1 beyond, 2 the target misbehaves or is refused.

    \b
    Examples:
      worstsort check --target ./libmysort.so:my_sort
      worstsort check --target libc:qsort --sizes 1000,16000 --at-most 2 --seconds 5 --junit report.xml
    """  # noqa: D301 - see main
    from worstsort_cli.tools.growth_gate import judge  # noqa: PLC0415 - brings numpy

    gate = _Gate(**gate_options)
    before = None if gate.update_baseline else _read(baseline)
    context = click.get_current_context()
    option = next(parameter for parameter in context.command.params if parameter.name == "target")
    try:
        name = TargetName().convert(target, option, context)
        verdict = judge(name, sizes, gate.at_most, gate.seconds, before)
    except TargetMisbehaved as found:
        print_error(f"error: {found}\n  {counterexample.leave(found)}")
        sys.exit(_MISBEHAVES)
    if junit is not None:
        atomic.write(junit, verdict.junit())
    if gate.update_baseline:
        atomic.write(baseline, json.dumps(verdict.baseline()).encode() + b"\n")
    worst = max(verdict.worst, key=lambda found: found.ratio)
    written = {"target": name, "size": worst.size, "comparisons": worst.comparisons, "values": worst.values}
    atomic.write(output, json.dumps(written).encode() + b"\n")
    if as_json:
        print_json(verdict.as_json() | {"worst_input": str(output)})
    else:
        _show(verdict, output)
    if not verdict.passes:
        failed = ", ".join(failing.name for failing in verdict.checks if not failing.passes)
        raise CommandFailed(f"{target} is beyond the bounds: {failed}; the input for it is in {output}")


def _show(verdict: Verdict, output: Path) -> None:
    rows = (
        (f"{found.size:,}", f"{found.random:,.0f}", f"{found.comparisons:,}", f"{found.ratio:.2f}", found.found_by)
        for found in verdict.worst
    )
    print_table(("items", "random mean", "worst found", "of n log2 n", "found by"), rows)
    for check_ in verdict.checks:
        print_line(f"{'ok  ' if check_.passes else 'FAIL'}  {check_.name}: {check_.words}")
    if verdict.passes:
        print_line(f"the worst input is in {output}", console(stderr=True))


def _read(baseline: Path) -> dict[str, int] | None:
    """Return the figures of an earlier check, None if there was none."""
    if not baseline.exists():
        return None
    content = json_file.read_path(baseline, "what --update-baseline writes")
    if not isinstance(content, dict) or not all(size.isdecimal() and type(n) is int for size, n in content.items()):
        raise InputRefused([Problem(str(baseline), content, "comparisons by size, as --update-baseline writes them")])
    return content
