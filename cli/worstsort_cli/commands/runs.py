"""`worstsort runs`: all runs and their status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.this_machine import folder_of_runs, folder_option
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.runs.records import RunRecord

_COLUMNS = ("run", "status", "target", "size", "preset", "islands", "epoch", "best", "evaluations", "started")


@click.command()
@folder_option
@options.stack
@options.as_json
def runs(folder: Path | None, stack: str | None, *, as_json: bool) -> None:
    """List all runs, newest first.

    \b
    Examples:
      worstsort runs                          of the embedded cloud that `worstsort up` serves, or else in ./runs
      worstsort runs --stack prod --json | jq -r '.[] | select(.status == "RUNNING") | .run_id'
    """  # noqa: D301 - see main
    here = folder_of_runs(folder, stack)
    recorded = local_runs.runs(here) if here else lookup.runs(connect(stack))
    if as_json:
        print_json([run.model_dump(mode="json") for run in recorded])
    elif recorded:
        print_table(_COLUMNS, map(_row, recorded))
    else:
        print_line(f"there are no runs yet; `worstsort {'run' if here else 'start'}` starts one")


def _row(run: RunRecord) -> tuple[object, ...]:
    config, started = run.config, run.started_at[:19].replace("T", " ")
    epoch = f"{run.epoch}/{config.stop.max_epochs}"
    best = run.best if run.best is not None else "-"
    return (
        run.run_id, run.status.value, config.target, config.size, config.preset, config.islands, epoch, best,
        run.evaluations, started,
    )  # fmt: skip
