"""What a configuration needs, worked out before anything is spent, against what the system can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import REPRESENTATIONS
from worstsort.runs.errors import Problem

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

MAX_WORKER_BYTES = 1 << 30
"""What populations may take of a job's memory: half of it."""

MAX_POLISH_BYTES = MAX_WORKER_BYTES // 2
"""What the lists that are being polished may take of the same memory."""

MAX_ITEM_BYTES = 10_240
"""What an item of the table may take. DynamoDB's own limit is 400 KB, but writes are paid for by the KB."""

_FIXED_ITEM_BYTES = 640
"""What an island's item takes besides its series: attribute names, keys, digest, a reason to stop."""

_ARRAYS_AT_ONCE = 6
"""Parents, children, both sides of a crossover, and a neighbour's population or a file of it, all held together."""


def worker_bytes(config: RunConfig) -> int:
    """Return the bytes of populations that one worker holds at once."""
    return config.population * REPRESENTATIONS[config.representation].genome_bytes(config.size) * _ARRAYS_AT_ONCE


def polish_bytes(config: RunConfig) -> int:
    """Return the bytes of lists that polishing holds at once."""
    copies = 0 if config.polish == "none" else config.tuning.polish_copies
    return copies * REPRESENTATIONS["permutation"].genome_bytes(config.size) * _ARRAYS_AT_ONCE


def series_item_bytes(config: RunConfig) -> int:
    """Return an upper bound for the bytes of the item that records one epoch of an island."""
    return _FIXED_ITEM_BYTES + _generation_bytes(config) * (config.generations_per_epoch + 1)


def violations(config: RunConfig) -> list[Problem]:
    """Return what the configuration needs beyond the limits of the system, named by the field to lower."""
    return [*_series_violations(config), *_population_violations(config), *_polish_violations(config)]


def _series_violations(config: RunConfig) -> list[Problem]:
    item = series_item_bytes(config)
    if item <= MAX_ITEM_BYTES:
        return []
    allowed = (MAX_ITEM_BYTES - _FIXED_ITEM_BYTES) // _generation_bytes(config) - 1
    text = f"1 to {allowed} at size {config.size}: an item of {item:,} bytes exceeds {MAX_ITEM_BYTES:,}"
    return [Problem("generations_per_epoch", config.generations_per_epoch, text)]


def _population_violations(config: RunConfig) -> list[Problem]:
    needed = worker_bytes(config)
    if needed <= MAX_WORKER_BYTES:
        return []
    allowed = MAX_WORKER_BYTES * config.population // needed
    text = f"at most {allowed} at size {config.size}: {needed:,} bytes exceed {MAX_WORKER_BYTES:,}"
    return [Problem("population", config.population, text)]


def _polish_violations(config: RunConfig) -> list[Problem]:
    needed, copies = polish_bytes(config), config.tuning.polish_copies
    if needed <= MAX_POLISH_BYTES:
        return []
    allowed = MAX_POLISH_BYTES * copies // needed
    text = f"at most {allowed} at size {config.size}: {needed:,} bytes exceed {MAX_POLISH_BYTES:,}"
    return [Problem("tuning.polish_copies", copies, text)]


def _generation_bytes(config: RunConfig) -> int:
    """Return the bytes that one generation takes in an item: best, mean and evaluations.

    A number takes a byte for every two digits and one more, and one as an entry of a list.
    """
    comparisons = config.size**2  # whatever the target
    evaluations = (config.population + config.tuning.polish_copies) * (1 + config.tuning.search_steps)
    digits = (_digits(comparisons), _digits(comparisons) + 2, _digits(evaluations))
    return sum((number + 1) // 2 + 2 for number in digits)


def _digits(number: int) -> int:
    return len(str(number))
