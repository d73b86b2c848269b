"""`worstsort up`: the embedded cloud, for any AWS client."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from worstsort_cli import extras, options
from worstsort_cli.clouds import served
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.output import print_error, print_json, print_line

if TYPE_CHECKING:
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
@click.option("--quiet", is_flag=True, help="Do not say which executions start and end.")
@options.as_json
def up(port: int, vcpus: int | None, *, quiet: bool, as_json: bool) -> None:
    """Serve the system on this machine until Ctrl-C.

    The embedded cloud listens on loopback only, and takes only requests signed with a secret that is drawn at each
    start. It prints the environment variables that point the `aws` command, or any AWS client, at it, and keeps them
    in a file that only you can read, where `worstsort start`, `watch`, `stop`, `resume`, `runs`, `leaderboard` and
    `report` find them. Which executions start and end is said on standard error.

    \b
    Examples:
      worstsort up
      worstsort up --port 0 --json            any free port; the endpoint and the variables as JSON
    """  # noqa: D301 - see main
    extras.require("embedded")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    where = f"`worstsort up` has printed them, and for the user who started it they are in {served.folder()}"
    with (
        open_embedded_cloud(port, vcpus, where, _say_nothing if quiet else print_error) as cloud,
        served.published(cloud.environment),
    ):
        _announce(cloud, as_json=as_json)
        stop.wait()
    print_error("# The embedded cloud is down.")


def _announce(cloud: EmbeddedCloud, *, as_json: bool) -> None:
    if as_json:
        print_json({"endpoint": cloud.endpoint_url, "environment": cloud.environment, "outputs": cloud.outputs})
        return
    print_line(f"# The embedded cloud is up at {cloud.endpoint_url}; press Ctrl-C to stop it. In another terminal:")
    for name, value in cloud.environment.items():
        print_line(f"export {name}={value}")
    print_line(f"# {cloud.outputs['StartCommand']}")


def _say_nothing(_line: str) -> None:
    """Say nothing of what happens."""
