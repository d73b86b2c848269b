"""`worstsort compare`: what sweeps and runs show about their configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort.analysis import comparison, runtimes
from worstsort.artefacts.comparison_page import comparison_page, problem_data
from worstsort.gosort import find_target
from worstsort_cli import options
from worstsort_cli.clouds import recorded
from worstsort_cli.clouds.this_machine import complete_runs_and_sweeps, folder_option
from worstsort_cli.files import atomic
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.analysis.comparison import Problem

_SUMMARY = ("configuration", "runs", "least", "quartile", "median", "quartile", "most", "reached", "expected time")
_TESTS = ("pair", "A12", "p", "corrected p", "verdict")


@click.command()
@click.argument("names", metavar="RUN|SWEEP...", nargs=-1, required=True, shell_complete=complete_runs_and_sweeps)
@click.option("--goal", type=click.IntRange(1), help="Comparisons to time.  [default: the lowest of the medians]")
@click.option("--page", type=OUTPUT_FILE, help="Also write a page with charts: one HTML file that needs no network.")
@click.option("--open", "show", is_flag=True, help="Open that page in the browser.")
@folder_option
@options.stack
@options.as_json
def compare(
    names: tuple[str, ...],
    goal: int | None,
    page: Path | None,
    folder: Path | None,
    stack: str | None,
    *,
    show: bool,
    as_json: bool,
) -> None:
    """Compare configurations by what their runs found.

    Runs that differ only by seed are one configuration. For each target and size: medians and quartiles, the
    Mann-Whitney test of every pair with A12, the share of pairs of runs in which the first found more, p values
    corrected for being several, and evaluations until a goal was reached. SWEEP is a folder, or a name in ./sweeps;
    RUN is a folder or an id.

    \b
    Examples:
      worstsort compare sweeps/* --page comparison.html
      worstsort compare runs/go1_24-n100-* --goal 3070
    """  # noqa: D301 - see main
    if show and page is None:
        raise click.UsageError("--open opens what --page writes: name a file")
    found = recorded.read(names, folder, stack)
    problems = comparison.compare(runtimes.curves(found.rows), goal)
    if page is not None:
        configurations = sum(len(problem.groups) for problem in problems)
        title = f"{configurations} configurations compared" if configurations > 1 else "One configuration"
        atomic.write(page, comparison_page(problems, title).encode())
    if as_json:
        print_json({"problems": [problem_data(problem) for problem in problems], "runs_missing": found.missing})
    else:
        for problem in problems:
            _show(problem)
        if found.missing:
            print_line(f"left out: {found.missing:,} runs that have not ended")
        if page is not None:
            print_line(f"page: {page}")
    if show:
        click.launch(str(page))


def _show(problem: Problem) -> None:
    print_line(f"{find_target(problem.target).title}, {problem.size:,} integers; goal {problem.goal:,}", style="bold")
    rows = []
    for group, time in zip(problem.groups, problem.running_times(), strict=True):
        runs, *five = group.summary
        numbers = (f"{value:,.0f}" for value in five)
        expected = "-" if time.expected is None else f"{time.expected:,.0f}"
        rows.append((group.configuration, f"{runs}", *numbers, f"{time.reached} of {runs}", expected))
    print_table(_SUMMARY, rows)
    if problem.pairs:
        print_table(_TESTS, [_test(pair) for pair in problem.pairs])


def _test(pair: comparison.Pair) -> tuple[str, ...]:
    corrected = f"{pair.corrected_p:.2g}" if pair.enough else "-"
    return (
        f"{pair.first} against {pair.second}", f"{pair.test.a12:.2f}", f"{pair.test.p:.2g}", corrected, pair.verdict
    )  # fmt: skip
