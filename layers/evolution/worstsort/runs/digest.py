"""The digest of a run: equal for two runs that did the same, whatever happened to them on the way."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.champion import Champion
    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import GenerationRecord


def run_digest(
    config: RunConfig, generations: Sequence[GenerationRecord], populations: Sequence[str], champion: Champion
) -> str:
    """SHA-256 over all that a run found out; its name, its times and its processes have no part in it.

    Args:
        config: what was asked for.
        generations: the per-generation bests, in order.
        populations: the `state_digest` of each island at the end, in the order of the islands.
        champion: what was found.
    """
    content = {
        "config": config.model_dump(mode="json"),
        "generations": [(one.generation, one.comparisons, one.island, one.evaluations) for one in generations],
        "populations": list(populations),
        "champion": (champion.comparisons, champion.values),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
