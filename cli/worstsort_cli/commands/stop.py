"""`worstsort stop`: stop a run."""

from __future__ import annotations

import click

from worstsort.runs.wording import counted
from worstsort_cli import options
from worstsort_cli.clouds import acting
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.output import print_json, print_line


@click.command()
@click.argument("run_id", metavar="RUN")
@options.stack
@options.as_json
def stop(run_id: str, stack: str | None, *, as_json: bool) -> None:
    """Stop a run.

    Its jobs are stopped too; `worstsort resume` continues it.

    \b
    Example:
      worstsort stop pdq-1000 --stack prod
    """  # noqa: D301 - see main
    run = acting.stop(connect(stack), run_id)
    if as_json:
        print_json({"run_id": run_id, "stopped": run.execution_arn})
    else:
        print_line(f"stopped {run_id} after {counted(run.epoch, 'epoch')}; `worstsort resume {run_id}` continues it")
