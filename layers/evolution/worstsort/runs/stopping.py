"""The decision to stop a run: the conditions of a configuration, tested after each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.wording import counted

if TYPE_CHECKING:
    from worstsort.runs.config import StopConfig
    from worstsort.runs.records import EpochRecord


def stop_reason(stop: StopConfig, totals: EpochRecord, finished: set[str | None], optimal: str = "") -> str:
    """Return why the run stops after this epoch, in plain words; empty if it continues.

    Args:
        stop: The conditions that were asked for.
        totals: How far the run has come.
        finished: Each island's own reason to stop evolving, None for one that continues.
        optimal: Why nothing is left to evolve, in words; nothing where something may be.
    """
    conditions = (
        (bool(optimal), optimal),
        (
            _reached(totals.best, stop.target_comparisons),
            f"the target of {stop.target_comparisons} comparisons was reached",
        ),
        (None not in finished, "every island finished: " + "; ".join(sorted(filter(None, finished)))),
        (
            _reached(totals.stall_epochs, stop.stall_epochs),
            f"no improvement in {counted(totals.stall_epochs, 'epoch')}",
        ),
        (
            _reached(totals.evaluations, stop.max_evaluations),
            f"{totals.evaluations} evaluations done, of at most {stop.max_evaluations}",
        ),
        (
            _reached(totals.seconds, stop.max_seconds),
            f"{totals.seconds:g} seconds of evolution used, of at most {stop.max_seconds}",
        ),
        (
            _reached(totals.epoch, stop.max_epochs),
            "1 epoch done" if stop.max_epochs == 1 else f"all {counted(stop.max_epochs, 'epoch')} done",
        ),
    )
    return next((reason for met, reason in conditions if met), "")


def _reached(value: float, limit: float | None) -> bool:
    return limit is not None and value >= limit
