"""`worstsort open`: the report of a run, in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli.clouds.this_machine import complete_runs, default_folder_option
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.output import print_line

if TYPE_CHECKING:
    from pathlib import Path


@click.command("open")
@click.argument("run_id", metavar="[RUN]", required=False, shell_complete=complete_runs)
@default_folder_option
def open_report(run_id: str | None, folder: Path) -> None:
    """Open the report of a run on this machine in the browser.

    RUN defaults to the newest run. `worstsort report --open` does it for a run in a cloud.

    \b
    Examples:
      worstsort open
      worstsort open go1_24-n100-strong-seed1-b7682c
    """  # noqa: D301 - see main
    path = local_runs.report(folder, local_runs.find(folder, run_id))
    print_line(str(path))
    if click.launch(str(path.resolve())) != 0:
        raise CommandFailed("no browser could be opened here; the file is a page that any browser reads")
