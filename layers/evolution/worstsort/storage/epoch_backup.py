"""The records of one closed epoch as a file, to be kept outside the store and put back into an empty one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from worstsort.runs.records import GenerationRecord, IslandSeries, RunRecord
from worstsort.storage import archive, keys
from worstsort.storage.items import from_item, to_item

SCHEMA = 1
"""Version of the layout below; a file of another version is refused, naming both."""

_RECORDS = "records"


@dataclass(frozen=True)
class EpochBackup:
    """What the table holds once an epoch is closed.

    Attributes:
        run: The run's record, as it is to be restored.
        items: In DynamoDB's form: the closed epoch, its islands' series, and its generations.
    """

    run: RunRecord
    items: list[dict[str, Any]]

    def to_bytes(self, evolution: str) -> bytes:
        """Return the backup as the bytes of an npz file.

        Args:
            evolution: The `evolution_version` of the code that evolved the epoch.
        """
        content = json.dumps({"run": to_item(self.run, sk=keys.META), "items": self.items}).encode()
        header = _header(self.run.run_id, self.run.epoch, evolution)
        return archive.pack(header, {_RECORDS: np.frombuffer(content, dtype=np.uint8)})

    @classmethod
    def from_bytes(cls, body: bytes, key: str, *, run_id: str, epoch: int, evolution: str) -> EpochBackup:
        """Read a backup back.

        Args:
            body: The file's bytes.
            key: Where they were found, for the message.
            run_id: The run whose records are expected.
            epoch: The epoch whose records are expected.
            evolution: The `evolution_version` that is expected.

        Raises:
            CheckpointCorrupt: The bytes are not what was written.
            CheckpointForeign: They are, but of another run or epoch, or made by code that evolves otherwise.
        """
        header, arrays = archive.unpack(body, key, [_RECORDS])
        archive.expect(header, key, **_header(run_id, epoch, evolution))
        content = json.loads(arrays[_RECORDS].tobytes())
        return cls(from_item(RunRecord, content["run"]), content["items"])

    def population_digests(self) -> dict[int, str]:
        """Return, per island, the digest that its population had at the end of the epoch."""
        return {record.island: record.digest for record in self.series()}

    def series(self) -> list[IslandSeries]:
        """Return what the islands recorded in the epoch."""
        return [from_item(IslandSeries, item) for item in self._items(keys.ISLAND_PREFIX)]

    def generations(self) -> list[GenerationRecord]:
        """Return the bests of the epoch's generations, in order."""
        found = [from_item(GenerationRecord, item) for item in self._items(keys.GENERATION_PREFIX)]
        return sorted(found, key=lambda record: record.generation)

    def _items(self, prefix: str) -> list[dict[str, Any]]:
        return [item for item in self.items if item["sk"]["S"].startswith(prefix)]


def _header(run_id: str, epoch: int, evolution: str) -> dict[str, str | int]:
    return {"schema": SCHEMA, "kind": "records", "run_id": run_id, "epoch": epoch, "evolution": evolution}
