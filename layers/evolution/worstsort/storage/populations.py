"""The populations of a run's islands in the bucket: at the ends of epochs, and under way within one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.storage import checkpoint as checkpoints
from worstsort.storage import keys

if TYPE_CHECKING:
    from worstsort.runs.progress import Progress
    from worstsort.storage.bucket import Bucket
    from worstsort.storage.checkpoint import Checkpoint

_GENERATION = "generation"
"""Metadata of a save within an epoch: the generation that it holds."""


@dataclass(frozen=True)
class SavedProgress:
    """A save within an epoch: its version, and the generation that it holds, None if the save does not say."""

    version: str
    generation: int | None


class Populations:
    """What islands save. A checkpoint is written once; progress is replaced while the epoch lasts, then deleted."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put_checkpoint(self, checkpoint: Checkpoint) -> bool:
        """Write an island's state at the end of an epoch; return False if it had been written before."""
        key = keys.checkpoint_key(checkpoint.run_id, checkpoint.state.island, checkpoint.epoch)
        return self._bucket.put_over(None, key, checkpoint.to_bytes(), "checkpoint") is not None

    def has_checkpoint(self, run_id: str, island: int, epoch: int) -> bool:
        """Return whether an island's state at the end of an epoch has been written."""
        return self._bucket.version(keys.checkpoint_key(run_id, island, epoch)) is not None

    def checkpoint(self, run_id: str, island: int, epoch: int) -> Checkpoint:
        """Read an island's state at the end of an epoch.

        Raises:
            CheckpointMissing: it was never written.
            CheckpointCorrupt, CheckpointForeign: see `checkpoint.from_bytes`.
        """
        body, key = self.checkpoint_bytes(run_id, island, epoch), keys.checkpoint_key(run_id, island, epoch)
        return checkpoints.from_bytes(body, key, run_id=run_id, island=island, epoch=epoch)

    def checkpoint_bytes(self, run_id: str, island: int, epoch: int) -> bytes:
        """Read a checkpoint as it is stored, to be kept elsewhere; raise CheckpointMissing or CheckpointCorrupt."""
        body, _ = self._bucket.get(keys.checkpoint_key(run_id, island, epoch))
        return body

    def restore_checkpoint(self, body: bytes, source: str, *, run_id: str, island: int, epoch: int) -> None:
        """Write a checkpoint that was kept elsewhere, unless the bucket has one.

        Args:
            body: What `checkpoint_bytes` returned.
            source: Where it was kept, for the message.
            run_id: The run that it must belong to.
            island: The island that it must belong to.
            epoch: The epoch that it must belong to.

        Raises:
            CheckpointCorrupt, CheckpointForeign: see `checkpoint.from_bytes`.
        """
        checkpoints.from_bytes(body, source, run_id=run_id, island=island, epoch=epoch)
        self._bucket.put_over(None, keys.checkpoint_key(run_id, island, epoch), body, "checkpoint")

    def put_progress(self, progress: Progress, over: str | None) -> str | None:
        """Write how far an island has come, over the version `over` (None: over nothing).

        Returns:
            The version that was written, or None if the bucket holds another version than `over`.
        """
        key = keys.partial_key(progress.run_id, progress.state.island, progress.epoch)
        body, metadata = checkpoints.progress_to_bytes(progress), {_GENERATION: str(progress.state.generation)}
        return self._bucket.put_over(over, key, body, "partial", **metadata)

    def saved_progress(self, run_id: str, island: int, epoch: int) -> SavedProgress | None:
        """Return which progress of an island is saved, without reading it; None if none is."""
        version = self._bucket.version(keys.partial_key(run_id, island, epoch))
        if version is None:
            return None
        generation = version.metadata.get(_GENERATION)
        return SavedProgress(version.etag, None if generation is None else int(generation))

    def progress(self, run_id: str, island: int, epoch: int) -> tuple[Progress, str]:
        """Read how far an island has come, and the version of it; raise the errors of `checkpoint`."""
        key = keys.partial_key(run_id, island, epoch)
        body, version = self._bucket.get(key)
        return checkpoints.progress_from_bytes(body, key, run_id=run_id, island=island, epoch=epoch), version.etag

    def delete_progress(self, run_id: str, island: int, epoch: int) -> None:
        """Delete what was saved within an epoch, once it is over."""
        self._bucket.delete(keys.partial_key(run_id, island, epoch))
