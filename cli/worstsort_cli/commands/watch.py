"""`worstsort watch`: the live status of a run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
from rich.live import Live
from rich.table import Table

from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.status import Snapshot, describe, one_line, take_snapshot
from worstsort_cli.errors import CommandFailed
from worstsort_cli.output import console, print_error, print_json, print_line, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort_cli.clouds.deployment import Deployment


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option(
    "--every", type=click.FloatRange(min=0.05), default=2.0, show_default=True, help="Seconds between updates."
)
@click.option("--once", is_flag=True, help="Show the status once and exit.")
@options.stack
@options.as_json
def watch(run_id: str | None, every: float, stack: str | None, *, once: bool, as_json: bool) -> None:
    """Watch a run until it ends.

    Shows the epoch, the best count so far, evaluations per second, how long the run may still take, and its cost so
    far. RUN defaults to the newest run. Ctrl-C stops watching, not the run. Without a terminal, a line is printed
    whenever something has changed; with --json, a JSON document.

    \b
    Examples:
      worstsort watch
      worstsort watch pdq-1000 --stack prod --every 30
      worstsort watch --once --json
    """  # noqa: D301 - see main
    deployment = connect(stack)
    chosen = run_id or lookup.latest(deployment).run_id
    snapshots = _snapshots(deployment, chosen, every, once=once)
    show = _as_json if as_json else _live if console().is_terminal else _lines
    try:
        last = show(snapshots)
    except KeyboardInterrupt:
        print_error(f"stopped watching; run {chosen} continues")
        return
    if last.status not in {"RUNNING", "SUCCEEDED"}:
        # The cause is among what has been shown.
        raise CommandFailed(f"run {chosen} {last.status.lower().replace('_', ' ')}")


def _snapshots(deployment: Deployment, run_id: str, every: float, *, once: bool) -> Iterator[Snapshot]:
    while True:
        snapshot = take_snapshot(deployment, run_id)
        yield snapshot
        if once or snapshot.status != "RUNNING":
            return
        time.sleep(every)


def _live(snapshots: Iterator[Snapshot]) -> Snapshot:
    with Live(console=console(), auto_refresh=False) as live:
        for snapshot in snapshots:
            live.update(_panel(snapshot), refresh=True)
    return snapshot


def _panel(snapshot: Snapshot) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    for label, content in describe(snapshot):
        table.add_row(text(label), text(content))
    return table


def _lines(snapshots: Iterator[Snapshot]) -> Snapshot:
    return _on_change(snapshots, lambda snapshot: print_line(one_line(snapshot)))


def _as_json(snapshots: Iterator[Snapshot]) -> Snapshot:
    return _on_change(snapshots, lambda snapshot: print_json(snapshot.as_json()))


def _on_change(snapshots: Iterator[Snapshot], show: Callable[[Snapshot], None]) -> Snapshot:
    shown = None
    for snapshot in snapshots:
        state = (snapshot.status, snapshot.epoch, snapshot.islands_done)
        if state != shown:
            show(snapshot)
            shown = state
    return snapshot
