"""`worstsort run`: the whole pipeline in the embedded cloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import extras, options, output, run_options
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import run_folder, run_input
from worstsort_cli.show.summary import print_summary

if TYPE_CHECKING:
    from typing import BinaryIO


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
    if resumed is not None:
        _refuse_with_resume(input_file, fields)
        run_id, config = resumed, run_folder.configuration(out / resumed)
    else:
        config = run_input.read(input_file, fields)
        run_id = run_folder.free_run_id(out, config)
        run_folder.begin(out / run_id, config)
    folder = out / run_id
    if run_folder.is_finished(folder):
        output.print_line(f"run {run_id} is already finished", output.console(stderr=as_json))
        return
    from worstsort_cli.clouds.local_run import run_locally  # noqa: PLC0415 - boto3 and moto belong to an extra

    console = output.console(stderr=as_json)
    try:
        outcome = run_locally(config, run_id, folder, vcpus, console)
    except KeyboardInterrupt:
        output.print_error(f"continue with: worstsort run --resume {run_id} --out {out}")
        raise
    if outcome.status != "SUCCEEDED":
        raise CommandFailed(f"run {run_id} {outcome.status.lower()}: {outcome.cause}")
    if as_json:
        output.print_json(outcome.output | {"files": str(folder)})
    else:
        print_summary(console, outcome.output, folder)


def _refuse_with_resume(input_file: BinaryIO | None, fields: dict[str, Any]) -> None:
    given = [name for name, value in {"input": input_file, **fields}.items() if value is not None]
    if given:
        allowed = "nothing: --resume takes the configuration that the run began with"
        raise InputRefused([Problem(name, fields.get(name, "a file"), allowed) for name in given])
