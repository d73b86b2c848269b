"""Champions in competition: what the leaderboard records of each, and their order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from worstsort.gosort.ranks import dense_ranks
from worstsort.runs.records import ChampionRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worstsort.runs.results.champion import Champion


def leaderboard_entry(champion: Champion, artefact: str, found_at: str) -> ChampionRecord:
    """Return the champion's record on the leaderboard.

    Args:
        champion: Of a finished run.
        artefact: Where its champion.json is.
        found_at: When the run finished, in ISO 8601.
    """
    values = champion.config.get("values", "any")
    family = family_of(champion.target, champion.size, values)
    return ChampionRecord(
        run_id=champion.run_id,
        key=f"{family}:{ranks_digest(champion.values)}",
        family=family,
        fitness=champion.comparisons,
        target=champion.target,
        size=champion.size,
        values=values,
        distinct=champion.distinct,
        preset=champion.preset,
        seed=champion.seed,
        random_mean=champion.baselines.random_mean,
        antiquicksort=champion.baselines.antiquicksort,
        artefact=artefact,
        found_at=found_at,
    )


def family_of(target: str, size: int, values: str) -> str:
    """Return the leaderboard on which champions of one target and size compete; distinct values have their own."""
    return f"{target}:{size}" if values == "any" else f"{target}:{size}:{values}"


def ranked(
    champions: Iterable[ChampionRecord], target: str | None = None, size: int | None = None, values: str | None = None
) -> list[ChampionRecord]:
    """Return champions family by family, the best of each family first.

    Args:
        champions: In any order.
        target: Only champions for this target, if given.
        size: Only champions of this size, if given.
        values: Only champions of runs for any or for distinct values, if given.
    """
    chosen = (
        champion for champion in champions
        if target in {None, champion.target} and size in {None, champion.size} and values in {None, champion.values}
    )  # fmt: skip
    return sorted(chosen, key=_place)


def _place(record: ChampionRecord) -> tuple[str, int, str, int, str]:
    return record.target, record.size, record.values, -record.fitness, record.found_at


def ranks_digest(values: list[int]) -> str:
    """Return the SHA-256 of the dense ranks (little-endian int64): equal for inputs that every sort treats alike."""
    return hashlib.sha256(dense_ranks(values).astype("<i8").tobytes()).hexdigest()
