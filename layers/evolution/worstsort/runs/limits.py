"""What a configuration needs, worked out before anything is spent, against what the system can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.genetic import REPRESENTATIONS, senders
from worstsort.runs.errors import Problem

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

DEFAULT_JOB_MIB = 1_536
"""The memory of a job where nobody says otherwise: the default of the stack's parameter JobMemory."""

_PROCESS_MIB = 256
"""What a worker takes whatever it evolves, in MiB: the interpreter, libraries and compiled counters."""

_POPULATION_SHARE = 4 / 5
"""Share of the rest for populations; the remainder is room for what the allocator cannot use and clients hold."""

_POLISH_SHARE = 1 / 2
"""Share of the populations' memory that the lists which are being polished may take."""

MAX_SEEDING_BYTES = 1_536 << 20
"""What drawing an island's first population may take of the 1,769 MB of the function that does it."""

_SEEDING_BYTES_PER_GENE = 24
"""Measured: random words of 8 bytes, the same shifted, the genes, and the file of them."""

MAX_ITEM_BYTES = 10_240
"""What an item of the table may take. DynamoDB's own limit is 400 KB, but writes are paid for by the KB."""

_FIXED_ITEM_BYTES = 640
"""What an island's item takes besides its series: attribute names, keys, digest, a reason to stop."""

MAX_ENTRIES = 2_000_000
"""Generations of all islands that may be recorded in an epoch, which CloseEpoch reads at its end.

Each takes some 130 bytes of its 1,024 MB, and some 20 us of a processor, of which it has three fifths, out of 300 s.
"""

MAX_SENDERS = 999
"""Islands from which one may take in migrants: a worker reads all of their populations at the start of each epoch."""

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


def max_worker_bytes(job_mib: int) -> int:
    """Return what populations may take of the memory of a job."""
    return max(0, int((job_mib - _PROCESS_MIB) * _POPULATION_SHARE) << 20)


def seeding_bytes(config: RunConfig) -> int:
    """Return the bytes that drawing the first population of an island takes."""
    return config.population * REPRESENTATIONS[config.representation].genes(config.size) * _SEEDING_BYTES_PER_GENE


def violations(config: RunConfig, job_mib: int = DEFAULT_JOB_MIB) -> list[Problem]:
    """Return what the configuration needs beyond the limits of the system, named by the field to lower.

    Args:
        config: What to run.
        job_mib: The memory of each job.
    """
    return [*series_violations(config), *_island_violations(config), *memory_violations(config, job_mib)]


def memory_violations(config: RunConfig, job_mib: int) -> list[Problem]:
    """Return what the configuration needs beyond the memory of its jobs and functions, as `violations` does."""
    return [*_population_violations(config, job_mib), *_polish_violations(config, job_mib)]


def series_violations(config: RunConfig) -> list[Problem]:
    """Return what the configuration needs beyond the item that records one epoch of an island."""
    item = series_item_bytes(config)
    if item <= MAX_ITEM_BYTES:
        return []
    allowed = (MAX_ITEM_BYTES - _FIXED_ITEM_BYTES) // _generation_bytes(config) - 1
    text = f"1 to {allowed} at size {config.size}: an item of {item:,} bytes exceeds {MAX_ITEM_BYTES:,}"
    return [Problem("generations_per_epoch", config.generations_per_epoch, text)]


def _island_violations(config: RunConfig) -> list[Problem]:
    """Return what the configuration needs beyond what many islands leave of an epoch's border."""
    problems = []
    most = MAX_ENTRIES // config.islands
    if config.generations_per_epoch > most:
        text = f"1 to {most} with {config.islands:,} islands: CloseEpoch reads at most {MAX_ENTRIES:,} of all islands"
        problems.append(Problem("generations_per_epoch", config.generations_per_epoch, text))
    sending = len(senders(config.topology, 0, config.islands, config.seed, 2)) if config.migrants else 0
    if sending > MAX_SENDERS:
        text = f"ring, random or none: an island receives from at most {MAX_SENDERS} others, not from {sending:,}"
        problems.append(Problem("topology", config.topology, text))
    return problems


def _population_violations(config: RunConfig, job_mib: int) -> list[Problem]:
    worker = worker_bytes(config), max_worker_bytes(job_mib), f"in jobs with {job_mib:,} MiB (JobMemory)"
    seeding = seeding_bytes(config), MAX_SEEDING_BYTES, "in the function that draws the first population"
    needed, limit, where = max(worker, seeding, key=lambda need: need[0] / max(1, need[1]))
    if needed <= limit:
        return []
    allowed = limit * config.population // needed
    text = f"at most {allowed} at size {config.size}: {needed:,} bytes exceed {limit:,} {where}"
    return [Problem("population", config.population, text)]


def _polish_violations(config: RunConfig, job_mib: int) -> list[Problem]:
    needed, copies = polish_bytes(config), config.tuning.polish_copies
    limit = int(max_worker_bytes(job_mib) * _POLISH_SHARE)
    if needed <= limit:
        return []
    allowed = limit * copies // needed
    where = f"in jobs with {job_mib:,} MiB (JobMemory)"
    text = f"at most {allowed} at size {config.size}: {needed:,} bytes exceed {limit:,} {where}"
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
