"""A run in an embedded cloud of its own, from start to end. This needs the packages of the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.run_id import name_with_suffix
from worstsort.runs.wording import counted
from worstsort_cli.clouds import execution
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.files.run_folder import kept_epochs, results
from worstsort_cli.files.run_folder.keeper import Keeper
from worstsort_cli.output import print_line
from worstsort_cli.show.live_progress import progress

if TYPE_CHECKING:
    from rich.console import Console

    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.execution import Outcome
    from worstsort_cli.files.run_folder.beginning import Beginning
    from worstsort_cli.files.run_folder.folder import RunFolder


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
    kept = kept_epochs.load(folder.state, begun)
    kept_epochs.tidy(folder.state, kept.epoch)
    for reason in kept.refused:
        print_line(f"not used: {reason}", console)
    with open_embedded_cloud(vcpus=vcpus) as cloud:
        deployment = Deployment(cloud.outputs, cloud.client)
        kept.put_back(deployment.store)
        print_line(_title(begun, kept.epoch), console)
        execution_input = {"resume": begun.run_id} if kept.epoch else begun.config.model_dump(mode="json")
        name = name_with_suffix(begun.run_id, "-resumed") if kept.epoch else begun.run_id
        arn = execution.start(deployment, name, execution_input)
        keeper = Keeper(folder, deployment.store, kept.epoch, lambda line: print_line(line, console))
        with progress(console, begun.config) as report:

            def on_epoch(closed: EpochRecord) -> None:
                keeper.keep(closed)
                report(closed)

            outcome = execution.follow(deployment, arn, begun.run_id, kept.epoch + 1, on_epoch)
        if outcome.status == "SUCCEEDED":
            results.leave(deployment.store, folder)
    if outcome.status == "SUCCEEDED":
        folder.forget_state()
    return outcome


def _title(begun: Beginning, epoch: int) -> str:
    config = begun.config
    individuals = counted(config.population, "individual")
    each = " each" if config.islands > 1 else ""
    continued = f", continued after epoch {epoch}" if epoch else ""
    return f"run {begun.run_id}: {counted(config.islands, 'island')}, {individuals}{each}{continued}"
