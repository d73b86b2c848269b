"""SeedPopulations: write the first populations of a chunk of islands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel

from worstsort.runs.composition import first_state
from worstsort.runtime.environment import run_store
from worstsort.storage.checkpoint import Checkpoint

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from worstsort.storage.run_store import RunStore

logger = Logger()
tracer = Tracer()


class Event(BaseModel):
    """The islands `first` to `first + count - 1` of a run."""

    run_id: str
    first: int
    count: int


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Seed the islands of one chunk."""
    chunk = Event.model_validate(event)
    logger.append_keys(run_id=chunk.run_id)
    written = seed(run_store(), chunk.run_id, range(chunk.first, chunk.first + chunk.count))
    logger.info("islands seeded", extra={"first": chunk.first, "count": chunk.count, "written": written})
    return {"written": written}


def seed(store: RunStore, run_id: str, islands: range) -> int:
    """Write epoch 0 of each island, and return how many were new."""
    config = store.run(run_id).config
    return sum(
        store.populations.put_checkpoint(Checkpoint(run_id, 0, first_state(config, island))) for island in islands
    )
