"""`worstsort verify`: recount inputs independently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli import options
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.sort_input import INPUT_FILE, load
from worstsort_cli.output import print_json, print_line
from worstsort_cli.tools import go_toolchain
from worstsort_cli.tools.verification import describe
from worstsort_cli.tools.verification import verify as recount

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=INPUT_FILE)
@options.target
@click.option("--go", "compilers", metavar="PATH", multiple=True, help="A go or gccgo command.  [default: all found]")
@options.as_json
def verify(files: tuple[Path, ...], target: str | None, compilers: tuple[str, ...], *, as_json: bool) -> None:
    """Recount inputs independently.

    Each FILE is a champion.json or a JSON array of integers, at most 1,000,000 of them. It is counted in plain Python
    and by real Go: a small program is compiled with every `go` or `gccgo` command on this machine whose library has
    the sort that the input is for. The exit code is 1 if the counts differ.

    \b
    Examples:
      worstsort verify runs/*/champion.json
      worstsort verify --target go1.24 --go ~/sdk/go1.24.3/bin/go input.json
    """  # noqa: D301 - see main
    inputs = [load(path, target) for path in files]
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
