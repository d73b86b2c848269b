"""Closing an epoch: pure functions from what the islands recorded to what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.records import EpochRecord, GenerationRecord, IslandSeries

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig, StopConfig


def fold_series(series: list[IslandSeries]) -> list[GenerationRecord]:
    """The best of all islands in each generation of an epoch.

    Args:
        series: one entry an island. An island that finished early has a shorter series, and then empty ones.

    Returns:
        One record a generation, in order; among equals the island with the lowest number is named.
    """
    evolved = [one for one in series if one.best]
    first = min((one.first_generation for one in evolved), default=0)
    last = max((one.first_generation + len(one.best) for one in evolved), default=0)
    return [_fold_generation(generation, evolved) for generation in range(first, last)]


def _fold_generation(generation: int, series: list[IslandSeries]) -> GenerationRecord:
    present = [
        (one, generation - one.first_generation)
        for one in sorted(series, key=lambda one: one.island)
        if 0 <= generation - one.first_generation < len(one.best)
    ]
    winner, at = max(present, key=lambda pair: pair[0].best[pair[1]])
    return GenerationRecord(
        run_id=winner.run_id,
        generation=generation,
        comparisons=winner.best[at],
        island=winner.island,
        mean=round(sum(one.mean[i] for one, i in present) / len(present), 2),
        evaluations=sum(one.evaluations[i] for one, i in present),
    )


def close_epoch(config: RunConfig, series: list[IslandSeries], before: EpochRecord | None) -> EpochRecord:
    """How an epoch closes, given what its islands recorded and how the epoch before it closed.

    Time is the sum over epochs of the slowest island's monotonic seconds: no wall clock takes part in a decision.
    """
    leader = max(sorted(series, key=lambda one: one.island), key=lambda one: one.best_fitness)
    improved = before is None or leader.best_fitness > before.best
    totals = EpochRecord(
        run_id=leader.run_id,
        epoch=leader.epoch,
        best=leader.best_fitness if before is None or improved else before.best,
        best_island=leader.island if before is None or improved else before.best_island,
        best_generation=leader.best_generation if before is None or improved else before.best_generation,
        generations=max(one.first_generation + len(one.best) for one in series) - 1,
        evaluations=sum(sum(one.evaluations) for one in series) + (before.evaluations if before else 0),
        seconds=round(max(one.seconds for one in series) + (before.seconds if before else 0.0), 3),
        stall_epochs=0 if improved or before is None else before.stall_epochs + 1,
        decision="continue",
        reason="",
    )
    reason = stop_reason(config.stop, totals, {one.finished for one in series})
    return totals.model_copy(update={"decision": "stop", "reason": reason} if reason else {})


def stop_reason(stop: StopConfig, totals: EpochRecord, finished: set[str | None]) -> str:
    """Why the run stops after this epoch, in plain words; empty if it goes on.

    `finished` has each island's own reason to evolve no further, None for one that does.
    """
    conditions = (
        (
            _reached(totals.best, stop.target_comparisons),
            f"the target of {stop.target_comparisons} comparisons was reached",
        ),
        (None not in finished, "every island finished: " + "; ".join(sorted(filter(None, finished)))),
        (_reached(totals.stall_epochs, stop.stall_epochs), f"no improvement in {totals.stall_epochs} epochs"),
        (
            _reached(totals.evaluations, stop.max_evaluations),
            f"{totals.evaluations} of {stop.max_evaluations} evaluations were made",
        ),
        (
            _reached(totals.seconds, stop.max_seconds),
            f"{totals.seconds:g} of {stop.max_seconds} seconds of evolution were used",
        ),
        (_reached(totals.epoch, stop.max_epochs), f"the last of {stop.max_epochs} epochs was closed"),
    )
    return next((reason for met, reason in conditions if met), "")


def _reached(value: float, limit: float | None) -> bool:
    return limit is not None and value >= limit
