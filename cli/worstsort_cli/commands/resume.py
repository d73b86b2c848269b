"""`worstsort resume`: continue a run that was stopped or failed."""

from __future__ import annotations

import click

from worstsort_cli import options
from worstsort_cli.clouds import acting
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.output import print_json, print_line


@click.command()
@click.argument("run_id", metavar="RUN")
@options.stack
@options.as_json
def resume(run_id: str, stack: str | None, *, as_json: bool) -> None:
    """Continue a run that ended early.

    It continues after its last closed epoch and finds the same champion as if it had never ended. The run keeps its
    id; the execution that continues it has a name of its own, because no name can be used twice.

    \b
    Example:
      worstsort resume pdq-1000 --stack prod
    """  # noqa: D301 - see main
    run, arn = acting.resume(connect(stack), run_id)
    if as_json:
        print_json({"run_id": run_id, "execution_arn": arn})
    else:
        print_line(f"resumed {run_id} after epoch {run.epoch}")
