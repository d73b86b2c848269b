"""The digest of a run: equal for two runs that did the same, whatever happened to them on the way."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import GenerationRecord
    from worstsort.runs.results.champion import Champion


def run_digest(
    config: RunConfig, generations: Sequence[GenerationRecord], populations: Sequence[str], champion: Champion
) -> str:
    """Return the SHA-256 of all that a run found, without its name, its times and its processes.

    Args:
        config: What was asked for.
        generations: The per-generation bests, in order.
        populations: The `state_digest` of each island at the end, in the order of the islands.
        champion: What was found.
    """
    content = {
        "config": config.model_dump(mode="json", exclude=config.unsaid),
        "generations": [
            (record.generation, record.comparisons, record.island, record.generation_evaluations)
            for record in generations
        ],
        "populations": list(populations),
        "champion": (champion.comparisons, champion.values),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
