"""`worstsort run`: the whole pipeline in the embedded cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from worstsort.runs.config import RunConfig, load_json
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.projection import excesses
from worstsort_cli import execution, folder
from worstsort_cli.deployment import Deployment
from worstsort_cli.errors import CommandFailed
from worstsort_cli.progress import progress
from worstsort_cli.project import project_root
from worstsort_cli.summary import print_summary

if TYPE_CHECKING:
    from typing import TextIO

    from worstsort_cli.execution import Outcome


@click.command()
@click.option("--target", help="Which sort: go1.12, go1.19, pdqsort, stable or heapsort.  [default: go1.12]")
@click.option("--size", type=int, help="Integers in the input that is evolved.  [default: 100]")
@click.option("--population", type=int, help="Individuals an island.")
@click.option("--islands", type=int, help="Populations that evolve apart, a process each.  [default: 2]")
@click.option("--generations-per-epoch", type=int, help="Generations between two migrations.  [default: 20]")
@click.option("--max-epochs", type=int, help="Epochs at most.  [default: 20]")
@click.option("--seed", type=int, help="Same seed, same champion.  [default: 1]")
@click.option("--preset", help="A named set of defaults: strong or classic.  [default: strong]")
@click.option("--input", "input_file", type=click.File("r"), help="JSON input of the execution; options override it.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="runs", show_default=True)
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def run(input_file: TextIO | None, out: Path, vcpus: int | None, *, as_json: bool, **fields: Any) -> None:
    """Evolve a worst case: the deployed system's own template, state machine and worker, on this machine.

    \b
    Examples:
      worstsort run --size 500 --max-epochs 40
      worstsort run --preset classic --target go1.12 --size 1000
      worstsort run --input examples/quick.json --seed 7 --json
    """  # noqa: D301 - see main
    config = _config(input_file, fields)
    run_id = folder.free_run_id(out, config)
    console = Console(stderr=as_json)
    outcome = _run_embedded(config, run_id, out / run_id, vcpus, console)
    if outcome.status != "SUCCEEDED":
        raise CommandFailed(f"run {run_id} {outcome.status.lower()}: {outcome.cause}")
    if as_json:
        click.echo(json.dumps(outcome.output | {"files": str(out / run_id)}))
    else:
        print_summary(console, outcome.output, out / run_id)


def _config(input_file: TextIO | None, fields: dict[str, Any]) -> RunConfig:
    raw = load_json(input_file.read(), "--input") if input_file else {}
    if not isinstance(raw, dict):
        raise InputRefused([Problem("--input", raw, "a JSON object")])
    given = {name: value for name, value in fields.items() if value is not None}
    max_epochs = given.pop("max_epochs", None)
    if max_epochs is not None:
        given["stop"] = (raw.get("stop") or {}) | {"max_epochs": max_epochs}
    config = RunConfig.parse(raw | given)
    problems = excesses(config)
    if problems:
        raise InputRefused(problems)
    return config


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
