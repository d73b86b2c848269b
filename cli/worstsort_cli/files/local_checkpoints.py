"""What a run's folder keeps while the run is under way, so that it can go on after anything.

The embedded cloud lives in memory. Each epoch that closes is therefore copied into the folder at once: first the
populations, then what was recorded, in a file whose presence says that all of it is there.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from worstsort.runs.records import EpochRecord, RunRecord, Status
from worstsort.storage import keys
from worstsort.storage.bucket import Bucket
from worstsort.storage.checkpoint import from_bytes
from worstsort.storage.items import from_item, to_item
from worstsort.storage.table import Table
from worstsort_cli.files import run_folder as folders

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.clouds.deployment import Deployment

_FOLDER = "state"


def keep(deployment: Deployment, closed: EpochRecord, folder: Path) -> None:
    """Copy an epoch that has closed into the folder of its run."""
    state = folder / _FOLDER
    state.mkdir(exist_ok=True)
    run_id, bucket, table = closed.run_id, _bucket(deployment), _table(deployment)
    run = deployment.store.run(run_id)
    for island in range(run.config.islands):
        body, _ = bucket.get(keys.checkpoint_key(run_id, island, closed.epoch))
        folders.write(_population(state, island, closed.epoch), body)
    wanted = [keys.epoch_sk(closed.epoch)]
    wanted += [keys.island_sk(island, closed.epoch) for island in range(run.config.islands)]
    wanted += [keys.generation_sk(number) for number in range(_kept_generations(state) + 1, closed.generations + 1)]
    items = table.get_many([{"run_id": run_id, "sk": sk} for sk in wanted])
    record = to_item(interrupted(run, closed), sk=keys.META)
    folders.write(_epoch(state, closed.epoch), json.dumps({"run": record, "items": items}).encode())
    for island in range(run.config.islands):
        _population(state, island, closed.epoch - 1).unlink(missing_ok=True)


def interrupted(run: RunRecord, closed: EpochRecord) -> RunRecord:
    """The record of a run that ended behind this epoch because its cloud did."""
    progress = closed.model_dump(
        include={"epoch", "generations", "evaluations", "best", "best_island", "best_generation"}
    )
    ended = {"status": Status.ABORTED, "execution_arn": "interrupted", "reason": "the embedded cloud ended"}
    return run.model_copy(update=progress | ended)


def restore(deployment: Deployment, run_id: str, folder: Path) -> int:
    """Put what a folder keeps of a run into an empty cloud; returns the last epoch that had closed, 0 if none had.

    Raises:
        CheckpointCorrupt, CheckpointForeign: a population in the folder is not what was kept; names the file.
    """
    state, bucket, table = folder / _FOLDER, _bucket(deployment), _table(deployment)
    epochs = _kept_epochs(state)
    if not epochs:
        return 0
    kept = json.loads(epochs[-1].read_bytes())
    run = from_item(RunRecord, kept["run"])
    for island in range(run.config.islands):
        path = _population(state, island, run.epoch)
        body = path.read_bytes() if path.exists() else b""
        from_bytes(body, str(path), run_id=run_id, island=island, epoch=run.epoch)
        bucket.put_over(None, keys.checkpoint_key(run_id, island, run.epoch), body, "checkpoint")
    for path in epochs:
        table.put_many(json.loads(path.read_bytes())["items"])
    table.put_many([kept["run"]])
    return run.epoch


def forget(folder: Path) -> None:
    """The run is over: what it left is in the folder as files for people."""
    shutil.rmtree(folder / _FOLDER, ignore_errors=True)


def _kept_epochs(state: Path) -> list[Path]:
    return sorted(state.glob("epoch-*.json"))


def _kept_generations(state: Path) -> int:
    """The last generation that is kept, -1 if there is none."""
    epochs = _kept_epochs(state)
    return from_item(RunRecord, json.loads(epochs[-1].read_bytes())["run"]).generations if epochs else -1


def _epoch(state: Path, epoch: int) -> Path:
    return state / f"epoch-{epoch:06d}.json"


def _population(state: Path, island: int, epoch: int) -> Path:
    return state / f"island-{island}-{epoch}.npz"


def _table(deployment: Deployment) -> Table:
    return Table(deployment.outputs["GenerationsTableName"], deployment.client("dynamodb"))


def _bucket(deployment: Deployment) -> Bucket:
    return Bucket(deployment.outputs["BucketName"], deployment.client("s3"))
