"""A run in an embedded cloud of its own, from start to end. This needs the packages of the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.run_id import name_with_suffix
from worstsort.runs.wording import counted
from worstsort_cli.clouds import execution
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.files import local_checkpoints, run_folder
from worstsort_cli.output import print_line
from worstsort_cli.show.live_progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.execution import Outcome


def run_locally(config: RunConfig, run_id: str, folder: Path, vcpus: int | None, console: Console) -> Outcome:
    """Run, or continue, a run on this machine.

    Args:
        config: What to run.
        run_id: Its id.
        folder: Where its files go; a run that was interrupted continues from what it has kept there.
        vcpus: What its jobs share, by default all of this machine's.
        console: Where progress is shown.

    Returns:
        How the run ended.
    """
    with open_embedded_cloud(vcpus=vcpus) as cloud:
        deployment = Deployment(cloud.outputs, cloud.client)
        epoch = local_checkpoints.restore(deployment.store, run_id, folder)
        print_line(_title(config, run_id, epoch), console)
        execution_input = {"resume": run_id} if epoch else config.model_dump(mode="json")
        name = name_with_suffix(run_id, "-resumed") if epoch else run_id
        arn = execution.start(deployment, name, execution_input)
        with progress(console, config) as report:

            def on_epoch(closed: EpochRecord) -> None:
                local_checkpoints.keep(deployment.store, closed, folder)
                report(closed)

            outcome = execution.follow(deployment, arn, run_id, epoch + 1, on_epoch)
        run_folder.fetch_artefacts(deployment.store, run_id, folder)
    if outcome.status == "SUCCEEDED":
        local_checkpoints.forget(folder)
    return outcome


def _title(config: RunConfig, run_id: str, epoch: int) -> str:
    individuals = counted(config.population, "individual")
    each = " each" if config.islands > 1 else ""
    continued = f", continued after epoch {epoch}" if epoch else ""
    return f"run {run_id}: {counted(config.islands, 'island')}, {individuals}{each}{continued}"
