"""`worstsort up`: the embedded cloud, for any AWS client."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from worstsort_cli import extras, interruption, options
from worstsort_cli.clouds import served
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.clouds.this_machine import DEFAULT_FOLDER
from worstsort_cli.output import print_error, print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_embedded import EmbeddedCloud


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=served.DEFAULT_PORT,
    show_default=True,
    help="Port; 0 means any free port.",
)
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine's]")
@click.option("--console/--no-console", "pages", default=True, help="Serve the console, too.", show_default=True)
@click.option("--quiet", is_flag=True, help="Do not say which executions start and end.")
@options.as_json
def up(port: int, vcpus: int | None, *, pages: bool, quiet: bool, as_json: bool) -> None:
    """Serve the system on this machine until Ctrl-C.

    The embedded cloud listens on loopback only, and takes only requests signed with a secret that is drawn at each
    start. It prints the environment variables that point the `aws` command, or any AWS client, at it, and keeps them
    in a file that only you can read, where `worstsort start`, `watch`, `stop`, `resume`, `runs`, `leaderboard` and
    `report` find them. Which executions start and end is said on standard error. The console's address, which
    `worstsort console` would print, lets whoever has it act on runs from a browser.

    \b
    Examples:
      worstsort up
      worstsort up --port 0 --json            any free port; the endpoint and the variables as JSON
    """  # noqa: D301 - see main
    extras.require("embedded")
    stop = interruption.set_when_ended()
    where = f"`worstsort up` has printed them, and for the user who started it they are in {served.folder()}"
    with ExitStack() as open_:
        cloud = open_.enter_context(open_embedded_cloud(port, vcpus, where, _say_nothing if quiet else print_error))
        open_.enter_context(served.published(cloud.environment))
        _announce(cloud, open_.enter_context(_console(cloud)) if pages else None, as_json=as_json)
        stop.wait()
    print_error("# The embedded cloud is down.")


@contextmanager
def _console(cloud: EmbeddedCloud) -> Iterator[str]:
    """Serve the console of a cloud of this process on any free port, and return its address."""
    from worstsort_cli.console import opening, server  # noqa: PLC0415 - Flask belongs to an extra

    with server.serving(opening.of_deployment(Deployment(cloud.outputs, cloud.client), DEFAULT_FOLDER), 0) as address:
        yield address.url


def _announce(cloud: EmbeddedCloud, console: str | None, *, as_json: bool) -> None:
    if as_json:
        told = {"endpoint": cloud.endpoint_url, "environment": cloud.environment, "outputs": cloud.outputs}
        print_json(told | ({"console": console} if console else {}))
        return
    print_line(f"# The embedded cloud is up at {cloud.endpoint_url}; press Ctrl-C to stop it. In another terminal:")
    for name, value in cloud.environment.items():
        print_line(f"export {name}={value}")
    print_line(f"# {cloud.outputs['StartCommand']}")
    if console:
        print_line(f"# In a browser: {console}")


def _say_nothing(_line: str) -> None:
    """Say nothing of what happens."""
