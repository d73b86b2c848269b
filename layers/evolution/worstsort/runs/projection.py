"""What a configuration needs, projected before anything is spent, against what the system can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.errors import Problem

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

MOST_EVENTS = 20_000
"""History events an execution may take: Step Functions ends it at 25,000."""

EVENTS_PER_EPOCH = 20
"""Measured 15 (submit and wait 6, close 5, two choices 4); the rest is room for retries."""

EVENTS_AROUND = 400
"""Preparing, seeding in 40 chunks, finishing."""

MOST_WORKER_BYTES = 1 << 30
"""Half of the memory of a job: what populations may take of it."""

_ARRAYS_AT_ONCE = 6
"""Parents, children, both sides of a crossover, and a neighbour's population or a file of it, at the same time."""


def history_events(config: RunConfig) -> int:
    """Events in the history of any of the run's executions at most."""
    return EVENTS_AROUND + EVENTS_PER_EPOCH * min(config.stop.max_epochs, config.epochs_per_execution)


def worker_bytes(config: RunConfig) -> int:
    """Bytes of populations that one worker holds at once."""
    gene_bytes = 1 if config.representation == "decisions" else 8
    return config.population * config.size * gene_bytes * _ARRAYS_AT_ONCE


def excesses(config: RunConfig) -> list[Problem]:
    """What the configuration would need beyond the bounds of the system, named by the field to lower."""
    problems = []
    if worker_bytes(config) > MOST_WORKER_BYTES:
        most = MOST_WORKER_BYTES * config.population // worker_bytes(config)
        allowed = f"at most {most} at size {config.size}: {worker_bytes(config):,} bytes exceed {MOST_WORKER_BYTES:,}"
        problems.append(Problem("population", config.population, allowed))
    return problems
