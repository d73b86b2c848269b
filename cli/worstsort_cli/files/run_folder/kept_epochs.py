"""The copies of closed epochs in a run's folder, from which a new cloud continues the run.

A cloud on this machine lives in memory. Each epoch is therefore copied as soon as it closes: first its populations,
then its records. Of the populations, those of the last two epochs are kept: if the last ones are damaged, the run
continues from the ones before, to the same end. The records of every epoch are needed, and are therefore kept twice.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.runs.code_version import code_version
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign, CheckpointMissing
from worstsort.runs.status import Status
from worstsort.storage import checkpoint as checkpoints
from worstsort.storage.epoch_backup import EpochBackup
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic
from worstsort_cli.files.run_folder import copies
from worstsort_cli.project import layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from worstsort.genetic import IslandState
    from worstsort.runs.records import EpochRecord, RunRecord
    from worstsort.storage.run_store import RunStore
    from worstsort_cli.files.run_folder.beginning import Beginning

KEPT_POPULATIONS = 2
"""Epochs whose populations are kept."""

_FILES_OF_RECORDS = 2
"""What an epoch has: the file of its records, and the copy. A stray file has none."""

_RECORDS = re.compile(rf"(?:{copies.PREFIX})?epoch-([0-9]{{6}})\.npz")
_POPULATION = re.compile(r"island-[0-9]+-([0-9]+)\.npz")


@dataclass(frozen=True)
class Kept:
    """What a folder holds of a run, every part of it verified.

    Attributes:
        backups: The records of each epoch, from the first to the one after which the run continues.
        populations: The files of that epoch's populations, in the order of the islands.
        refused: The files that are not used, and why.
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
            copies.put(_population_path(state, island, closed.epoch), body)
    before = store.epoch(run.run_id, closed.epoch - 1)
    backup = store.back_up_epoch(interrupted(run, closed), closed, before.generations + 1 if before else 0)
    copies.write(_records_path(state, closed.epoch), backup.to_bytes(evolution))
    for island in range(run.config.islands):
        copies.remove(_population_path(state, island, closed.epoch - KEPT_POPULATIONS))


def tidy(state: Path, epoch: int) -> None:
    """Delete what a killed process has left: unfinished files, and populations that are no longer needed."""
    atomic.remove_unfinished(state)
    for path in state.iterdir():
        found = _POPULATION.fullmatch(path.name)
        if found and int(found[1]) <= epoch - KEPT_POPULATIONS:
            copies.remove(path)


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
        CommandFailed: Neither what is kept of the last epoch nor of the one before can be trusted; it names the files.
    """
    refused: list[str] = []
    found = _numbers(state)
    sound = 0
    for epoch in sorted(found, reverse=True):
        try:
            last = _backup(state, epoch, beginning, refused)
            sound += 1  # whatever else is there under such a name hides no epoch that is
            return _load_until(last, state, beginning, refused)
        except (CheckpointCorrupt, CheckpointForeign, CheckpointMissing) as error:
            refused.append(copies.describe(error))
        if sound == KEPT_POPULATIONS:
            break
    if max((epoch for epoch, files in found.items() if files == _FILES_OF_RECORDS), default=0) < KEPT_POPULATIONS:
        return Kept([], [], list(dict.fromkeys(refused)))
    raise CommandFailed(
        "\n".join([
            f"run {beginning.run_id} cannot be continued, as what was kept of it cannot be trusted:",
            *dict.fromkeys(refused),
            "The same seed gives the same run: start it again, or restore these files",
        ])
    )  # fmt: skip


def look_into(state: Path, beginning: Beginning) -> RunRecord | None:
    """Return the run's record after the newest epoch that can be read, and change nothing; None if there is none."""
    for epoch in sorted(_numbers(state), reverse=True):
        found = copies.look_into(_records_path(state, epoch), _parser(epoch, beginning))
        if found is not None:
            return found.run
    return None


def look_after(state: Path, beginning: Beginning, epoch: int, most: int) -> Iterator[EpochBackup]:
    """Yield the records of the epochs after one that are kept and can be read, at most so many, and change nothing."""
    later = sorted(number for number in (_numbers(state) if state.is_dir() else ()) if number > epoch)
    for number in later[:most]:
        found = copies.look_into(_records_path(state, number), _parser(number, beginning))
        if found is not None:
            yield found


def look_at_population(state: Path, beginning: Beginning, island: int, epoch: int) -> IslandState | None:
    """Return the population of an island after an epoch, if it is kept and can be read, and change nothing."""

    def parse(body: bytes, key: str) -> IslandState:
        return checkpoints.from_bytes(body, key, run_id=beginning.run_id, island=island, epoch=epoch).state

    return copies.look_into(_population_path(state, island, epoch), parse)


def _numbers(state: Path) -> Counter[int]:
    """Return the epochs after which files of records are named, and how many files each has."""
    return Counter(int(found[1]) for path in state.iterdir() if (found := _RECORDS.fullmatch(path.name)))


def _load_until(last: EpochBackup, state: Path, beginning: Beginning, refused: list[str]) -> Kept:
    """Read the populations of an epoch, and the records of all before it."""
    epoch, digests = last.run.epoch, last.population_digests()
    islands = range(beginning.config.islands)
    populations = [_population(state, island, epoch, beginning, digests[island]) for island in islands]
    earlier = [_backup(state, number, beginning, refused) for number in range(1, epoch)]
    return Kept([*earlier, last], populations, list(dict.fromkeys(refused)))


def _backup(state: Path, epoch: int, beginning: Beginning, refused: list[str]) -> EpochBackup:
    """Return the records of an epoch, by its file or that one's copy."""
    return copies.read(_records_path(state, epoch), _parser(epoch, beginning), refused)


def _parser(epoch: int, beginning: Beginning) -> Callable[[bytes, str], EpochBackup]:
    run_id, evolution = beginning.run_id, beginning.evolution

    def parse(body: bytes, key: str) -> EpochBackup:
        backup = EpochBackup.from_bytes(body, key, run_id=run_id, epoch=epoch, evolution=evolution)
        if backup.run.config != beginning.config:
            raise CheckpointForeign(key, "the configuration that the run was begun with", "another one")
        return backup

    return parse


def _population(state: Path, island: int, epoch: int, beginning: Beginning, digest: str) -> bytes:
    """Return the file of a population that is the very one that the island recorded."""
    path = _population_path(state, island, epoch)
    body = copies.read_bytes(path)
    found = checkpoints.from_bytes(body, str(path), run_id=beginning.run_id, island=island, epoch=epoch)
    if checkpoints.state_digest(found.state) != digest:
        raise CheckpointForeign(str(path), "the population that the epoch's records name", "another one")
    return body


def _relabelled(backup: EpochBackup) -> EpochBackup:
    """Return a backup whose run names the code that continues it, which may be another that evolves alike."""
    return EpochBackup(backup.run.model_copy(update={"code_version": code_version(layer())}), backup.items)


def _records_path(state: Path, epoch: int) -> Path:
    return state / f"epoch-{epoch:06d}.npz"


def _population_path(state: Path, island: int, epoch: int) -> Path:
    return state / f"island-{island}-{epoch}.npz"
