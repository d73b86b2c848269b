"""`worstsort verify`: recount inputs independently."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from worstsort.gosort.foreign_names import is_foreign
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import options
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import print_json, print_line
from worstsort_cli.target_option import target_option
from worstsort_cli.tools import go_toolchain
from worstsort_cli.tools.verification import describe
from worstsort_cli.tools.verification import verify as recount

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.files.sort_input import SortInput


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=INPUT_FILE)
@target_option()
@click.option("--go", "compilers", metavar="PATH", multiple=True, help="A go or gccgo command.  [default: all found]")
@click.option("--anyway", is_flag=True, help="Count with another library than the one that a champion is for.")
@options.as_json
def verify(
    files: tuple[Path, ...], target: str | None, compilers: tuple[str, ...], *, anyway: bool, as_json: bool
) -> None:
    """Recount inputs independently.

    Each FILE is a champion.json or a JSON array of integers, at most 1,000,000 of them. It is counted in plain Python
    and by real Go: a small program is compiled with every `go` or `gccgo` command on this machine whose library has
    the sort that the input is for. A champion for a library is counted by that library, the very same bytes, which
    --target names. The exit code is 1 if the counts differ.

    \b
    Examples:
      worstsort verify runs/*/champion.json
      worstsort verify --target go1.24 --go ~/sdk/go1.24.3/bin/go input.json
    """  # noqa: D301 - see main
    inputs = [load(path, target) for path in files]
    if anyway:
        inputs = [_with_its_count(given) for given in inputs]
    else:
        _refuse_other_libraries(inputs)
    found = go_toolchain.find(compilers)
    if compilers and len(found) < len(compilers):
        raise CommandFailed(f"not all of these are Go compilers that report their version: {', '.join(compilers)}")
    verdicts = [recount(source, found) for source in inputs]
    if as_json:
        print_json([verdict.as_json() for verdict in verdicts])
    else:
        for line in (line for verdict in verdicts for line in describe(verdict, found)):
            print_line(line)
    wrong = [verdict.file for verdict in verdicts if verdict.agrees is False]
    if wrong:
        raise CommandFailed(f"the counts differ for {', '.join(wrong)}")


def _with_its_count(given: SortInput) -> SortInput:
    """Hold a champion for one library to the count that it records, although another one counts it."""
    own = given.champion
    return replace(given, recorded=own.comparisons) if own and is_foreign(own.target) else given


def _refuse_other_libraries(inputs: list[SortInput]) -> None:
    """Refuse to count a champion for one library with another."""
    problems = [
        Problem(f"{given.file}: --target", given.target, f"{own}, whose SHA-256 is the recorded one; or --anyway")
        for given in inputs
        if given.champion and is_foreign(own := given.champion.target) and given.target != own
    ]
    if problems:
        raise InputRefused(problems)
