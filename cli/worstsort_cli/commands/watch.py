"""`worstsort watch`: a live look at a run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
from rich.live import Live
from rich.table import Table

from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.status import Glance, describe, glance, one_line
from worstsort_cli.errors import CommandFailed
from worstsort_cli.output import console, print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort_cli.clouds.deployment import Deployment


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option("--every", type=click.FloatRange(min=0.05), default=2.0, show_default=True, help="Seconds between looks.")
@click.option("--once", is_flag=True, help="Look once and leave.")
@options.stack
@options.as_json
def watch(run_id: str | None, every: float, stack: str | None, *, once: bool, as_json: bool) -> None:
    """Watch a run until it ends.

    By default the newest one; Ctrl-C leaves it running. Shows the epoch, the best so far, evaluations a second,
    the time that the termination rule leaves, and the cost so far. Without a terminal it prints a line whenever
    something has changed; with --json each is a JSON document.

    \b
    Examples:
      worstsort watch
      worstsort watch pdq-1000 --stack prod --every 30
      worstsort watch --once --json
    """  # noqa: D301 - see main
    deployment = connect(stack)
    chosen = run_id or lookup.latest(deployment).run_id
    looks = _looks(deployment, chosen, every, once=once)
    show = _as_json if as_json else _live if console().is_terminal else _lines
    try:
        last = show(looks)
    except KeyboardInterrupt:
        click.echo(f"left; run {chosen} goes on", err=True)
        return
    if last.status not in {"RUNNING", "SUCCEEDED"}:
        raise CommandFailed(f"run {chosen} {last.status.lower()}: {last.reason}")


def _looks(deployment: Deployment, run_id: str, every: float, *, once: bool) -> Iterator[Glance]:
    while True:
        seen = glance(deployment, run_id)
        yield seen
        if once or seen.status != "RUNNING":
            return
        time.sleep(every)


def _live(looks: Iterator[Glance]) -> Glance:
    with Live(console=console(), auto_refresh=False) as live:
        for seen in looks:
            live.update(_panel(seen), refresh=True)
    return seen


def _panel(seen: Glance) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    for label, text in describe(seen):
        table.add_row(label, text)
    return table


def _lines(looks: Iterator[Glance]) -> Glance:
    return _on_change(looks, lambda seen: print_line(one_line(seen)))


def _as_json(looks: Iterator[Glance]) -> Glance:
    return _on_change(looks, lambda seen: print_json(seen.as_json()))


def _on_change(looks: Iterator[Glance], show: Callable[[Glance], None]) -> Glance:
    shown = None
    for seen in looks:
        state = (seen.status, seen.epoch, seen.islands_done)
        if state != shown:
            show(seen)
            shown = state
    return seen
