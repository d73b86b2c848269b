"""Closing an epoch: pure functions from what the islands recorded to what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic.state import UNEVALUATED
from worstsort.gosort import proven_optimal
from worstsort.runs.records import EpochRecord, GenerationRecord, IslandSeries
from worstsort.runs.stopping import stop_reason

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig


def leader(series: list[IslandSeries]) -> IslandSeries:
    """Return the island that found the best of an epoch: among equals in the earliest generation, then the lowest.

    `fold_series` names the same one in the first generation that has the best, whatever the islands' order.
    """
    return max(series, key=lambda island: (island.best_fitness, -island.best_generation, -island.island))


def fold_series(series: list[IslandSeries]) -> list[GenerationRecord]:
    """Return the best of all islands in each generation of an epoch.

    Args:
        series: One per island. An island that finished early has a shorter one, and empty ones from then on.

    Returns:
        One record per generation, in order; among equals the island with the lowest number is named.
    """
    evolved = [island for island in series if island.best]
    first = min((island.first_generation for island in evolved), default=0)
    last = max((island.first_generation + len(island.best) for island in evolved), default=0)
    return [_fold_generation(generation, evolved) for generation in range(first, last)]


def _fold_generation(generation: int, series: list[IslandSeries]) -> GenerationRecord:
    present = [
        (island, generation - island.first_generation)
        for island in sorted(series, key=lambda island: island.island)
        if 0 <= generation - island.first_generation < len(island.best)
    ]
    winner, entry = max(present, key=lambda pair: pair[0].best[pair[1]])
    return GenerationRecord(
        run_id=winner.run_id,
        generation=generation,
        comparisons=winner.best[entry],
        island=winner.island,
        mean=round(sum(island.mean[index] for island, index in present) / len(present), 2),
        generation_evaluations=sum(island.generation_evaluations[index] for island, index in present),
    )


def close_epoch(config: RunConfig, series: list[IslandSeries], before: EpochRecord | None) -> EpochRecord:
    """Return how an epoch closes, given what its islands recorded and how the epoch before it closed.

    Time is the sum over epochs of the slowest island's monotonic seconds: no wall clock takes part in a decision. A run
    whose best is proven to be the most that any input of its values costs stops, whatever it was asked for.
    """
    best = leader(series)
    before = before or _nothing_yet(best.run_id)
    improved = best.best_fitness > before.best
    found = {
        "best": best.best_fitness,
        "best_island": best.island,
        "best_generation": best.best_generation,
        "stall_epochs": 0,
    }
    totals = {
        "epoch": best.epoch,
        "generations": max(island.first_generation + len(island.best) for island in series) - 1,
        "evaluations": before.evaluations + sum(sum(island.generation_evaluations) for island in series),
        "seconds": round(max(island.seconds for island in series) + before.seconds, 3),
    }
    closed = before.model_copy(update=totals | (found if improved else {"stall_epochs": before.stall_epochs + 1}))
    optimal = proven_optimal(closed.best, config.size, config.target, config.values) if improved else ""
    reason = stop_reason(config.stop, closed, {island.finished for island in series}, optimal)
    return closed.model_copy(update={"decision": "stop" if reason else "continue", "reason": reason})


def _nothing_yet(run_id: str) -> EpochRecord:
    """Return what stands for the epoch before the first one."""
    return EpochRecord(
        run_id=run_id,
        epoch=0,
        best=UNEVALUATED,
        best_island=0,
        best_generation=0,
        generations=0,
        evaluations=0,
        seconds=0.0,
        stall_epochs=0,
        decision="continue",
        reason="",
    )
