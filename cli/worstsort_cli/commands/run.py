"""`worstsort run`: the whole pipeline in the embedded cloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort_cli import configuration, execution, folder, options, output
from worstsort_cli.deployment import Deployment
from worstsort_cli.errors import CommandFailed
from worstsort_cli.progress import progress
from worstsort_cli.project import project_root
from worstsort_cli.summary import print_summary

if TYPE_CHECKING:
    from typing import TextIO

    from rich.console import Console

    from worstsort.runs.config import RunConfig
    from worstsort_cli.execution import Outcome


@click.command()
@options.configuration
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="runs", show_default=True)
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine]")
@options.as_json
def run(input_file: TextIO | None, out: Path, vcpus: int | None, *, as_json: bool, **fields: Any) -> None:
    """Evolve a worst case on this machine.

    It is the deployed system's own template, state machine, functions and worker that run, in an embedded cloud.

    \b
    Examples:
      worstsort run --size 500 --max-epochs 40
      worstsort run --preset classic --target go1.12 --size 1000
      worstsort run --input examples/quick.json --seed 7 --json
    """  # noqa: D301 - see main
    config = configuration.read(input_file, fields)
    run_id = folder.free_run_id(out, config)
    console = output.console(stderr=as_json)
    outcome = _run_embedded(config, run_id, out / run_id, vcpus, console)
    if outcome.status != "SUCCEEDED":
        raise CommandFailed(f"run {run_id} {outcome.status.lower()}: {outcome.cause}")
    if as_json:
        output.print_json(outcome.output | {"files": str(out / run_id)})
    else:
        print_summary(console, outcome.output, out / run_id)


def _run_embedded(config: RunConfig, run_id: str, files: Path, vcpus: int | None, console: Console) -> Outcome:
    from worstsort_embedded import EmbeddedCloud  # noqa: PLC0415 - importing moto takes a second; refusals need none

    root = project_root()
    folder.begin(files, config)
    console.print(f"run {run_id}: {config.islands} island(s) of {config.population}", highlight=False, soft_wrap=True)
    with EmbeddedCloud(root, vcpus=vcpus) as cloud:
        deployment = Deployment(cloud.outputs, cloud.client)
        arn = execution.start(deployment, run_id, config.model_dump(mode="json"))
        with progress(console, config) as report:
            outcome = execution.follow(deployment, arn, run_id, 1, report)
        folder.fetch_artefacts(deployment, run_id, files)
    return outcome
