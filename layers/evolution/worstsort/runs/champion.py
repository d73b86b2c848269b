"""The champion: a plain list of integers, recounted from scratch, and what is recorded about it."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from worstsort.gosort import Assessment, assess, count_plain
from worstsort.gosort.ranks import dense_ranks
from worstsort.runs.baselines import Baselines, baselines
from worstsort.runs.composition import best_list
from worstsort.runs.errors import RecountMismatch
from worstsort.runs.records import ChampionRecord, GenerationRecord, RunRecord

if TYPE_CHECKING:
    from worstsort.genetic import IslandState
    from worstsort.runs.records import EpochRecord

_HISTORY_COLUMNS = ("generation", "comparisons", "island", "mean", "evaluations")
"""The fields of a record in `history.csv`, as they are stored."""

MAX_ASSESSED_SIZE = 10_000
"""The largest size whose upper bound takes seconds, not minutes."""


class Champion(BaseModel):
    """The content of `champion.json`."""

    run_id: str
    target: str
    size: int
    comparisons: int
    values: list[int]
    seed: int
    preset: str
    representation: str
    generations: int
    evaluations: int
    baselines: Baselines
    config: dict[str, Any]
    code_version: str

    def assessment(self) -> Assessment | None:
        """Return how close it is to what no input can exceed, or None where that is unknown or slow to compute."""
        if self.size > MAX_ASSESSED_SIZE:
            return None
        distinct = len(set(self.values)) == self.size
        found = assess(self.comparisons, self.size, self.target, distinct=distinct)
        return found if found.bound is not None else None


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
    )


def leaderboard_entry(champion: Champion, artefact: str, found_at: str) -> ChampionRecord:
    """Return the champion's record on the leaderboard.

    Args:
        champion: Of a finished run.
        artefact: Where its champion.json is.
        found_at: When the run finished, in ISO 8601.
    """
    family = family_of(champion.target, champion.size)
    return ChampionRecord(
        run_id=champion.run_id,
        key=f"{family}:{ranks_digest(champion.values)}",
        family=family,
        fitness=champion.comparisons,
        target=champion.target,
        size=champion.size,
        preset=champion.preset,
        seed=champion.seed,
        random_mean=champion.baselines.random_mean,
        antiquicksort=champion.baselines.antiquicksort,
        artefact=artefact,
        found_at=found_at,
    )


def family_of(target: str, size: int) -> str:
    """Return the leaderboard on which champions of one target and size compete."""
    return f"{target}:{size}"


def ranks_digest(values: list[int]) -> str:
    """Return the SHA-256 of the dense ranks (little-endian int64): equal for inputs that every sort treats alike."""
    return hashlib.sha256(dense_ranks(values).astype("<i8").tobytes()).hexdigest()


def history_csv(generations: list[GenerationRecord]) -> str:
    """Return the per-generation bests as CSV, one row per generation under a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _HISTORY_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(record.model_dump() for record in generations)
    return text.getvalue()
