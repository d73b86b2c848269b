"""What foreign targets are played from, in the bucket, each once, under its SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.errors import CheckpointMissing, TargetMissing
from worstsort.storage import keys

if TYPE_CHECKING:
    from worstsort.storage.bucket import Bucket


class TargetFiles:
    """Libraries by the SHA-256 of their bytes, commands by theirs; whoever reads one checks it against the record."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put(self, sha256: str, content: bytes) -> None:
        """Store a target, unless it is there."""
        key = keys.target_key(sha256)
        if self._bucket.version(key) is None:
            self._bucket.put(key, content, "application/octet-stream")

    def get(self, sha256: str) -> bytes:
        """Read a target; raise TargetMissing if it is not there."""
        try:
            body, _ = self._bucket.get(keys.target_key(sha256))
        except CheckpointMissing as error:
            raise TargetMissing(sha256) from error
        return body
