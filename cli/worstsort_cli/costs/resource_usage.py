"""What a configuration uses: services by counting what the state machine does, time by measuring one generation."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.control.plan import chunks
from worstsort.genetic import REPRESENTATIONS, evolve_island, senders
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort_cli.costs.prices import Usage

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig
    from worstsort_cli.costs.capacity import Capacity

STARTUP_SECONDS = 120.0
"""Assumed from the first submitted job to the first instance that runs it; later epochs find the instance warm."""

EPOCH_OVERHEAD_SECONDS = 20.0
"""Assumed per epoch around the evolution: scheduling the array job, starting containers, closing the epoch."""

_MAX_MEASURED_INDIVIDUALS = 200
"""Individuals on the measured island; where nothing is polished, a generation's work grows with their number."""

_MEASURED_SECONDS = 1.0

_TRANSITIONS_PER_EPOCH, _TRANSITIONS_PER_RUN, _TRANSITIONS_PER_CHUNK = 5, 5, 1
"""States entered, from statemachine/evolve.asl.json: in the loop over epochs, around it, and while seeding."""

_REQUESTS_PER_RUN, _REQUESTS_PER_CHUNK, _REQUESTS_PER_EPOCH = 2, 1, 1
"""Lambda invocations: PrepareRun and FinishRun, SeedPopulations for each chunk of islands, CloseEpoch."""

_GB_SECONDS_PER_RUN, _GB_SECONDS_PER_CHUNK, _GB_SECONDS_PER_EPOCH = 10.0, 2.0, 1.0
"""Assumed for these invocations: memory size from template.yaml times a duration of some seconds."""

_WRITES_PER_RUN, _RECORD_WRITES_PER_EPOCH = 6, 3
"""DynamoDB writes: the run's record, of two units, at its start and end, and its champion; per epoch the epoch's record
and the run's progress."""

_READS_PER_RUN, _READS_PER_CHUNK, _READS_PER_EPOCH, _READS_PER_ISLAND = 3, 1, 2, 3
"""DynamoDB reads besides series and generations: the run's record by each function and job, the epoch before, and
whether an island's epoch has been recorded."""

_SERIES_BYTES, _SERIES_BYTES_PER_GENERATION = 350, 17
"""The item of an island's series: attribute names, keys and digest, and three numbers per generation."""

_GENERATION_BYTES = 100
"""The item of a generation of all islands."""

_WRITE_UNIT_BYTES, _READ_UNIT_BYTES = 1024, 4096
"""What one DynamoDB unit covers of an item."""

_GETS_PER_ISLAND = 3
"""Requests per island and epoch besides those to neighbours: its own state, and twice whether there is a save of it."""

_ARTEFACTS, _ARTEFACT_BYTES = 4, 130_000
"""What FinishRun writes, and its size altogether."""

_BYTES_PER_INDIVIDUAL = 16
"""What a checkpoint holds of an individual besides its genome: fitness and age, eight bytes each."""

_LOG_BYTES_PER_ISLAND, _LOG_BYTES_PER_EPOCH = 1_500, 20_000
"""Assumed per epoch: what one worker logs; what the functions and the state machine log."""


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


def island_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """Return how long one island evolves per epoch."""
    return config.generations_per_epoch * pace.seconds / given.job_vcpus


def evolution_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """Return how long the islands evolve per epoch; those that find no free vCPUs wait for the others."""
    return math.ceil(config.islands / given.jobs_at_once) * island_seconds(config, pace, given)


def epoch_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """Return how long an epoch takes from its submission until it is closed."""
    return EPOCH_OVERHEAD_SECONDS + evolution_seconds(config, pace, given)


def saves_per_epoch(config: RunConfig, seconds: float, save_seconds: float) -> int:
    """Return how often an island saves in an epoch that takes it so many seconds: after whole generations only."""
    if seconds <= 0:
        return 0
    generation_seconds = seconds / config.generations_per_epoch
    return config.generations_per_epoch // max(1, math.ceil(save_seconds / generation_seconds))


def usage(config: RunConfig, epochs: int, seconds: float, given: Capacity, island_epoch_seconds: float = 0.0) -> Usage:
    """Return what a number of epochs uses of each service.

    Args:
        config: The run.
        epochs: How many of its epochs.
        seconds: How long machines are held for them.
        given: What the deployment gives it.
        island_epoch_seconds: How long one island evolves per epoch, which decides how often it saves.
    """
    islands, generations, seeded = config.islands, config.generations_per_epoch, len(chunks(config.islands))
    chosen, beside = given.fleets(islands)
    saves = epochs * islands * saves_per_epoch(config, island_epoch_seconds, given.save_seconds)
    series_bytes = _SERIES_BYTES + _SERIES_BYTES_PER_GENERATION * generations
    series_writes = math.ceil(series_bytes / _WRITE_UNIT_BYTES)
    series_reads = math.ceil(series_bytes / _READ_UNIT_BYTES)
    checkpoint_gb = config.population * (_genome_bytes(config) + _BYTES_PER_INDIVIDUAL) / 1e9
    log_bytes = epochs * (islands * _LOG_BYTES_PER_ISLAND + _LOG_BYTES_PER_EPOCH)
    return Usage(
        vcpu_seconds=chosen.vcpus * seconds,
        on_demand_vcpu_seconds=beside.vcpus * seconds,
        machine_seconds=(chosen.machines + beside.machines) * seconds,
        transitions=_TRANSITIONS_PER_RUN + _TRANSITIONS_PER_CHUNK * seeded + _TRANSITIONS_PER_EPOCH * epochs,
        lambda_requests=_REQUESTS_PER_RUN + _REQUESTS_PER_CHUNK * seeded + _REQUESTS_PER_EPOCH * epochs,
        lambda_gb_seconds=_GB_SECONDS_PER_RUN + _GB_SECONDS_PER_CHUNK * seeded + _GB_SECONDS_PER_EPOCH * epochs,
        writes=_WRITES_PER_RUN + epochs * (islands * series_writes + generations + _RECORD_WRITES_PER_EPOCH),
        reads=_READS_PER_RUN
        + _READS_PER_CHUNK * seeded
        + islands * series_reads
        + math.ceil(epochs * generations * _GENERATION_BYTES / _READ_UNIT_BYTES)
        + epochs * (_READS_PER_EPOCH + islands * (_READS_PER_ISLAND + series_reads))
        + saves,
        puts=islands * (1 + epochs) + _ARTEFACTS + saves,
        gets=1 + islands * (epochs * _GETS_PER_ISLAND + max(0, epochs - 1) * _neighbours(config)),
        stored_gb=islands * (1 + epochs) * checkpoint_gb + _ARTEFACT_BYTES / 1e9,
        saved_gb=saves * checkpoint_gb,
        logged_gb=log_bytes / 1e9,
    )


def _genome_bytes(config: RunConfig) -> int:
    return REPRESENTATIONS[config.representation].genome_bytes(config.size)


def _neighbours(config: RunConfig) -> int:
    """Return how many islands' states an island reads when an epoch begins."""
    return len(senders(config.topology, 0, config.islands, config.seed, 2)) if config.migrants else 0
