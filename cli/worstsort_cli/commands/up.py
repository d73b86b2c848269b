"""`worstsort up`: the embedded cloud, for any AWS client."""

from __future__ import annotations

import signal
import threading

import click

from worstsort_cli.project import project_root


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=4566, show_default=True, help="Port; 0 means any.")
@click.option("--vcpus", type=click.IntRange(1, 1024), help="vCPUs that jobs share.  [default: all of this machine]")
def up(port: int, vcpus: int | None) -> None:
    """Serve the deployed system on this machine, on loopback, until Ctrl-C.

    It prints the environment variables that point the ordinary `aws` command line, or any AWS client, at it.
    """
    from worstsort_embedded import EmbeddedCloud  # noqa: PLC0415 - importing moto takes a second

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with EmbeddedCloud(project_root(), port=port, vcpus=vcpus) as cloud:
        click.echo(f"# The embedded cloud is up at {cloud.endpoint_url}; Ctrl-C ends it. In another terminal:")
        for name, value in cloud.environment.items():
            click.echo(f"export {name}={value}")
        click.echo(f"# {cloud.outputs['StartCommand']}")
        stop.wait()
    click.echo("# down", err=True)
