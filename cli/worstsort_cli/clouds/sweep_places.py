"""Where a sweep's runs can run: on this machine, in one embedded cloud for all of them, or on a deployed stack."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from worstsort.runs.errors import RunNotFound
from worstsort.runs.status import Status
from worstsort_cli.clouds import execution, local_run, lookup
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.clouds.execution import Following
from worstsort_cli.clouds.foreign_target import put_target
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import finished, results
from worstsort_cli.files.run_folder.folder import RunFolder, create, is_under_way_in, reopen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.execution import Outcome
    from worstsort_cli.files.sweep_folder.grid import PlannedRun
    from worstsort_cli.files.sweep_folder.manifest import Sweep


class Here:
    """This machine. A run that is interrupted goes on from the epochs that it has kept in its folder."""

    def __init__(self, sweep: Sweep, deployment: Deployment, console: Console) -> None:
        """Run in an open embedded cloud; the console is where people read what cannot be kept."""
        self.deployment, self._sweep, self._console = deployment, sweep, console
        self._opened: dict[str, tuple[ExitStack, RunFolder]] = {}

    @classmethod
    @contextmanager
    def opened(
        cls, sweep: Sweep, vcpus: int, expected: Sequence[RunConfig], console: Console, say: Callable[[str], None]
    ) -> Iterator[Here]:
        """Open one embedded cloud for all runs of a sweep, and wait until its workers start warm for all of them.

        `say` is called, in a thread, with what has to be compiled for that.
        """
        with open_embedded_cloud(vcpus=vcpus, expected=_kinds(expected), say=say) as cloud:
            cloud.wait_until_warm()
            here = cls(sweep, Deployment(cloud.outputs, cloud.owners_client, wait=cloud.wait_for_change), console)
            try:
                yield here
            finally:
                for opened, _ in here._opened.values():
                    opened.close()

    def start(self, run: PlannedRun, report: Callable[[EpochRecord], None]) -> Following:
        """Start a run, or go on with it after the epochs that its folder has."""
        with ExitStack() as opening:
            folder = self._open(run, opening)
            kept = local_run.kept_of(folder, self._console)
            following = local_run.start(folder, kept, self.deployment, self._console, report)
            self._opened[run.run_id] = opening.pop_all(), folder
        return following

    def end(self, run: PlannedRun, outcome: Outcome) -> None:
        """Write the files of a run that has succeeded, forget its populations, and let go of its folder."""
        opened, folder = self._opened.pop(run.run_id)
        with opened:
            if outcome.status == "SUCCEEDED":
                local_run.leave(folder, self.deployment, outcome)
        self._forget(run.run_id)

    def _open(self, run: PlannedRun, opening: ExitStack) -> RunFolder:
        path = self._sweep.folder_of(run)
        if is_under_way_in(path):
            return opening.enter_context(reopen(path))
        if path.exists():  # a kill between making the folder and writing into it; the sweep is this process's alone
            shutil.rmtree(path)
        return opening.enter_context(create(self._sweep.path, run.config))

    def _forget(self, run_id: str) -> None:
        """Delete all objects of a run from the cloud, which is in this process's memory."""
        s3, bucket = self.deployment.client("s3"), self.deployment.outputs["BucketName"]
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=f"runs/{run_id}/")
        for version in [version for page in pages for version in page.get("Versions", [])]:
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


class OnStack:
    """A deployed stack, whose executions go on when nobody follows them."""

    def __init__(self, sweep: Sweep, deployment: Deployment) -> None:
        """Follow executions of a stack; what they leave is copied into the sweep's folder."""
        self.deployment, self._sweep = deployment, sweep

    def start(self, run: PlannedRun, report: Callable[[EpochRecord], None]) -> Following:
        """Start a run, follow it if it has been started, or resume it if it has failed.

        Raises:
            CommandFailed: A run of this id has another configuration.
        """
        try:
            recorded = self.deployment.store.run(run.run_id)
        except RunNotFound:
            put_target(self.deployment.store, run.config)
            arn, epoch = execution.start(self.deployment, run.run_id, run.config.model_dump(mode="json")), 0
            return Following(self.deployment, arn, run.run_id, epoch + 1, report)
        if recorded.config != run.config:
            raise CommandFailed(f"the stack has a run {run.run_id} with another configuration")
        recorded = lookup.wait_until_ended(self.deployment, run.run_id)
        arn = recorded.execution_arn
        if recorded.status not in {Status.RUNNING, Status.SUCCEEDED}:
            arn = execution.resume(self.deployment, run.run_id)
        return Following(self.deployment, arn, run.run_id, recorded.epoch + 1, report)

    def end(self, run: PlannedRun, outcome: Outcome) -> None:
        """Copy what a run that has succeeded has left, in the form of a folder of `worstsort run`."""
        if outcome.status != "SUCCEEDED":
            return
        files = results.files_of(self.deployment.store, run.run_id, outcome.output)
        config = json.dumps(run.config.model_dump(mode="json"), indent=2)
        files[finished.INPUT] = config.encode() + b"\n"
        path = self._sweep.folder_of(run)
        path.mkdir(exist_ok=True)
        results.write(files, path)


def _kinds(runs: Sequence[RunConfig]) -> list[RunConfig]:
    """Return one run of each kind that has machine code of its own: by its sort, its chromosomes and its operators."""
    kinds = {
        (run.target, run.preset, run.representation, run.crossover, run.mutation, run.local_search, run.polish): run
        for run in runs
    }
    return list(kinds.values())
