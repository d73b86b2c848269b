"""Runs of this machine in an embedded cloud, from start to end. This needs the packages of the embedded cloud."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from worstsort.runs.errors import RunNotFound
from worstsort.runs.run_id import name_with_suffix
from worstsort.runs.wording import counted
from worstsort_cli.clouds import execution
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.clouds.execution import Following
from worstsort_cli.clouds.foreign_target import put_target
from worstsort_cli.clouds.tracker import Tracker
from worstsort_cli.files.run_folder import kept_epochs, results
from worstsort_cli.files.run_folder.keeper import Keeper
from worstsort_cli.output import print_line
from worstsort_cli.show.view import view

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.execution import Outcome
    from worstsort_cli.files.run_folder.beginning import Beginning
    from worstsort_cli.files.run_folder.folder import RunFolder
    from worstsort_cli.files.run_folder.kept_epochs import Kept

_LOOK_SECONDS = 0.5
"""Between two looks at what the run is doing."""


def run_locally(folder: RunFolder, vcpus: int | None, console: Console) -> Outcome:
    """Run, or continue, a run on this machine.

    Args:
        folder: Where its files go; a run that was interrupted continues from what it has kept there.
        vcpus: What its jobs share, by default all of this machine's.
        console: Where progress is shown.

    Returns:
        How the run ended.

    Raises:
        CommandFailed: What the run has kept cannot be trusted, or its files cannot be written where they belong.
    """
    begun = folder.beginning
    kept = kept_of(folder, console)
    with view(console) as shown:
        shown.say(_title(begun, kept.epoch))
        shown.doing("starting the cloud on this machine")
        with open_embedded_cloud(vcpus=vcpus, expected=[begun.config], say=shown.preparing) as cloud:
            deployment = Deployment(cloud.outputs, cloud.owners_client, wait=cloud.wait_for_change)
            cloud.wait_until_warm()
            most = begun.config.stop.max_epochs
            following = start(folder, kept, deployment, console, lambda closed: shown.closed(closed, most))
            tracker = Tracker(deployment, begun.run_id, folder.log.append)
            outcome = execution.follow(following, deployment, _now_and_then(lambda: shown.show(tracker.snapshot())))
            tracker.listen()
            if outcome.status == "SUCCEEDED":
                shown.doing("writing the files")
                leave(folder, deployment, outcome)
            elif begun.config.foreign is not None:
                results.leave_counterexample(deployment.store, folder, lambda line: print_line(line, console))
    return outcome


def _now_and_then(look: Callable[[], None]) -> Callable[[], None]:
    """Return a function that looks at a run when it has not done so for a while."""
    due = 0.0

    def look_if_due() -> None:
        nonlocal due
        if time.monotonic() >= due:
            with suppress(RunNotFound):  # it is being prepared
                look()
            due = time.monotonic() + _LOOK_SECONDS

    return look_if_due


def kept_of(folder: RunFolder, console: Console) -> Kept:
    """Return what a run has kept in its folder; say what of it cannot be used.

    Raises:
        CommandFailed: It cannot be trusted.
    """
    kept = kept_epochs.load(folder.state, folder.beginning)
    kept_epochs.tidy(folder.state, kept.epoch)
    for reason in kept.refused:
        print_line(f"not used: {reason}", console)
    return kept


def start(
    folder: RunFolder, kept: Kept, deployment: Deployment, console: Console, report: Callable[[EpochRecord], None]
) -> Following:
    """Start a run in a cloud that knows nothing of it yet, or continue it after the epochs that it has kept.

    Args:
        folder: Where closed epochs are kept, as soon as the run is followed.
        kept: What is kept there.
        deployment: The cloud.
        console: Where the user reads what could not be kept.
        report: Called with every closed epoch.
    """
    begun = folder.beginning
    kept.put_back(deployment.store)
    put_target(deployment.store, begun.config)
    execution_input = {"resume": begun.run_id} if kept.epoch else begun.config.model_dump(mode="json")
    name = name_with_suffix(begun.run_id, "-resumed") if kept.epoch else begun.run_id
    arn = execution.start(deployment, name, execution_input)
    keeper = Keeper(folder, deployment.store, kept.epoch, lambda line: print_line(line, console))

    def on_epoch(closed: EpochRecord) -> None:
        keeper.keep(closed)
        report(closed)

    return Following(deployment, arn, begun.run_id, kept.epoch + 1, on_epoch)


def leave(folder: RunFolder, deployment: Deployment, outcome: Outcome) -> None:
    """Write the files of a run that has succeeded, and delete what continuing it would have needed.

    Args:
        folder: The run's.
        deployment: Where it ran.
        outcome: How it ended.

    Raises:
        CommandFailed: They cannot be written where they belong.
    """
    results.leave(deployment.store, folder, outcome.output)
    folder.forget_state()


def _title(begun: Beginning, epoch: int) -> str:
    config = begun.config
    individuals = counted(config.population, "individual")
    each = " each" if config.islands > 1 else ""
    continued = f", continued after epoch {epoch}" if epoch else ""
    return f"run {begun.run_id}: {counted(config.islands, 'island')}, {individuals}{each}{continued}"
