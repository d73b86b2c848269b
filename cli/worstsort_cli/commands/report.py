"""`worstsort report`: a page about a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from worstsort.artefacts import report as reports
from worstsort.runs.run_id import check_run_id
from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.this_machine import complete_runs, folder_of_runs, folder_option
from worstsort_cli.files import atomic, regular
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.output import print_json, print_line

if TYPE_CHECKING:
    from worstsort_cli.clouds.deployment import Deployment


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False, shell_complete=complete_runs)
@click.option("--output", "-o", type=OUTPUT_FILE, help="The file to write.  [default: RUN.html]")
@click.option("--picture", type=OUTPUT_FILE, help="Also write the convergence as SVG.")
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@folder_option
@options.stack
@options.as_json
def report(
    run_id: str | None,
    output: Path | None,
    picture: Path | None,
    folder: Path | None,
    stack: str | None,
    *,
    show: bool,
    as_json: bool,
) -> None:
    """Write a page about a run.

    The page is one HTML file that needs no network: convergence with baselines, the champion as a picture, where the
    evaluations went, the configuration, and how to reproduce the run. RUN defaults to the newest run and need not
    have ended. A run that succeeds leaves the same page as report.html among its files.

    \b
    Examples:
      worstsort report --open
      worstsort report pdq-1000 --stack prod -o pdq-1000.html
    """  # noqa: D301 - see main
    here = folder_of_runs(folder, stack)
    if here and picture:
        raise click.UsageError("--picture needs the records of a run, which a cloud has: --stack, or `worstsort up`")
    made = _left(here, run_id) if here else _drawn(connect(stack), run_id)
    path = output or Path(f"{made.run_id}.html")
    atomic.write(path, made.page)
    if picture is not None:
        atomic.write(picture, made.picture)
    if as_json:
        print_json({"run_id": made.run_id, "file": str(path), "bytes": len(made.page)})
    else:
        print_line(f"{path}: {len(made.page) / 1024:,.0f} KB")
    if show:
        click.launch(str(path))


class _Made(NamedTuple):
    """A run's page, and its convergence as a picture, if it can be drawn."""

    run_id: str
    page: bytes
    picture: bytes = b""


def _left(folder: Path, run_id: str | None) -> _Made:
    """Return the page that a run has left on this machine."""
    run = local_runs.find(folder, run_id)
    return _Made(run.run_id, regular.read(local_runs.report(folder, run)))


def _drawn(deployment: Deployment, run_id: str | None) -> _Made:
    """Draw the page from the records of a cloud."""
    chosen = run_id or lookup.latest(deployment).run_id
    check_run_id(chosen, "RUN")  # the file may be named after it
    made = reports.of_run(deployment.store, chosen)
    return _Made(chosen, made.page().encode(), made.picture().encode())
