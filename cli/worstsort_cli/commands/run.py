"""`worstsort run`: the whole pipeline in the embedded cloud."""

from __future__ import annotations

import shlex
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import extras, options, output, run_options
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import run_input
from worstsort_cli.show.summary import print_summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from worstsort_cli.files.run_folder.folder import RunFolder

SIGNALLED = 128
"""What a shell adds to the number of a signal for the exit code of the program that it has ended."""


@click.command()
@run_options.configuration
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="runs", show_default=True,
    help="The folder that holds the runs.",
)  # fmt: skip
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine's]")
@click.option("--resume", "resumed", metavar="RUN", help="Continue an interrupted run from its folder in --out.")
@options.as_json
def run(
    input_file: BinaryIO | None, out: Path, vcpus: int | None, resumed: str | None, *, as_json: bool, **fields: Any
) -> None:
    """Evolve a worst case on this machine.

    Runs the deployed system's own template, state machine, functions and worker in an embedded cloud. RUN is the id
    of a run.

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
    from worstsort_cli.files.run_folder.folder import create, is_finished, reopen  # noqa: PLC0415

    console = output.console(stderr=as_json)
    if resumed is None:
        config = run_input.read(input_file, fields)
        run_input.check_memory(config)
        opening = create(out, config)
    else:
        _refuse_with_resume(input_file, fields)
        if is_finished(out / resumed):
            output.print_line(f"run {resumed} is already finished", console)
            return
        opening = reopen(out / resumed)
    with _ended_in_order(), opening as folder, _telling_how_to_continue(folder):
        outcome = run_locally(folder, vcpus, console)
        if outcome.status != "SUCCEEDED":
            raise CommandFailed(f"run {folder.run_id} {outcome.status.lower()}: {outcome.cause}")
        if as_json:
            output.print_json(outcome.output | {"files": str(folder.path)})
        else:
            print_summary(console, outcome.output, folder.path)


def _refuse_with_resume(input_file: BinaryIO | None, fields: dict[str, Any]) -> None:
    given = [name for name, value in {"input": input_file, **fields}.items() if value is not None]
    if given:
        allowed = "nothing: --resume takes the configuration that the run began with"
        raise InputRefused([Problem(name, fields.get(name, "a file"), allowed) for name in given])


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """End the command like Ctrl-C does when somebody else ends it: `kill`, a service manager, a closed terminal."""

    def end(number: int, _: object) -> None:
        sys.exit(SIGNALLED + number)

    deadly = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in deadly:  # not those that the user has this command ignore, as nohup does
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in deadly:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def _telling_how_to_continue(folder: RunFolder) -> Iterator[None]:
    """Whatever ends a run early, say how it continues."""
    try:
        yield
    except BaseException as error:
        if folder.is_under_way():
            how = shlex.join(["worstsort", "run", "--resume", folder.run_id, "--out", str(folder.path.parent)])
            note = f"continue with: {how}"
            error.add_note(note) if isinstance(error, Exception) else output.print_error(note)
        raise
