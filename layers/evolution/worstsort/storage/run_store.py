"""The one place that reads and writes what is stored about runs.

Batch attempts may overlap and every Lambda may run twice, so each write is conditional: the first writer of a key
wins, and a second one learns that it came second. Calls of a service that is out of reach are repeated, with bounds and
jitter, and then raise StoreUnavailable.

Records and populations bring numpy. Functions that only end runs do without, and start in half the time; so these are
imported when they are first used.
"""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from worstsort import lazy
from worstsort.runs.errors import EpochIncomplete, RunExists, RunNotFound
from worstsort.runs.status import Status
from worstsort.storage import keys
from worstsort.storage.artefact_files import ArtefactFiles
from worstsort.storage.bucket import Bucket
from worstsort.storage.clients import client
from worstsort.storage.items import attributes, from_item, to_item
from worstsort.storage.retry import STORE_CLIENT_ATTEMPTS
from worstsort.storage.table import Table
from worstsort.storage.target_files import TargetFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from worstsort.runs import records
    from worstsort.runs.records import EpochRecord, GenerationRecord, IslandSeries, RunRecord
    from worstsort.storage import epoch_backup, leaderboard, populations
    from worstsort.storage.epoch_backup import EpochBackup
    from worstsort.storage.leaderboard import Leaderboard
    from worstsort.storage.populations import Populations
else:
    records = lazy.module("worstsort.runs.records")
    epoch_backup = lazy.module("worstsort.storage.epoch_backup")
    leaderboard = lazy.module("worstsort.storage.leaderboard")
    populations = lazy.module("worstsort.storage.populations")

CHECKPOINT_DAYS = 90
"""How long populations are kept, unless the deployment says otherwise; a run can be resumed for as long."""

_SECONDS_PER_DAY = 24 * 3600


class RunStore:
    """The runs of one deployment: records of runs and epochs here, everything else in its parts.

    Attributes:
        artefacts: The files that finished runs have left.
        targets: The libraries of foreign targets.
    """

    def __init__(
        self,
        table: str,
        bucket: str,
        champions: str = "",
        *,
        dynamodb: Any | None = None,
        s3: Any | None = None,
        outage_seconds: float = 0.0,
        checkpoint_days: int = CHECKPOINT_DAYS,
    ) -> None:
        """Repeat calls for `outage_seconds` while a service is out of reach.

        `checkpoint_days` is how long the bucket keeps populations: series are of use for as long.
        """
        self._series_seconds = checkpoint_days * _SECONDS_PER_DAY
        database = dynamodb or client("dynamodb", STORE_CLIENT_ATTEMPTS)
        self._table = Table(table, database, outage_seconds)
        self._bucket = Bucket(bucket, s3 or client("s3", STORE_CLIENT_ATTEMPTS), outage_seconds)
        self._champions = Table(champions, database, outage_seconds)
        self.artefacts = ArtefactFiles(self._bucket)
        self.targets = TargetFiles(self._bucket)

    @cached_property
    def populations(self) -> Populations:
        """What the islands have saved."""
        return populations.Populations(self._bucket)

    @cached_property
    def leaderboard(self) -> Leaderboard:
        """The champions of all runs, if the table `Champions` is named."""
        return leaderboard.Leaderboard(self._champions)

    # --- the run itself

    def create_run(self, run: RunRecord) -> RunRecord:
        """Record a new run, or return the record left by an earlier delivery of the same start.

        Raises:
            RunExists: the id belongs to a run of another execution or configuration.
        """
        if self._table.put_new(to_item(run, sk=keys.META)):
            return run
        recorded = self.run(run.run_id)
        if (recorded.config, recorded.execution_arn) != (run.config, run.execution_arn):
            raise RunExists(run.run_id)
        return recorded

    def run(self, run_id: str) -> RunRecord:
        """Return the record of a run; raise RunNotFound if there is none."""
        item = self._table.get(run_id=run_id, sk=keys.META)
        if item is None:
            raise RunNotFound(run_id)
        return from_item(records.RunRecord, item)

    def run_at(self, run_id: str, epoch: int) -> tuple[RunRecord, EpochRecord | None]:
        """Return the record of a run and how one of its epochs closed, None if it has not, in one request.

        Raises:
            RunNotFound: There is no such run.
        """
        run, closed = self._run_and(run_id, keys.epoch_sk(epoch))
        return run, None if closed is None else from_item(records.EpochRecord, closed)

    def run_for(self, run_id: str, island: int, epoch: int) -> tuple[RunRecord, IslandSeries | None]:
        """Return the record of a run and what an island recorded in an epoch, None if it has not, in one request.

        Raises:
            RunNotFound: There is no such run.
        """
        run, series = self._run_and(run_id, keys.island_sk(island, epoch))
        return run, None if series is None else from_item(records.IslandSeries, series)

    def runs(self, run_ids: Iterable[str]) -> list[RunRecord]:
        """Return the records of those of the runs that are recorded, in no particular order."""
        wanted = [{"run_id": run_id, "sk": keys.META} for run_id in run_ids]
        return [from_item(records.RunRecord, item) for item in self._table.get_many(wanted)]

    def seeded_run_ids(self) -> list[str]:
        """Return the ids of the runs with anything in the bucket: all but those that have not seeded an island yet."""
        return self._bucket.folders(keys.RUNS_PREFIX)

    def reopen_run(self, run_id: str, execution_arn: str, ended: str = "", part: int = 1) -> bool:
        """Set an ended run to RUNNING for the execution that resumes it; return False if the run has not ended.

        `ended` is an execution that is known to have ended, even if by the record it still owns the run.
        """
        changes = {"status": Status.RUNNING.value, "execution_arn": execution_arn, "part": part}
        return self._update_run(run_id, changes, "(#status <> :status OR #execution_arn = :ended)", {":ended": ended})

    def hand_over_run(self, run_id: str, before: str, execution_arn: str, part: int) -> bool:
        """Make an execution the owner of a running run; return False if `before` no longer owns it."""
        condition, values = "#status = :running AND #execution_arn = :before", {":before": before}
        changes = {"execution_arn": execution_arn, "part": part}
        return self._update_run(run_id, changes, condition, values | {":running": Status.RUNNING.value})

    def restore_run(self, run_id: str, execution_arn: str) -> bool:
        """Set a run to RUNNING whose own execution is running after all; return False if another one owns it by now."""
        changes, owner = {"status": Status.RUNNING.value}, {":owner": execution_arn}
        return self._update_run(run_id, changes, "#status <> :status AND #execution_arn = :owner", owner)

    def end_run(
        self, run_id: str, execution_arn: str, status: Status, reason: str, finished_at: str, digest: str | None = None
    ) -> bool:
        """Close the run's record; return False if it is not RUNNING on behalf of this execution."""
        changes = {"status": status.value, "reason": reason, "finished_at": finished_at}
        changes |= {"digest": digest} if digest else {}
        condition = "#status = :running AND #execution_arn = :owner"
        values = {":running": Status.RUNNING.value, ":owner": execution_arn}
        return self._update_run(run_id, changes, condition, values)

    # --- epochs

    def put_series(self, series: IslandSeries) -> bool:
        """Record what an island did in an epoch; return False if it had been recorded before.

        Once an epoch is closed, its series are details, which DynamoDB deletes when the populations expire.
        """
        expiry = attributes({"expires_at": int(time.time()) + self._series_seconds})
        return self._table.put_new(to_item(series, sk=keys.island_sk(series.island, series.epoch)) | expiry)

    def island_series(self, run_id: str, island: int, epoch: int) -> IslandSeries | None:
        """Return what an island recorded in an epoch, or None if it has not."""
        item = self._table.get(run_id=run_id, sk=keys.island_sk(island, epoch))
        return None if item is None else from_item(records.IslandSeries, item)

    def series(self, run_id: str, islands: int, epoch: int) -> list[IslandSeries]:
        """Return what all islands recorded in an epoch, in the order of the islands.

        Raises:
            EpochIncomplete: naming the islands that have not reported.
        """
        wanted = [{"run_id": run_id, "sk": keys.island_sk(island, epoch)} for island in range(islands)]
        found = [from_item(records.IslandSeries, item) for item in self._table.get_many(wanted)]
        missing = sorted(set(range(islands)) - {record.island for record in found})
        if missing:
            raise EpochIncomplete(run_id, epoch, missing)
        return sorted(found, key=lambda record: record.island)

    def has_evolved(self, run_id: str, island: int, epoch: int) -> bool:
        """Return whether all that an island leaves of an epoch is stored: its series and its population."""
        if self.island_series(run_id, island, epoch) is None:
            return False
        return self.populations.has_checkpoint(run_id, island, epoch)

    def some_series(self, run_id: str, wanted: Sequence[tuple[int, int]]) -> list[IslandSeries]:
        """Return the series recorded for pairs of (island, epoch), in no particular order, leaving out missing ones."""
        keys_of_items = [{"run_id": run_id, "sk": keys.island_sk(island, epoch)} for island, epoch in wanted]
        return [from_item(records.IslandSeries, item) for item in self._table.get_many(keys_of_items)]

    def epoch(self, run_id: str, epoch: int) -> EpochRecord | None:
        """Return how an epoch closed, or None if it has not."""
        item = self._table.get(run_id=run_id, sk=keys.epoch_sk(epoch))
        return None if item is None else from_item(records.EpochRecord, item)

    def last_epoch(self, run: RunRecord) -> EpochRecord | None:
        """Return how the run's last closed epoch closed, or None if none has."""
        return self.epoch(run.run_id, run.epoch) if run.epoch else None

    def put_epoch(self, epoch: EpochRecord, generations: list[GenerationRecord]) -> None:
        """Record an epoch's generations, then that it is closed, then how far the run has come.

        In this order, a reader that sees a closed epoch sees all its generations, and a second delivery, which writes
        the same values, completes whatever the first one left undone.
        """
        self._table.put_many([to_item(record, sk=keys.generation_sk(record.generation)) for record in generations])
        self._table.put_new(to_item(epoch, sk=keys.epoch_sk(epoch.epoch)))
        progress = {name: getattr(epoch, name) for name in
                    ("epoch", "generations", "evaluations", "best", "best_island", "best_generation")}  # fmt: skip
        self._update_run(epoch.run_id, progress, "#epoch < :epoch")

    def generations(self, run_id: str, after: int = -1) -> list[GenerationRecord]:
        """Return the per-generation bests of a run, in order, all or those after a generation."""
        items = self._table.query(run_id, keys.generation_sk(after + 1), keys.LAST_GENERATION)
        return [from_item(records.GenerationRecord, item) for item in items]

    def some_generations(self, run_id: str, wanted: Sequence[int]) -> list[GenerationRecord]:
        """Return the bests of some generations of a run, in no particular order, leaving out missing ones."""
        keys_of_items = [{"run_id": run_id, "sk": keys.generation_sk(generation)} for generation in wanted]
        return [from_item(records.GenerationRecord, item) for item in self._table.get_many(keys_of_items)]

    # --- epochs kept outside

    def back_up_epoch(self, run: RunRecord, closed: EpochRecord, first_generation: int) -> EpochBackup:
        """Return the records of a closed epoch; its populations are kept with `populations.checkpoint_bytes`.

        Args:
            run: The run's record, as it is to be restored.
            closed: The epoch.
            first_generation: The first generation to include; earlier ones are in the backups of earlier epochs.
        """
        wanted = [keys.epoch_sk(closed.epoch)]
        wanted += [keys.island_sk(island, closed.epoch) for island in range(run.config.islands)]
        wanted += [keys.generation_sk(number) for number in range(first_generation, closed.generations + 1)]
        return epoch_backup.EpochBackup(
            run, list(self._table.get_many([{"run_id": run.run_id, "sk": sk} for sk in wanted]))
        )

    def restore_epochs(self, backups: Sequence[EpochBackup]) -> None:
        """Write the records of a run's epochs, and last the run's record as the last backup has it."""
        for backup in backups:
            self._table.put_many(backup.items)
        self._table.put_many([to_item(backup.run, sk=keys.META) for backup in backups[-1:]])

    def _run_and(self, run_id: str, sk: str) -> tuple[RunRecord, dict[str, Any] | None]:
        """Return the record of a run, and another of its items if that exists."""
        wanted = [{"run_id": run_id, "sk": name} for name in (keys.META, sk)]
        found = {item["sk"]["S"]: item for item in self._table.get_many(wanted)}
        if keys.META not in found:
            raise RunNotFound(run_id)
        return from_item(records.RunRecord, found[keys.META]), found.get(sk)

    def _update_run(
        self, run_id: str, changes: dict[str, Any], condition: str, values: dict[str, Any] | None = None
    ) -> bool:
        return self._table.update({"run_id": run_id, "sk": keys.META}, changes, condition, values)
