"""`worstsort watch`: the live status of a run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from worstsort_cli import options
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.status import of_record
from worstsort_cli.clouds.this_machine import complete_runs, folder_of_runs, folder_option
from worstsort_cli.clouds.tracker import Tracker, bound_of, latest, with_details
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.files.run_folder.log import FILE_NAME, RunLog
from worstsort_cli.output import console, print_error, print_json, print_line
from worstsort_cli.show.snapshot import Snapshot, describe, one_line
from worstsort_cli.show.view import PlainView, view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False, shell_complete=complete_runs)
@click.option(
    "--every", type=click.FloatRange(min=0.05), default=2.0, show_default=True, help="Seconds between updates."
)
@click.option("--once", is_flag=True, help="Show the status once and exit.")
@folder_option
@options.stack
@options.as_json
def watch(
    run_id: str | None, every: float, folder: Path | None, stack: str | None, *, once: bool, as_json: bool
) -> None:
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
    chosen, take = _source(run_id, folder, stack)
    snapshots = _snapshots(take, every, once=once)
    show = _as_json if as_json else _live if console().is_terminal and not once else _lines
    try:
        last = show(snapshots)
    except KeyboardInterrupt:
        print_error(f"stopped watching; run {chosen} continues")
        return
    if last.status not in {"RUNNING", "SUCCEEDED"}:
        # The cause is among what has been shown.
        raise CommandFailed(f"run {chosen} {last.status.lower().replace('_', ' ')}")


def _source(run_id: str | None, folder: Path | None, stack: str | None) -> tuple[str, Callable[[], Snapshot]]:
    """Return the run to watch, and what takes a snapshot of it."""
    here = folder_of_runs(folder, stack)
    if here:
        found = local_runs.find(here, run_id).run_id
        return found, lambda: _here(here, found)
    deployment = connect(stack)
    chosen = run_id or lookup.latest(deployment).run_id
    return chosen, Tracker(deployment, chosen).snapshot


def _here(folder: Path, run_id: str) -> Snapshot:
    """Return how far a run on this machine is, by its folder."""
    record = local_runs.find(folder, run_id)
    said = latest(RunLog(folder / run_id / FILE_NAME).read())
    return with_details(of_record(record), "", said, bound_of(record.config) or None, [])


def _snapshots(take: Callable[[], Snapshot], every: float, *, once: bool) -> Iterator[Snapshot]:
    while True:
        snapshot = take()
        yield snapshot
        if once or snapshot.status != "RUNNING":
            return
        time.sleep(every)


def _live(snapshots: Iterator[Snapshot]) -> Snapshot:
    """Show the run as `run` shows it, and in the end all that is known of it."""
    snapshot = next(snapshots)
    with view(console(), snapshot.elapsed_seconds) as shown:
        shown.show(snapshot)
        for snapshot in snapshots:
            shown.show(snapshot)
    for label, content in describe(snapshot):
        print_line(f"{label:<12} {content}")
    return snapshot


def _lines(snapshots: Iterator[Snapshot]) -> Snapshot:
    """Print a line whenever something has changed, and at least every ten seconds."""
    snapshot = next(snapshots)
    with PlainView(console(), snapshot.elapsed_seconds) as shown:

        def follow() -> Iterator[Snapshot]:
            yield snapshot
            for taken in snapshots:
                shown.show(taken)
                yield taken

        return _on_change(follow(), lambda taken: shown.say(one_line(taken)))


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
