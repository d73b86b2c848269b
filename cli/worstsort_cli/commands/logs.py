"""`worstsort logs`: what the islands of a run say of their work."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.status import Status
from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.job_log import JobLog
from worstsort_cli.clouds.this_machine import complete_runs, folder_of_runs, folder_option
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.files.run_folder.log import FILE_NAME, RunLog
from worstsort_cli.output import console, print_line, print_result
from worstsort_cli.show.log_line import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.files.run_folder.log import LogLine

    Look = Callable[[], tuple[list[LogLine], bool]]

_POLL_SECONDS = 2.0
"""Between two looks with --follow."""


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False, shell_complete=complete_runs)
@click.option("--island", type=click.IntRange(0), help="Only what this island says.")
@click.option("--follow", "-f", is_flag=True, help="Go on until the run ends.")
@folder_option
@options.stack
@options.as_json
def logs(
    run_id: str | None, island: int | None, folder: Path | None, stack: str | None, *, follow: bool, as_json: bool
) -> None:
    """Show what the islands of a run have logged.

    Of a run in a cloud, CloudWatch Logs is asked; a run on this machine keeps its log in its folder. RUN defaults to
    the newest run. With --json, each line is printed as it was logged, among them those that metrics are made of.

    \b
    Examples:
      worstsort logs
      worstsort logs pdq-1000 --stack prod --island 3 -f
    """  # noqa: D301 - see main
    run, look = _source(run_id, folder, stack)
    if island is not None and island >= run.config.islands:
        raise InputRefused([Problem("--island", island, f"0 to {run.config.islands - 1}, the islands of {run.run_id}")])
    said = False
    for line in _lines(look, follow=follow):
        if island is not None and line.island != island:
            continue
        shown = line.text if as_json else in_words(line.at_ms, line.text, line.fields)
        if shown is not None:
            said = True
            print_result(shown)
    if not said:
        print_line(f"no log of run {run.run_id} is kept here", console(stderr=True))


def _lines(look: Look, *, follow: bool) -> Iterator[LogLine]:
    while True:
        found, ended = look()
        yield from found
        if ended or not follow:
            return
        time.sleep(_POLL_SECONDS)


def _source(run_id: str | None, folder: Path | None, stack: str | None) -> tuple[RunRecord, Look]:
    """Return a run, and what gives its new lines and whether it has ended and no line can follow."""
    here = folder_of_runs(folder, stack)
    return _on_this_machine(here, run_id) if here else _in_a_cloud(connect(stack), run_id)


def _on_this_machine(folder: Path, run_id: str | None) -> tuple[RunRecord, Look]:
    run, shown = local_runs.find(folder, run_id), 0
    chosen = run.run_id

    def look() -> tuple[list[LogLine], bool]:
        nonlocal shown
        ended = local_runs.find(folder, chosen).status is not Status.RUNNING
        lines = RunLog(folder / chosen / FILE_NAME).read()
        new, shown = lines[shown:], len(lines)
        return new, ended

    return run, look


def _in_a_cloud(deployment: Deployment, run_id: str | None) -> tuple[RunRecord, Look]:
    run = lookup.find(deployment, run_id) if run_id else lookup.latest(deployment)
    log = JobLog(deployment, run.run_id, int(datetime.fromisoformat(run.started_at).timestamp() * 1000))

    def look() -> tuple[list[LogLine], bool]:
        ended = lookup.current(deployment, run.run_id).status is not Status.RUNNING
        return log.new_lines(), ended

    return run, look
