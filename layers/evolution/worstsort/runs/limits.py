"""What a configuration needs, projected before anything is spent, against what the system can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import REPRESENTATIONS
from worstsort.runs.errors import Problem

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

MOST_EVENTS = 20_000
"""History events an execution may take: Step Functions ends it at 25,000."""

EVENTS_PER_EPOCH = 20
"""Measured 15 (submit and wait 6, close 5, two choices 4); the rest is room for retries."""

EVENTS_AROUND = 400
"""Preparing, seeding in 40 chunks, finishing."""

MOST_EPOCHS = (MOST_EVENTS - EVENTS_AROUND) // EVENTS_PER_EPOCH
"""Epochs for which there is room in an execution's history."""

MOST_WORKER_BYTES = 1 << 30
"""Half of the memory of a job: what populations may take of it."""

MOST_ITEM_BYTES = 10_240
"""What an item of the table may take: DynamoDB's own limit is 400 KB, but writes are paid for by the KB."""

_FIXED_ITEM_BYTES = 640
"""What an island's item takes beside its series: the names of all attributes, keys, digest, a reason to stop."""

_ARRAYS_AT_ONCE = 6
"""Parents, children, both sides of a crossover, and a neighbour's population or a file of it, at the same time."""


def history_events(config: RunConfig) -> int:
    """Events in the history of any of the run's executions at most."""
    return EVENTS_AROUND + EVENTS_PER_EPOCH * min(config.stop.max_epochs, config.epochs_per_execution)


def worker_bytes(config: RunConfig) -> int:
    """Bytes of populations that one worker holds at once."""
    return config.population * REPRESENTATIONS[config.representation].genome_bytes(config.size) * _ARRAYS_AT_ONCE


def polish_bytes(config: RunConfig) -> int:
    """Bytes of lists that polishing holds at once."""
    copies = 0 if config.polish == "none" else config.tuning.polish_copies
    return copies * REPRESENTATIONS["permutation"].genome_bytes(config.size) * _ARRAYS_AT_ONCE


def series_item_bytes(config: RunConfig) -> int:
    """Bytes of the item that records an epoch of an island, at most.

    A number takes a byte for every two digits and one more, and one as an entry of a list.
    """
    most = config.size**2  # comparisons, whatever the target
    evaluations = (config.population + config.tuning.polish_copies) * (1 + config.tuning.search_steps)
    digits = (_digits(most), _digits(most) + 2, _digits(evaluations))
    entry = sum((number + 1) // 2 + 2 for number in digits)
    return _FIXED_ITEM_BYTES + entry * (config.generations_per_epoch + 1)


def _digits(number: int) -> int:
    return len(str(number))


def violations(config: RunConfig) -> list[Problem]:
    """What the configuration would need beyond the bounds of the system, named by the field to lower."""
    problems = []
    if (item := series_item_bytes(config)) > MOST_ITEM_BYTES:
        each = (item - _FIXED_ITEM_BYTES) // (config.generations_per_epoch + 1)
        most = (MOST_ITEM_BYTES - _FIXED_ITEM_BYTES) // each - 1
        allowed = f"1 to {most} at size {config.size}: an item of {item:,} bytes exceeds {MOST_ITEM_BYTES:,}"
        problems.append(Problem("generations_per_epoch", config.generations_per_epoch, allowed))
    if worker_bytes(config) > MOST_WORKER_BYTES:
        most = MOST_WORKER_BYTES * config.population // worker_bytes(config)
        allowed = f"at most {most} at size {config.size}: {worker_bytes(config):,} bytes exceed {MOST_WORKER_BYTES:,}"
        problems.append(Problem("population", config.population, allowed))
    if polish_bytes(config) > MOST_WORKER_BYTES // 2:
        copies, most = config.tuning.polish_copies, MOST_WORKER_BYTES // 2
        fitting = most * copies // polish_bytes(config)
        allowed = f"at most {fitting} at size {config.size}: {polish_bytes(config):,} bytes exceed {most:,}"
        problems.append(Problem("tuning.polish_copies", copies, allowed))
    return problems
