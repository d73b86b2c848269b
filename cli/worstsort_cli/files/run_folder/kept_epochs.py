"""The copies of closed epochs in a run's folder, from which a new cloud continues the run.

A cloud on this machine lives in memory. Each epoch is therefore copied as soon as it closes: first its populations,
then its records. Of the populations, those of the last two epochs are kept: if the last copy is damaged, the run
continues from the one before, to the same end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.runs.code_version import code_version
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign, CheckpointMissing
from worstsort.runs.status import Status
from worstsort.storage import checkpoint as checkpoints
from worstsort.storage.epoch_backup import EpochBackup
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic
from worstsort_cli.project import layer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from worstsort.runs.records import EpochRecord, RunRecord
    from worstsort.storage.run_store import RunStore
    from worstsort_cli.files.run_folder.beginning import Beginning

KEPT_POPULATIONS = 2
"""Epochs whose populations are kept."""

_RECORDS = re.compile(r"epoch-(\d+)\.npz")
_POPULATION = re.compile(r"island-\d+-(\d+)\.npz")


@dataclass(frozen=True)
class Kept:
    """What a folder holds of a run, every part of it verified.

    Attributes:
        backups: The records of each epoch, from the first to the one after which the run continues.
        populations: The files of that epoch's populations, in the order of the islands.
        refused: Why the run does not continue after a later epoch, if copies of later ones are damaged.
    """

    backups: Sequence[EpochBackup]
    populations: Sequence[bytes]
    refused: Sequence[str]

    @property
    def epoch(self) -> int:
        """The epoch after which the run continues, 0 for its very beginning."""
        return len(self.backups)

    def put_back(self, store: RunStore) -> None:
        """Put all of it into an empty cloud."""
        if not self.backups:
            return
        last = self.backups[-1].run
        for island, body in enumerate(self.populations):
            store.populations.restore_checkpoint(body, "kept", run_id=last.run_id, island=island, epoch=last.epoch)
        store.restore_epochs([*self.backups[:-1], _relabelled(self.backups[-1])])


def write(store: RunStore, closed: EpochRecord, state: Path, evolution: str, *, with_populations: bool) -> None:
    """Copy an epoch that has closed, and delete the populations that are no longer needed.

    Args:
        store: Where it has closed.
        closed: The epoch.
        state: The folder to copy it into.
        evolution: The `evolution_version` of the code that evolves the run.
        with_populations: Whether its populations are copied, too.

    Raises:
        FileNotWritten: It names the file.
    """
    run = store.run(closed.run_id)
    for island in range(run.config.islands) if with_populations else ():
        if store.populations.has_checkpoint(run.run_id, island, closed.epoch):  # a resumed run has no earlier ones
            body = store.populations.checkpoint_bytes(run.run_id, island, closed.epoch)
            atomic.write(_population_path(state, island, closed.epoch), body)
    before = store.epoch(run.run_id, closed.epoch - 1)
    backup = store.back_up_epoch(interrupted(run, closed), closed, before.generations + 1 if before else 0)
    atomic.write(_records_path(state, closed.epoch), backup.to_bytes(evolution))
    for island in range(run.config.islands):
        _population_path(state, island, closed.epoch - KEPT_POPULATIONS).unlink(missing_ok=True)


def tidy(state: Path, epoch: int) -> None:
    """Delete what a killed process has left: unfinished files, and populations that are no longer needed."""
    atomic.remove_unfinished(state)
    for path in state.iterdir():
        found = _POPULATION.fullmatch(path.name)
        if found and int(found[1]) <= epoch - KEPT_POPULATIONS:
            path.unlink()


def interrupted(run: RunRecord, closed: EpochRecord) -> RunRecord:
    """Return the record of a run that ended after this epoch because its cloud did."""
    progress = closed.model_dump(
        include={"epoch", "generations", "evaluations", "best", "best_island", "best_generation"}
    )
    ended = {"status": Status.ABORTED, "execution_arn": "interrupted", "reason": "the embedded cloud ended"}
    return run.model_copy(update=progress | ended)


def load(state: Path, beginning: Beginning) -> Kept:
    """Read and verify everything that a folder keeps of a run.

    Raises:
        CommandFailed: Neither the copy of the last epoch nor that of the one before can be trusted; it names the files.
    """
    last = max((int(found[1]) for path in state.iterdir() if (found := _RECORDS.fullmatch(path.name))), default=0)
    refused: list[str] = []
    for epoch in range(last, max(last - KEPT_POPULATIONS, -1), -1):
        try:
            return _load_until(epoch, state, beginning, refused)
        except (CheckpointCorrupt, CheckpointForeign) as error:
            refused.append(f"{error.key}: {error.why}")
        except CheckpointMissing as error:
            refused.append(f"{error.key}: it is missing")
    raise CommandFailed(
        "\n".join([
            f"run {beginning.run_id} cannot be continued, as what was kept of it cannot be trusted:",
            *dict.fromkeys(refused),
            "The same seed gives the same run: start it again, or restore these files",
        ])
    )  # fmt: skip


def _load_until(epoch: int, state: Path, beginning: Beginning, refused: Sequence[str]) -> Kept:
    """Read the records of all epochs up to one, and the populations of that one."""
    backups = [_backup(state, number, beginning) for number in range(epoch, 0, -1)][::-1]
    digests = backups[-1].population_digests() if backups else {}
    islands = range(beginning.config.islands if backups else 0)
    populations = [_population(state, island, epoch, beginning, digests[island]) for island in islands]
    return Kept(backups, populations, refused)


def _backup(state: Path, epoch: int, beginning: Beginning) -> EpochBackup:
    path = _records_path(state, epoch)
    evolution = beginning.evolution
    backup = EpochBackup.from_bytes(_read(path), str(path), run_id=beginning.run_id, epoch=epoch, evolution=evolution)
    if backup.run.config != beginning.config:
        raise CheckpointForeign(str(path), "the configuration that the run was begun with", "another one")
    return backup


def _population(state: Path, island: int, epoch: int, beginning: Beginning, digest: str) -> bytes:
    """Return the file of a population that is the very one that the island recorded."""
    path = _population_path(state, island, epoch)
    body = _read(path)
    found = checkpoints.from_bytes(body, str(path), run_id=beginning.run_id, island=island, epoch=epoch)
    if checkpoints.state_digest(found.state) != digest:
        raise CheckpointForeign(str(path), "the population that the epoch's records name", "another one")
    return body


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointMissing(str(path)) from error
    except OSError as error:
        raise CheckpointCorrupt(str(path), f"it cannot be read ({error.strerror})") from error


def _relabelled(backup: EpochBackup) -> EpochBackup:
    """Return a backup whose run names the code that continues it, which may be another that evolves alike."""
    return EpochBackup(backup.run.model_copy(update={"code_version": code_version(layer())}), backup.items)


def _records_path(state: Path, epoch: int) -> Path:
    return state / f"epoch-{epoch:06d}.npz"


def _population_path(state: Path, island: int, epoch: int) -> Path:
    return state / f"island-{island}-{epoch}.npz"
