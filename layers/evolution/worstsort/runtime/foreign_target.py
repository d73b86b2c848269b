"""Brings the foreign target of a run to the process that plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig
    from worstsort.storage.run_store import RunStore


def bring_target(store: RunStore, config: RunConfig) -> None:
    """Fetch the library of a run's target from the bucket and make it known, unless the target is Go's.

    Raises:
        TargetMissing: It is not in the bucket.
        TargetRefused: These are other bytes than those recorded.
    """
    if config.foreign is None:
        return
    from worstsort.foreign import targets  # noqa: PLC0415 - runs of Go's sorts need none of it

    if targets.player_of(config.target) is None:
        content = store.targets.get(config.foreign.sha256) if config.foreign.kind != "libc" else None
        targets.bring(config.foreign, content)
