"""`worstsort runs`: all runs and their status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from worstsort.runs.records import RunRecord

_COLUMNS = ("run", "status", "target", "size", "preset", "islands", "epoch", "best", "evaluations", "started")


@click.command()
@options.stack
@options.as_json
def runs(stack: str | None, *, as_json: bool) -> None:
    """List all runs, newest first.

    \b
    Examples:
      worstsort runs                          of the embedded cloud that `worstsort up` serves
      worstsort runs --stack prod --json | jq -r '.[] | select(.status == "RUNNING") | .run_id'
    """  # noqa: D301 - see main
    recorded = lookup.runs(connect(stack))
    if as_json:
        print_json([run.model_dump(mode="json") for run in recorded])
    elif recorded:
        print_table(_COLUMNS, map(_row, recorded))
    else:
        print_line("there are no runs yet; `worstsort start` starts one")


def _row(run: RunRecord) -> tuple[object, ...]:
    config, started = run.config, run.started_at[:19].replace("T", " ")
    epoch = f"{run.epoch}/{config.stop.max_epochs}"
    best = run.best if run.best is not None else "-"
    return (
        run.run_id, run.status.value, config.target, config.size, config.preset, config.islands, epoch, best,
        run.evaluations, started,
    )  # fmt: skip
