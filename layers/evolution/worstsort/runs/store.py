"""The one place that reads and writes what is kept of a run.

Batch attempts may overlap and every Lambda may run twice, so each write is conditional: the first writer of a key
wins, and a second one learns that it came second.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from worstsort.runs import checkpoint as checkpoints
from worstsort.runs import keys
from worstsort.runs.aws import client
from worstsort.runs.errors import CheckpointCorrupt, CheckpointMissing, EpochIncomplete, RunExists, RunNotFound
from worstsort.runs.items import attributes, from_item, to_item
from worstsort.runs.records import ChampionRecord, EpochRecord, GenerationRecord, IslandSeries, RunRecord, Status

if TYPE_CHECKING:
    from worstsort.runs.checkpoint import Checkpoint

_BATCH_READ = 100
"""Items DynamoDB returns at most from one BatchGetItem."""

_BATCH_WRITE = 25
"""Items DynamoDB takes at most in one BatchWriteItem."""


class RunStore:
    """The runs of one deployment: its table `Generations`, its bucket and, where it is named, its table `Champions`."""

    def __init__(
        self, table: str, bucket: str, champions: str = "", *, dynamodb: Any | None = None, s3: Any | None = None
    ) -> None:
        self._table, self._bucket, self._champions = table, bucket, champions
        self._dynamodb = dynamodb or client("dynamodb")
        self._s3 = s3 or client("s3")

    # --- the run itself

    def create_run(self, run: RunRecord) -> RunRecord:
        """Record a new run, or return the record that an earlier delivery of the same start left.

        Raises:
            RunExists: a run of that id has another configuration.
        """
        if self._put_new(to_item(run, sk=keys.META)):
            return run
        recorded = self.run(run.run_id)
        if (recorded.config, recorded.execution_arn) != (run.config, run.execution_arn):
            raise RunExists(run.run_id)
        return recorded

    def run(self, run_id: str) -> RunRecord:
        """The record of a run; raises RunNotFound."""
        item = self._get(run_id, keys.META)
        if item is None:
            raise RunNotFound(run_id)
        return from_item(RunRecord, item)

    def reopen_run(self, run_id: str, execution_arn: str) -> bool:
        """Put an ended run back to RUNNING for the execution that resumes it; False if it is not an ended one."""
        changes = {"status": Status.RUNNING.value, "execution_arn": execution_arn}
        return self._update_run(run_id, changes, "#status <> :status")

    def end_run(self, run_id: str, execution_arn: str, status: Status, reason: str, finished_at: str) -> bool:
        """Close the run's record; False if it is not RUNNING on behalf of this execution."""
        changes = {"status": status.value, "reason": reason, "finished_at": finished_at}
        condition = "#status = :running AND #execution_arn = :owner"
        values = {":running": Status.RUNNING.value, ":owner": execution_arn}
        return self._update_run(run_id, changes, condition, values)

    # --- epochs

    def put_series(self, series: IslandSeries) -> bool:
        """Record what an island did in an epoch; False if that had been recorded before."""
        return self._put_new(to_item(series, sk=keys.island_sk(series.island, series.epoch)))

    def has_series(self, run_id: str, island: int, epoch: int) -> bool:
        """Whether an island has recorded an epoch."""
        return self._get(run_id, keys.island_sk(island, epoch)) is not None

    def series(self, run_id: str, islands: int, epoch: int) -> list[IslandSeries]:
        """What all islands recorded of an epoch, in the order of the islands.

        Raises:
            EpochIncomplete: naming the islands that have not reported.
        """
        sort_keys = [keys.island_sk(island, epoch) for island in range(islands)]
        found = [from_item(IslandSeries, item) for item in self._get_many(run_id, sort_keys)]
        missing = sorted(set(range(islands)) - {one.island for one in found})
        if missing:
            raise EpochIncomplete(run_id, epoch, missing)
        return sorted(found, key=lambda one: one.island)

    def epoch(self, run_id: str, epoch: int) -> EpochRecord | None:
        """How an epoch closed, or None if it has not."""
        item = self._get(run_id, keys.epoch_sk(epoch))
        return None if item is None else from_item(EpochRecord, item)

    def put_epoch(self, epoch: EpochRecord, generations: list[GenerationRecord]) -> None:
        """Record an epoch's generations, then that it is closed, then how far the run has come.

        In this order a reader that sees a closed epoch sees all its generations, and a second delivery, which writes
        the same values, completes whatever the first one left undone.
        """
        self._put_many([to_item(record, sk=keys.generation_sk(record.generation)) for record in generations])
        self._put_new(to_item(epoch, sk=keys.epoch_sk(epoch.epoch)))
        progress = {name: getattr(epoch, name) for name in
                    ("epoch", "generations", "evaluations", "best", "best_island", "best_generation")}  # fmt: skip
        self._update_run(epoch.run_id, progress, "#epoch < :epoch")

    def generations(self, run_id: str) -> list[GenerationRecord]:
        """The per-generation bests of a run, in order."""
        return [from_item(GenerationRecord, item) for item in self._query(run_id, "GEN#")]

    # --- populations and artefacts

    def put_checkpoint(self, checkpoint: Checkpoint) -> bool:
        """Write an island's state; False if that epoch's state had been written before."""
        key = keys.checkpoint_key(checkpoint.run_id, checkpoint.state.island, checkpoint.epoch)
        body = checkpoint.to_bytes()
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*", **_checksums(body),
            )  # fmt: skip
        except ClientError as error:
            if error.response["Error"]["Code"] in {"PreconditionFailed", "ConditionalRequestConflict"}:
                return False
            raise
        return True

    def has_checkpoint(self, run_id: str, island: int, epoch: int) -> bool:
        """Whether an island's state at the end of an epoch is there."""
        try:
            self._s3.head_object(Bucket=self._bucket, Key=keys.checkpoint_key(run_id, island, epoch))
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
                return False
            raise
        return True

    def checkpoint(self, run_id: str, island: int, epoch: int) -> Checkpoint:
        """Read an island's state at the end of an epoch.

        Raises:
            CheckpointMissing: it was never written.
            CheckpointCorrupt, CheckpointForeign: see `checkpoint.from_bytes`.
        """
        key = keys.checkpoint_key(run_id, island, epoch)
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise CheckpointMissing(key) from error
            raise
        body = answer["Body"].read()
        if answer["Metadata"].get("sha256") != hashlib.sha256(body).hexdigest():
            raise CheckpointCorrupt(key, "its bytes do not match the checksum they were stored with")
        return checkpoints.from_bytes(body, key, run_id=run_id, island=island, epoch=epoch)

    def put_artefact(self, run_id: str, name: str, body: bytes, content_type: str) -> str:
        """Write one of the files that a finished run leaves; returns its key."""
        key = keys.artefact_key(run_id, name)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, **_checksums(body))
        return key

    def put_champion(self, champion: ChampionRecord) -> bool:
        """Put a champion on its leaderboard; False if the same input is on it already."""
        item = to_item(champion)
        return self._put_new(item, table=self._champions, key="key")

    # --- DynamoDB

    def _get(self, run_id: str, sk: str) -> dict[str, Any] | None:
        key = attributes({"run_id": run_id, "sk": sk})
        item: dict[str, Any] | None = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
            "Item"
        )
        return item

    def _get_many(self, run_id: str, sort_keys: list[str]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        wanted = [attributes({"run_id": run_id, "sk": sk}) for sk in sort_keys]
        while wanted:
            request = {self._table: {"Keys": wanted[:_BATCH_READ], "ConsistentRead": True}}
            answer = self._dynamodb.batch_get_item(RequestItems=request)
            items += answer["Responses"].get(self._table, [])
            # DynamoDB may leave keys unprocessed under load; each answer makes progress, so this ends.
            wanted = wanted[_BATCH_READ:] + answer["UnprocessedKeys"].get(self._table, {}).get("Keys", [])
        return items

    def _query(self, run_id: str, prefix: str) -> list[dict[str, Any]]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="run_id = :run AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=attributes({":run": run_id, ":prefix": prefix}),
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def _put_many(self, items: list[dict[str, Any]]) -> None:
        requests = [{"PutRequest": {"Item": item}} for item in items]
        while requests:
            answer = self._dynamodb.batch_write_item(RequestItems={self._table: requests[:_BATCH_WRITE]})
            # Unprocessed items come back under load; the client has backed off by then, and each answer makes progress.
            requests = requests[_BATCH_WRITE:] + answer["UnprocessedItems"].get(self._table, [])

    def _put_new(self, item: dict[str, Any], *, table: str = "", key: str = "run_id") -> bool:
        try:
            self._dynamodb.put_item(
                TableName=table or self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": key},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _update_run(
        self, run_id: str, changes: dict[str, Any], condition: str = "", values: dict[str, Any] | None = None
    ) -> bool:
        clause = " AND ".join(filter(None, ["attribute_exists(#run_id)", condition]))
        names = {f"#{name}": name for name in changes} | {f"#{name}": name for name in re.findall(r"#(\w+)", clause)}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=attributes({"run_id": run_id, "sk": keys.META}),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changes),
                ConditionExpression=clause,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=attributes({f":{name}": value for name, value in changes.items()})
                | attributes(values or {}),
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _checksums(body: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(body)
    encoded = base64.b64encode(digest.digest()).decode()
    return {"ChecksumSHA256": encoded, "Metadata": {"sha256": digest.hexdigest()}}
