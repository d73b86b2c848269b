"""`worstsort report`: a page about a run."""

from __future__ import annotations

from pathlib import Path

import click

from worstsort.artefacts import report as reports
from worstsort.runs.run_id import check_run_id
from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.files import atomic
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.output import print_json, print_line


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option("--output", "-o", type=OUTPUT_FILE, help="The file to write.  [default: RUN.html]")
@click.option("--picture", type=OUTPUT_FILE, help="Also write the convergence as SVG.")
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@options.stack
@options.as_json
def report(
    run_id: str | None, output: Path | None, picture: Path | None, stack: str | None, *, show: bool, as_json: bool
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
    deployment = connect(stack)
    chosen = run_id or lookup.latest(deployment).run_id
    check_run_id(chosen, "RUN")  # the file may be named after it
    path = output or Path(f"{chosen}.html")
    made = reports.of_run(deployment.store, chosen)
    atomic.write(path, made.page().encode())
    if picture is not None:
        atomic.write(picture, made.picture().encode())
    if as_json:
        print_json({"run_id": chosen, "file": str(path), "bytes": path.stat().st_size})
    else:
        print_line(f"{path}: {path.stat().st_size / 1024:,.0f} KB")
    if show:
        click.launch(str(path))
