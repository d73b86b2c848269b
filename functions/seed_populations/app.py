"""SeedPopulations: write the first populations of a chunk of islands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from worstsort.runs.composition import first_state
from worstsort.runtime.environment import run_store
from worstsort.runtime.observability import lambda_handler, logger
from worstsort.storage.checkpoint import Checkpoint

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore


class Event(BaseModel):
    """The islands `first` to `first + count - 1` of a run."""

    run_id: str
    first: int
    count: int


@lambda_handler(Event)
def handler(chunk: Event) -> dict[str, Any]:
    """Seed the islands of one chunk."""
    written = seed(run_store(), chunk.run_id, range(chunk.first, chunk.first + chunk.count))
    logger().info("islands seeded", extra={"first": chunk.first, "count": chunk.count, "written": written})
    return {"written": written}


def seed(store: RunStore, run_id: str, islands: range) -> int:
    """Write epoch 0 of each island; return how many islands had not been seeded before."""
    config = store.run(run_id).config
    seeds = (Checkpoint(run_id, 0, first_state(config, island)) for island in islands)
    return sum(store.populations.put_checkpoint(seed) for seed in seeds)
