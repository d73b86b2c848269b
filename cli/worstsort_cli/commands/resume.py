"""`worstsort resume`: continue a run that was stopped or failed."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from worstsort.runs.run_id import name_with_suffix
from worstsort.runs.status import Status
from worstsort_cli import options
from worstsort_cli.clouds import execution, lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.errors import CommandFailed
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
    deployment = connect(stack)
    run = lookup.wait_until_ended(deployment, run_id)
    if run.status in {Status.RUNNING, Status.SUCCEEDED}:
        raise CommandFailed(f"run {run_id} cannot be resumed: it is {run.status.value}")
    suffix = datetime.now(UTC).strftime("-resumed-%Y%m%d-%H%M%S")
    arn = execution.start(deployment, name_with_suffix(run_id, suffix), {"resume": run_id})
    lookup.wait_until_resumed(deployment, run, arn)
    if as_json:
        print_json({"run_id": run_id, "execution_arn": arn})
    else:
        print_line(f"resumed {run_id} after epoch {run.epoch}")
