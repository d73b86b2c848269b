"""`worstsort run`: the whole pipeline in the embedded cloud."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.code_version import code_version
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.run_id import check_run_id
from worstsort_cli import extras, options, output, run_options
from worstsort_cli.clouds.this_machine import DEFAULT_FOLDER, complete_runs_under_way
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import run_input
from worstsort_cli.interruption import ended_in_order
from worstsort_cli.project import layer
from worstsort_cli.show.summary import print_summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from rich.console import Console

    from worstsort_cli.files.run_folder.folder import RunFolder


@click.command()
@run_options.configuration
@run_options.setting("--name", help="The id of the run, and its folder's name.  [default: made from the configuration]")
@run_options.setting(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=DEFAULT_FOLDER, show_default=True,
    help="The folder that holds the runs.",
)  # fmt: skip
@run_options.setting(
    "--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine's]"
)
@run_options.setting(
    "--resume", "resumed", metavar="RUN", shell_complete=complete_runs_under_way,
    help="Continue an interrupted run from its folder in --out.",
)  # fmt: skip
@run_options.setting("--again", is_flag=True, help="Run a configuration whose result is known already.")
@options.as_json
def run(
    input_file: BinaryIO | None,
    name: str | None,
    out: Path,
    vcpus: int | None,
    resumed: str | None,
    *,
    again: bool,
    as_json: bool,
    **fields: Any,
) -> None:
    """Evolve a worst case on this machine.

    Runs the deployed system's own template, state machine, functions and worker in an embedded cloud. RUN is the id
    of a run. The same configuration gives the same result: if a run in --out had it, that one's result is shown.
    An environment variable stands for each option, as WORSTSORT_SIZE for --size: the option overrides it.

    \b
    Examples:
      worstsort run --size 500 --max-epochs 40
      worstsort run --preset classic --target go1.12 --size 1000
      worstsort run --input examples/quick.json --seed 7 --json
      worstsort run --resume go1_12-n500-strong-seed1-0a1b2c
    """  # noqa: D301 - see main
    extras.require("embedded")
    # What works in folders needs flock, which not every system has, and what runs needs the packages of an extra.
    from worstsort_cli.clouds.local_run import run_locally  # noqa: PLC0415
    from worstsort_cli.files.run_folder import local_runs  # noqa: PLC0415
    from worstsort_cli.files.run_folder.folder import create, is_finished, reopen  # noqa: PLC0415

    console = output.console(stderr=as_json)
    if resumed is None:
        config = run_input.read(input_file, fields)
        run_input.check_memory(config)
        if name is not None:
            check_run_id(name, "--name" if run_options.is_typed("name") else run_options.variable_of("name"))
        known = None if again else local_runs.known(out, config, code_version(layer()))
        if known is not None:
            output.print_line(f"run {known['run_id']} had this very configuration; --again runs it once more", console)
            _show(known, out / known["run_id"], console, as_json=as_json)
            return
        opening = create(out, config, name)
    else:
        _refuse_with_resume({"name": name, "input_file": input_file, **fields})
        if is_finished(out / resumed):
            output.print_line(f"run {resumed} is already finished", console)
            return
        opening = reopen(out / resumed)
    with ended_in_order(), opening as folder, _telling_how_to_continue(folder):
        outcome = run_locally(folder, vcpus, console)
        if outcome.status != "SUCCEEDED":
            raise CommandFailed(f"run {folder.run_id} {outcome.status.lower()}: {outcome.cause}")
        _show(outcome.output, folder.path, console, as_json=as_json)


def _show(result: dict[str, Any], folder: Path, console: Console, *, as_json: bool) -> None:
    """Show what a run has found: as one document to programs, as a summary to people."""
    if as_json:
        output.print_json(result | {"files": str(folder)})
    else:
        print_summary(console, result, folder)


def _refuse_with_resume(fields: dict[str, Any]) -> None:
    """Refuse options beside --resume; variables, which are set for many runs, do not count."""
    allowed = "nothing: --resume takes the configuration that the run began with"
    shown = fields | {"input_file": "a file"}
    given = [name for name in fields if run_options.is_typed(name)]
    if given:
        raise InputRefused([Problem(name.removesuffix("_file"), shown[name], allowed) for name in given])


@contextmanager
def _telling_how_to_continue(folder: RunFolder) -> Iterator[None]:
    """Whatever ends a run early, say how it continues."""
    try:
        yield
    except BaseException as error:
        if folder.is_under_way():
            note = f"continue with: {_how_to_continue(folder)}"
            error.add_note(note) if isinstance(error, Exception) else output.print_error(note)
        raise


def _how_to_continue(folder: RunFolder) -> str:
    """Return the command that continues a run, which can be pasted into a shell as it is."""
    out = folder.path.parent
    elsewhere = [] if out == DEFAULT_FOLDER else ["--out", str(out)]
    return shlex.join(["worstsort", "run", "--resume", folder.run_id, *elsewhere])
