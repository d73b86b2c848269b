"""What a configuration uses: services by counting what the state machine does, time by measuring one generation."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.control.plan import chunks
from worstsort.genetic import REPRESENTATIONS, evolve_island
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort_cli.costs.prices import Usage

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

STARTUP_SECONDS = 120.0
"""Assumed from the first submitted job to the first instance that runs it; later epochs find the instance warm."""

EPOCH_OVERHEAD_SECONDS = 20.0
"""Assumed per epoch around the evolution: scheduling the array job, starting containers, closing the epoch."""

_MAX_MEASURED_INDIVIDUALS = 200
"""Individuals on the measured island; where nothing is polished, a generation's work grows with their number."""

_MEASURED_SECONDS = 1.0

_TRANSITIONS_PER_EPOCH, _TRANSITIONS_PER_RUN = 5, 8
"""States entered, from statemachine/evolve.asl.json: in the loop over epochs, and before and after it."""

_REQUESTS_PER_RUN, _REQUESTS_PER_CHUNK, _REQUESTS_PER_EPOCH = 2, 1, 1
"""Lambda invocations: PrepareRun and FinishRun, SeedPopulations for each chunk of islands, CloseEpoch."""

_GB_SECONDS_PER_RUN, _GB_SECONDS_PER_CHUNK, _GB_SECONDS_PER_EPOCH = 10.0, 2.0, 1.0
"""Assumed for these invocations: memory size from template.yaml times a duration of some seconds."""

_WRITES_PER_RUN, _RECORD_WRITES_PER_EPOCH = 2, 2
"""DynamoDB writes of up to 1 KB: the run's record at its start and end; the epoch's record and the run's progress."""

_SERIES_BYTES_PER_GENERATION = 30
"""What one generation adds to the item of an island's series: three numbers."""

_WRITE_UNIT_BYTES, _READ_UNIT_BYTES = 1024, 4096
"""What one DynamoDB unit covers of an item."""

_GETS_PER_ISLAND = 3
"""Objects that an island reads per epoch: its own state and those of two neighbours."""

_BYTES_PER_INDIVIDUAL = 16
"""What a checkpoint holds of an individual besides its genome: fitness and age, eight bytes each."""

_LOG_BYTES_PER_ISLAND, _LOG_BYTES_PER_EPOCH = 1_500, 20_000
"""Assumed per epoch: what one worker logs; what the functions and the state machine log."""


@dataclass(frozen=True)
class Capacity:
    """What a deployment gives its jobs.

    Attributes:
        purchase: How vCPUs are bought, a key of prices.VCPU_HOUR; the stack calls it Capacity.
        job_vcpus: vCPUs of one job.
        max_vcpus: vCPUs of all jobs together.
    """

    purchase: str = "SPOT"
    job_vcpus: int = 1
    max_vcpus: int = 32

    @property
    def jobs_at_once(self) -> int:
        """Jobs that run at the same time."""
        return max(1, self.max_vcpus // self.job_vcpus)


@dataclass(frozen=True)
class Pace:
    """Seconds and evaluations of one generation of one island on one core."""

    seconds: float
    evaluations: float


def measure(config: RunConfig) -> Pace:
    """Evolve an island on this machine for about a second, not counting compilation."""
    individuals = config.population
    if config.polish == "none":
        needed = max(_MAX_MEASURED_INDIVIDUALS, config.tournament_size, config.migrants + 1)
        individuals = min(individuals, needed)
    small = config.model_copy(update={"population": individuals, "stall_generations": 0})
    evolution, counter = algorithm(small, threads=1), fitness(small, threads=1)
    state, _ = evolve_island(first_state(small, 0), evolution, counter, 1)  # compiles
    started, before, generations = time.process_time(), state.evaluations, 0
    while generations == 0 or time.process_time() - started < _MEASURED_SECONDS:
        state, _ = evolve_island(state, evolution, counter, 1)
        generations += 1
    seconds, evaluations = time.process_time() - started, state.evaluations - before
    whole_generations = generations * individuals / config.population
    return Pace(seconds / whole_generations, evaluations / whole_generations)


def evolution_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """Return how long the islands evolve per epoch; those that find no free vCPUs wait for the others."""
    rounds = math.ceil(config.islands / given.jobs_at_once)
    return rounds * config.generations_per_epoch * pace.seconds / given.job_vcpus


def epoch_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """Return how long an epoch takes from its submission until it is closed."""
    return EPOCH_OVERHEAD_SECONDS + evolution_seconds(config, pace, given)


def usage(config: RunConfig, epochs: int, seconds: float, given: Capacity) -> Usage:
    """Return what a number of epochs uses of each service, with vCPUs held for `seconds`."""
    islands, seeded = config.islands, len(chunks(config.islands))
    series_bytes = config.generations_per_epoch * _SERIES_BYTES_PER_GENERATION
    series_writes = math.ceil(series_bytes / _WRITE_UNIT_BYTES)
    series_reads = 1 + series_writes * _WRITE_UNIT_BYTES / _READ_UNIT_BYTES
    genome_bytes = REPRESENTATIONS[config.representation].genome_bytes(config.size)
    checkpoint_gb = config.population * (genome_bytes + _BYTES_PER_INDIVIDUAL) / 1e9
    log_bytes = epochs * (islands * _LOG_BYTES_PER_ISLAND + _LOG_BYTES_PER_EPOCH)
    return Usage(
        vcpu_seconds=min(islands, given.jobs_at_once) * given.job_vcpus * seconds,
        transitions=_TRANSITIONS_PER_RUN + seeded + _TRANSITIONS_PER_EPOCH * epochs,
        lambda_requests=_REQUESTS_PER_RUN + _REQUESTS_PER_CHUNK * seeded + _REQUESTS_PER_EPOCH * epochs,
        lambda_gb_seconds=_GB_SECONDS_PER_RUN + _GB_SECONDS_PER_CHUNK * seeded + _GB_SECONDS_PER_EPOCH * epochs,
        writes=_WRITES_PER_RUN
        + epochs * (islands * series_writes + config.generations_per_epoch + _RECORD_WRITES_PER_EPOCH),
        reads=epochs * islands * series_reads,
        puts=islands * (1 + epochs),
        gets=islands * epochs * _GETS_PER_ISLAND,
        stored_gb=islands * (1 + epochs) * checkpoint_gb,
        logged_gb=log_bytes / 1e9,
    )
