"""What a local run keeps in its folder while it is under way, so that it can be continued after any interruption.

The embedded cloud lives in memory. Each epoch is therefore copied into the folder as soon as it closes: first the
populations, then the records, in a file whose presence means that the copy is complete.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from worstsort.runs.records import EpochRecord, RunRecord, Status
from worstsort.storage.epoch_backup import EpochBackup
from worstsort_cli.files import atomic

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.storage.run_store import RunStore

_FOLDER = "state"


def keep(store: RunStore, closed: EpochRecord, folder: Path) -> None:
    """Copy an epoch that has closed into the folder of its run, in place of the populations of the epoch before."""
    state = folder / _FOLDER
    state.mkdir(exist_ok=True)
    run = store.run(closed.run_id)
    islands = range(run.config.islands)
    for island in islands:
        body = store.populations.checkpoint_bytes(run.run_id, island, closed.epoch)
        atomic.write(_population_path(state, island, closed.epoch), body)
    backup = store.back_up_epoch(interrupted(run, closed), closed, _kept_generations(state) + 1)
    atomic.write(_epoch_path(state, closed.epoch), backup.to_json())
    for island in islands:
        _population_path(state, island, closed.epoch - 1).unlink(missing_ok=True)


def interrupted(run: RunRecord, closed: EpochRecord) -> RunRecord:
    """Return the record of a run that ended after this epoch because its cloud did."""
    progress = closed.model_dump(
        include={"epoch", "generations", "evaluations", "best", "best_island", "best_generation"}
    )
    ended = {"status": Status.ABORTED, "execution_arn": "interrupted", "reason": "the embedded cloud ended"}
    return run.model_copy(update=progress | ended)


def restore(store: RunStore, run_id: str, folder: Path) -> int:
    """Put what a folder keeps of a run into an empty cloud.

    Returns:
        The last epoch that had closed, 0 if none had.

    Raises:
        CheckpointCorrupt, CheckpointForeign: A population in the folder is not what was kept; names the file.
    """
    state = folder / _FOLDER
    backups = [EpochBackup.from_json(path.read_bytes()) for path in _kept_epochs(state)]
    if not backups:
        return 0
    run = backups[-1].run
    for island in range(run.config.islands):
        path = _population_path(state, island, run.epoch)
        body = path.read_bytes() if path.exists() else b""
        store.populations.restore_checkpoint(body, str(path), run_id=run_id, island=island, epoch=run.epoch)
    store.restore_epochs(backups)
    return run.epoch


def forget(folder: Path) -> None:
    """Delete what was kept, once the run is over and has left its files."""
    shutil.rmtree(folder / _FOLDER, ignore_errors=True)


def _kept_epochs(state: Path) -> list[Path]:
    return sorted(state.glob("epoch-*.json"))


def _kept_generations(state: Path) -> int:
    """Return the last generation that is kept, -1 if none is."""
    epochs = _kept_epochs(state)
    return EpochBackup.from_json(epochs[-1].read_bytes()).run.generations if epochs else -1


def _epoch_path(state: Path, epoch: int) -> Path:
    return state / f"epoch-{epoch:06d}.json"


def _population_path(state: Path, island: int, epoch: int) -> Path:
    return state / f"island-{island}-{epoch}.npz"
