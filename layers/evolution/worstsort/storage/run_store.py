"""The one place that reads and writes what is kept of a run.

Batch attempts may overlap and every Lambda may run twice, so each write is conditional: the first writer of a key
wins, and a second one learns that it came second. What is out of reach is retried by the clients, with bounds and
jitter, and then is a StoreUnavailable.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from worstsort.runs.errors import EpochIncomplete, RunExists, RunNotFound
from worstsort.runs.records import ChampionRecord, EpochRecord, GenerationRecord, IslandSeries, RunRecord, Status
from worstsort.storage import checkpoint as checkpoints
from worstsort.storage import keys
from worstsort.storage.bucket import Bucket, Stored
from worstsort.storage.clients import client
from worstsort.storage.items import attributes, from_item, to_item
from worstsort.storage.retry import ATTEMPTS
from worstsort.storage.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.progress import Progress
    from worstsort.storage.checkpoint import Checkpoint

_SERIES_SECONDS = 90 * 24 * 3600
"""How long series are kept: as long as the populations, by default, without which a run cannot be resumed."""


class RunStore:
    """The runs of one deployment: its table `Generations`, its bucket and, where it is named, its table `Champions`."""

    def __init__(
        self,
        table: str,
        bucket: str,
        champions: str = "",
        *,
        dynamodb: Any | None = None,
        s3: Any | None = None,
        patience: float = 0.0,
    ) -> None:
        """`patience` is for how many seconds a service is asked again when it is out of reach."""
        database = dynamodb or client("dynamodb", ATTEMPTS)
        self._table, self._champions = Table(table, database, patience), Table(champions, database, patience)
        self._bucket = Bucket(bucket, s3 or client("s3", ATTEMPTS), patience)

    # --- the run itself

    def create_run(self, run: RunRecord) -> RunRecord:
        """Record a new run, or return the record that an earlier delivery of the same start left.

        Raises:
            RunExists: a run of that id has another configuration.
        """
        if self._table.put_new(to_item(run, sk=keys.META)):
            return run
        recorded = self.run(run.run_id)
        if (recorded.config, recorded.execution_arn) != (run.config, run.execution_arn):
            raise RunExists(run.run_id)
        return recorded

    def run(self, run_id: str) -> RunRecord:
        """The record of a run; raises RunNotFound."""
        item = self._table.get(run_id=run_id, sk=keys.META)
        if item is None:
            raise RunNotFound(run_id)
        return from_item(RunRecord, item)

    def reopen_run(self, run_id: str, execution_arn: str, ended: str = "", part: int = 1) -> bool:
        """Put an ended run back to RUNNING for the execution that resumes it; False if it is not an ended one.

        `ended` is an execution that is known to have ended, even if the record says that it still owns the run.
        """
        changes = {"status": Status.RUNNING.value, "execution_arn": execution_arn, "part": part}
        return self._update_run(run_id, changes, "(#status <> :status OR #execution_arn = :ended)", {":ended": ended})

    def hand_over_run(self, run_id: str, before: str, execution_arn: str, part: int) -> bool:
        """Make an execution the owner of a running run; False if the run is not `before`'s any more."""
        condition, values = "#status = :running AND #execution_arn = :before", {":before": before}
        changes = {"execution_arn": execution_arn, "part": part}
        return self._update_run(run_id, changes, condition, values | {":running": Status.RUNNING.value})

    def restore_run(self, run_id: str, execution_arn: str) -> bool:
        """Put a run back to RUNNING whose own execution goes on after all; False if the run is another's by now."""
        changes, owner = {"status": Status.RUNNING.value}, {":owner": execution_arn}
        return self._update_run(run_id, changes, "#status <> :status AND #execution_arn = :owner", owner)

    def end_run(
        self, run_id: str, execution_arn: str, status: Status, reason: str, finished_at: str, digest: str | None = None
    ) -> bool:
        """Close the run's record; False if it is not RUNNING on behalf of this execution."""
        changes = {"status": status.value, "reason": reason, "finished_at": finished_at}
        changes |= {"digest": digest} if digest else {}
        condition = "#status = :running AND #execution_arn = :owner"
        values = {":running": Status.RUNNING.value, ":owner": execution_arn}
        return self._update_run(run_id, changes, condition, values)

    # --- epochs

    def put_series(self, series: IslandSeries) -> bool:
        """Record what an island did in an epoch; False if that had been recorded before.

        Once an epoch is closed its series are details, which DynamoDB deletes after a while.
        """
        expiry = attributes({"expires_at": int(time.time()) + _SERIES_SECONDS})
        return self._table.put_new(to_item(series, sk=keys.island_sk(series.island, series.epoch)) | expiry)

    def island_series(self, run_id: str, island: int, epoch: int) -> IslandSeries | None:
        """What one island recorded of an epoch, or None if it has not."""
        item = self._table.get(run_id=run_id, sk=keys.island_sk(island, epoch))
        return None if item is None else from_item(IslandSeries, item)

    def series(self, run_id: str, islands: int, epoch: int) -> list[IslandSeries]:
        """What all islands recorded of an epoch, in the order of the islands.

        Raises:
            EpochIncomplete: naming the islands that have not reported.
        """
        wanted = [{"run_id": run_id, "sk": keys.island_sk(island, epoch)} for island in range(islands)]
        found = [from_item(IslandSeries, item) for item in self._table.get_many(wanted)]
        missing = sorted(set(range(islands)) - {one.island for one in found})
        if missing:
            raise EpochIncomplete(run_id, epoch, missing)
        return sorted(found, key=lambda one: one.island)

    def some_series(self, run_id: str, wanted: Sequence[tuple[int, int]]) -> list[IslandSeries]:
        """What was recorded of those (island, epoch), in any order; those that are not there are left out."""
        found = [{"run_id": run_id, "sk": keys.island_sk(island, epoch)} for island, epoch in wanted]
        return [from_item(IslandSeries, item) for item in self._table.get_many(found)]

    def epoch(self, run_id: str, epoch: int) -> EpochRecord | None:
        """How an epoch closed, or None if it has not."""
        item = self._table.get(run_id=run_id, sk=keys.epoch_sk(epoch))
        return None if item is None else from_item(EpochRecord, item)

    def put_epoch(self, epoch: EpochRecord, generations: list[GenerationRecord]) -> None:
        """Record an epoch's generations, then that it is closed, then how far the run has come.

        In this order a reader that sees a closed epoch sees all its generations, and a second delivery, which writes
        the same values, completes whatever the first one left undone.
        """
        self._table.put_many([to_item(record, sk=keys.generation_sk(record.generation)) for record in generations])
        self._table.put_new(to_item(epoch, sk=keys.epoch_sk(epoch.epoch)))
        progress = {name: getattr(epoch, name) for name in
                    ("epoch", "generations", "evaluations", "best", "best_island", "best_generation")}  # fmt: skip
        self._update_run(epoch.run_id, progress, "#epoch < :epoch")

    def generations(self, run_id: str) -> list[GenerationRecord]:
        """The per-generation bests of a run, in order."""
        return [from_item(GenerationRecord, item) for item in self._table.query(run_id, keys.GENERATIONS)]

    # --- populations and artefacts

    def put_checkpoint(self, checkpoint: Checkpoint) -> bool:
        """Write an island's state; False if that epoch's state had been written before."""
        key = keys.checkpoint_key(checkpoint.run_id, checkpoint.state.island, checkpoint.epoch)
        return self._bucket.put_after(None, key, checkpoint.to_bytes(), "checkpoint") is not None

    def has_checkpoint(self, run_id: str, island: int, epoch: int) -> bool:
        """Whether an island's state at the end of an epoch is there."""
        return self._bucket.find(keys.checkpoint_key(run_id, island, epoch)) is not None

    def checkpoint(self, run_id: str, island: int, epoch: int) -> Checkpoint:
        """Read an island's state at the end of an epoch.

        Raises:
            CheckpointMissing: it was never written.
            CheckpointCorrupt, CheckpointForeign: see `checkpoint.from_bytes`.
        """
        key = keys.checkpoint_key(run_id, island, epoch)
        body, _ = self._bucket.get(key)
        return checkpoints.from_bytes(body, key, run_id=run_id, island=island, epoch=epoch)

    def put_progress(self, progress: Progress, after: str | None) -> str | None:
        """Write how far an island has come; None if what is there is not the version `after` (None: nothing).

        Returns:
            The version that was written.
        """
        key = keys.partial_key(progress.run_id, progress.state.island, progress.epoch)
        body, generation = checkpoints.progress_to_bytes(progress), str(progress.state.generation)
        return self._bucket.put_after(after, key, body, "partial", generation=generation)

    def find_progress(self, run_id: str, island: int, epoch: int) -> Stored | None:
        """The version of what was written last of how far an island has come, with its `generation`."""
        return self._bucket.find(keys.partial_key(run_id, island, epoch))

    def progress(self, run_id: str, island: int, epoch: int) -> tuple[Progress, str]:
        """How far an island had come when that was last written, and the version; the errors of `checkpoint`."""
        key = keys.partial_key(run_id, island, epoch)
        body, stored = self._bucket.get(key)
        return checkpoints.progress_from_bytes(body, key, run_id=run_id, island=island, epoch=epoch), stored.etag

    def drop_progress(self, run_id: str, island: int, epoch: int) -> None:
        """Delete what was written of an epoch under way, once it is over."""
        self._bucket.delete(keys.partial_key(run_id, island, epoch))

    def put_artefact(self, run_id: str, name: str, body: bytes, content_type: str) -> str:
        """Write one of the files that a finished run leaves; returns its key."""
        key = keys.artefact_key(run_id, name)
        self._bucket.put(key, body, content_type)
        return key

    def put_champion(self, champion: ChampionRecord) -> bool:
        """Put a champion on its leaderboard; False if the same input is on it already."""
        return self._champions.put_new(to_item(champion), key="key")

    def _update_run(
        self, run_id: str, changes: dict[str, Any], condition: str, values: dict[str, Any] | None = None
    ) -> bool:
        return self._table.update({"run_id": run_id, "sk": keys.META}, changes, condition, values)
