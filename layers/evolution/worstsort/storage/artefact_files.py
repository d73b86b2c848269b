"""The files in the bucket that a finished run leaves for its user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.storage import keys

if TYPE_CHECKING:
    from worstsort.storage.bucket import Bucket


class ArtefactFiles:
    """Files directly below a run's prefix; its populations are in folders of their own."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put(self, run_id: str, name: str, body: bytes, content_type: str) -> str:
        """Write a file, replacing any earlier version; return its key."""
        key = keys.artefact_key(run_id, name)
        self._bucket.put(key, body, content_type)
        return key

    def names(self, run_id: str) -> list[str]:
        """Return the names of a run's files, sorted."""
        return sorted(self._bucket.names(keys.run_prefix(run_id)))

    def get(self, run_id: str, name: str) -> bytes:
        """Read a file; raise CheckpointMissing if the run has not left it."""
        body, _ = self._bucket.get(keys.artefact_key(run_id, name))
        return body
