"""The champion of a run: its best list of integers, recounted from scratch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort import count_plain
from worstsort.runs.baselines import baselines
from worstsort.runs.composition import best_list
from worstsort.runs.errors import RecountMismatch
from worstsort.runs.results.champion import Champion

if TYPE_CHECKING:
    from worstsort.genetic import IslandState
    from worstsort.runs.records import EpochRecord, RunRecord


def crown(run: RunRecord, closed: EpochRecord, state: IslandState) -> Champion:
    """Return the champion of a run, from its last epoch and the state in which the island that found it ended.

    Raises:
        RecountMismatch: The plain counter does not find the comparisons that the run recorded.
    """
    config = run.config
    values = best_list(config, state)
    recounted = count_plain(values, config.target)
    if recounted != closed.best:
        raise RecountMismatch(run.run_id, closed.best, recounted)
    return Champion(
        run_id=run.run_id,
        target=config.target,
        size=config.size,
        comparisons=recounted,
        values=values,
        seed=config.seed,
        preset=config.preset,
        representation=config.representation,
        generations=closed.generations,
        evaluations=closed.evaluations,
        baselines=baselines(config),
        config=config.model_dump(mode="json"),
        code_version=run.code_version,
        foreign=config.foreign,
    )
