"""The records of one closed epoch as JSON, to be kept outside the store and put back into an empty one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from worstsort.runs.records import RunRecord
from worstsort.storage import keys
from worstsort.storage.items import from_item, to_item


@dataclass(frozen=True)
class EpochBackup:
    """What the table holds once an epoch is closed.

    Attributes:
        run: The run's record, as it is to be restored.
        items: In DynamoDB's form: the closed epoch, its islands' series, and its generations.
    """

    run: RunRecord
    items: list[dict[str, Any]]

    def to_json(self) -> bytes:
        """Return the backup as a JSON object."""
        return json.dumps({"run": to_item(self.run, sk=keys.META), "items": self.items}).encode()

    @classmethod
    def from_json(cls, body: bytes) -> EpochBackup:
        """Read a backup back."""
        content = json.loads(body)
        return cls(from_item(RunRecord, content["run"]), content["items"])
