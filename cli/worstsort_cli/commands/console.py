"""`worstsort console`: pages in the browser that show runs and act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort_cli import extras, interruption, options
from worstsort_cli.clouds.this_machine import default_folder_option
from worstsort_cli.errors import CommandFailed
from worstsort_cli.output import print_error, print_json, print_line

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PORT = 4580
"""Where the console listens unless it is told otherwise."""


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="Port; 0: any free port."
)
@click.option("--read-only", is_flag=True, help="Start, stop and resume nothing.")
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@default_folder_option
@options.stack
@options.as_json
def console(port: int, folder: Path, stack: str | None, *, read_only: bool, show: bool, as_json: bool) -> None:
    """Show runs in the browser until Ctrl-C.

    The console listens on loopback only, and lets in only whoever has the address that it prints, which carries a
    token of this start. It reads the embedded cloud that `worstsort up` serves, whenever one is, and the runs in
    ./runs; with --stack a deployed stack, through your own credentials, which never reach the page.

    \b
    Examples:
      worstsort console --open
      worstsort console --stack prod --read-only
    """  # noqa: D301 - see main
    extras.require("console")
    from worstsort_cli.console import opening, server  # noqa: PLC0415 - Flask belongs to an extra

    stop = interruption.set_when_ended()
    reader = opening.of_stack(stack) if stack else opening.of_machine(folder)
    with server.serving(reader, port, read_only=read_only) as address:
        if as_json:
            print_json({"url": address.url, "address": address.base, "read_only": read_only})
        else:
            print_line("# The console is at this address; press Ctrl-C to stop it.")
            print_line(address.url)
        if show and click.launch(address.url) != 0:
            raise CommandFailed("no browser could be opened here; open the address in one")
        stop.wait()
    print_error("# The console is closed.")
