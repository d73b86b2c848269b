"""`worstsort run`: the whole pipeline in the embedded cloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli import extras, options, output, run_options
from worstsort_cli.clouds import execution
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import local_checkpoints, run_folder, run_input
from worstsort_cli.show.live_progress import progress
from worstsort_cli.show.summary import print_summary

if TYPE_CHECKING:
    from typing import BinaryIO

    from rich.console import Console

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.execution import Outcome


@click.command()
@run_options.configuration
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="runs", show_default=True)
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine]")
@click.option(
    "--resume", "resumed", metavar="RUN", help="Continue a run that was interrupted, from what it left in --out."
)
@options.as_json
def run(
    input_file: BinaryIO | None, out: Path, vcpus: int | None, resumed: str | None, *, as_json: bool, **fields: Any
) -> None:
    """Evolve a worst case on this machine.

    It is the deployed system's own template, state machine, functions and worker that run, in an embedded cloud.

    \b
    Examples:
      worstsort run --size 500 --max-epochs 40
      worstsort run --preset classic --target go1.12 --size 1000
      worstsort run --input examples/quick.json --seed 7 --json
      worstsort run --resume go1_12-n500-strong-seed1-0a1b2c
    """  # noqa: D301 - see main
    extras.require("embedded")
    if resumed is not None:
        _refuse_beside_resume(input_file, fields)
        run_id, config = resumed, run_folder.configuration(out / resumed)
    else:
        config = run_input.read(input_file, fields)
        run_id = run_folder.free_run_id(out, config)
        run_folder.begin(out / run_id, config)
    if run_folder.is_finished(out / run_id):
        click.echo(f"run {run_id} has finished already; nothing was done", err=as_json)
        return
    console = output.console(stderr=as_json)
    try:
        outcome = _run_embedded(config, run_id, out / run_id, vcpus, console)
    except KeyboardInterrupt:
        click.echo(f"continue with: worstsort run --resume {run_id} --out {out}", err=True)
        raise
    if outcome.status != "SUCCEEDED":
        raise CommandFailed(f"run {run_id} {outcome.status.lower()}: {outcome.cause}")
    if as_json:
        output.print_json(outcome.output | {"files": str(out / run_id)})
    else:
        print_summary(console, outcome.output, out / run_id)


def _refuse_beside_resume(input_file: BinaryIO | None, fields: dict[str, Any]) -> None:
    given = [name for name, value in {"input": input_file, **fields}.items() if value is not None]
    if given:
        raise InputRefused([Problem(name, fields.get(name, "a file"), "nothing beside --resume") for name in given])


def _run_embedded(config: RunConfig, run_id: str, files: Path, vcpus: int | None, console: Console) -> Outcome:
    with open_embedded_cloud(vcpus=vcpus) as cloud:
        deployment = Deployment(cloud.outputs, cloud.client)
        epoch = local_checkpoints.restore(deployment, run_id, files)
        begun = f", behind epoch {epoch}" if epoch else ""
        said = f"run {run_id}: {config.islands} island(s) of {config.population}{begun}"
        console.print(said, highlight=False, soft_wrap=True)
        execution_input = {"resume": run_id} if epoch else config.model_dump(mode="json")
        arn = execution.start(deployment, f"{run_id[:70]}-resumed" if epoch else run_id, execution_input)
        with progress(console, config) as report:

            def on_epoch(closed: EpochRecord) -> None:
                local_checkpoints.keep(deployment, closed, files)
                report(closed)

            outcome = execution.follow(deployment, arn, run_id, epoch + 1, on_epoch)
        run_folder.fetch_artefacts(deployment, run_id, files)
    if outcome.status == "SUCCEEDED":
        local_checkpoints.forget(files)
    return outcome
