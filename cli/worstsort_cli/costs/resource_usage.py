"""What a configuration uses: services by counting what the state machine does, time by measuring one generation."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.artefacts.report_data import MAX_CURVES, MAX_EPOCHS_READ
from worstsort.control.plan import chunks
from worstsort.genetic import REPRESENTATIONS, evolve_island, senders
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.signs_of_life import lines_within
from worstsort_cli.costs.prices import Usage

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig
    from worstsort_cli.costs.capacity import Capacity

STARTUP_SECONDS = 120.0
"""Assumed from the first submitted job to the first instance that runs it; later epochs find the instance warm."""

EPOCH_OVERHEAD_SECONDS = 20.0
"""Assumed per epoch around the evolution: scheduling the array job, starting containers, closing the epoch."""

JOB_START_SECONDS = 3.0
"""Assumed for each island that waits for another's vCPUs: starting its container, and importing what evolves it."""

_MAX_MEASURED_INDIVIDUALS = 200
"""Individuals on the measured island; where nothing is polished, a generation's work grows with their number."""

_MEASURED_SECONDS = 1.0

_RUN = Usage(transitions=5, lambda_requests=2, lambda_gb_seconds=10.0, writes=6, reads=2)
"""What every run takes, however long it is: the states around the loop over epochs (statemachine/evolve.asl.json);
PrepareRun and FinishRun, with a memory size from template.yaml times an assumed duration of some seconds; its record,
of two units, at its start and end, and its champion."""

_CHUNK = Usage(transitions=1, lambda_requests=1, lambda_gb_seconds=2.0, reads=1)
"""What seeding a chunk of islands takes: SeedPopulations, which reads the run's record."""

_EPOCH = Usage(transitions=5, lambda_requests=1, lambda_gb_seconds=1.0, writes=3, reads=2, logged_gb=20_000 / 1e9)
"""What an epoch takes, however many islands there are: the states in the loop; CloseEpoch, which reads the run's record
and the epoch before, and writes the epoch's record and the run's progress; what the functions and the state machine
log, which is assumed."""

_HANDOVER = Usage(transitions=5, lambda_requests=1, lambda_gb_seconds=2.0, writes=2, reads=2)
"""What a run adds that continues in another execution: the three states before the first, and one more to get there
than to the next epoch, with the one that ends the execution before; PrepareRun; its record, of two units, which is read
twice and written."""

_READS_PER_ISLAND = 2
"""DynamoDB reads of an island in an epoch besides series: the run's record, and whether the epoch has been recorded."""

_SERIES_BYTES, _SERIES_BYTES_PER_GENERATION = 350, 17
"""The item of an island's series: attribute names, keys and digest, and three numbers per generation."""

_GENERATION_BYTES = 100
"""The item of a generation of all islands."""

_WRITE_UNIT_BYTES, _READ_UNIT_BYTES = 1024, 4096
"""What one DynamoDB unit covers of an item."""

_GETS_PER_ISLAND = 2
"""Requests per island and epoch besides those to neighbours: its own state, and whether there is a save of it. One that
has saved asks once more when the epoch is over."""

_ARTEFACTS, _ARTEFACT_BYTES = 4, 130_000
"""What FinishRun writes, and its size altogether."""

_BYTES_PER_INDIVIDUAL = 16
"""What a checkpoint holds of an individual besides its genome: fitness and age, eight bytes each."""

_LOG_BYTES_PER_ISLAND = 1_500
"""Assumed per epoch: what one worker logs."""

_LOG_BYTES_PER_SIGN_OF_LIFE = 350
"""A line in which a worker says how far it is."""


@dataclass(frozen=True)
class Pace:
    """Seconds and evaluations of one generation of one island on one core."""

    seconds: float
    evaluations: float


def measure(config: RunConfig) -> Pace:
    """Evolve an island on this machine for about a second, not counting compilation.

    It begins anew after an epoch: the longer an island evolves, the more children are copies of a parent, whose
    comparisons are known.
    """
    individuals = config.population
    if config.polish == "none":
        needed = max(_MAX_MEASURED_INDIVIDUALS, config.tournament_size, config.migrants + 1)
        individuals = min(individuals, needed)
    small = config.model_copy(update={"population": individuals, "stall_generations": 0})
    evolution, counter = algorithm(small, threads=1), fitness(small, threads=1)
    first, _ = evolve_island(first_state(small, 0), evolution, counter, 1)  # compiles
    state, seconds, evaluations, generations = first, 0.0, 0, 0
    while generations == 0 or seconds < _MEASURED_SECONDS:
        before = first if generations % config.generations_per_epoch == 0 else state
        started = time.process_time()
        state, _ = evolve_island(before, evolution, counter, 1)
        seconds += time.process_time() - started
        evaluations += state.evaluations - before.evaluations
        generations += 1
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
    later = math.ceil(config.islands / given.jobs_at_once) - 1
    return EPOCH_OVERHEAD_SECONDS + later * JOB_START_SECONDS + evolution_seconds(config, pace, given)


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
        island_epoch_seconds: How long one island evolves per epoch, which decides how often it saves and is heard of.
    """
    saves = config.islands * saves_per_epoch(config, island_epoch_seconds, given.save_seconds)
    handovers = max(0, math.ceil(epochs / config.epochs_per_execution) - 1)
    phases = (
        _machines(config, seconds, given),
        _beginning(config),
        epochs * _epoch(config, saves, island_epoch_seconds),
        _exchange(config, epochs),
        handovers * _HANDOVER,
        _end(config, epochs),
    )
    return sum(phases, start=Usage())


def _machines(config: RunConfig, seconds: float, given: Capacity) -> Usage:
    """Return what is held for so many seconds."""
    chosen, beside = given.fleets(config.islands)
    return Usage(
        vcpu_seconds=chosen.vcpus * seconds,
        on_demand_vcpu_seconds=beside.vcpus * seconds,
        machine_seconds=(chosen.machines + beside.machines) * seconds,
    )


def _beginning(config: RunConfig) -> Usage:
    """Return what it takes to record a run and to seed its islands."""
    seeded = len(chunks(config.islands))
    return _RUN + seeded * _CHUNK + Usage(puts=config.islands, stored_gb=config.islands * _checkpoint_gb(config))


def _epoch(config: RunConfig, saves: int, island_seconds: float) -> Usage:
    """Return what an epoch takes, until it is closed.

    Args:
        config: The run.
        saves: How often its islands save within the epoch, together.
        island_seconds: How long one island evolves.
    """
    islands, generations = config.islands, config.generations_per_epoch
    signs_of_life = min(generations, lines_within(island_seconds)) * _LOG_BYTES_PER_SIGN_OF_LIFE
    return _EPOCH + Usage(
        writes=islands * math.ceil(_series_bytes(config) / _WRITE_UNIT_BYTES) + generations,
        reads=islands * (_READS_PER_ISLAND + _series_reads(config)) + saves,
        puts=islands + saves,
        gets=islands * (_GETS_PER_ISLAND + (saves > 0)),
        stored_gb=islands * _checkpoint_gb(config),
        saved_gb=saves * _checkpoint_gb(config),
        logged_gb=islands * (_LOG_BYTES_PER_ISLAND + signs_of_life) / 1e9,
    )


def _exchange(config: RunConfig, epochs: int) -> Usage:
    """Return what migration takes: in each epoch but the first, every island reads its neighbours' states."""
    return Usage(gets=config.islands * max(0, epochs - 1) * _neighbours(config))


def _end(config: RunConfig, epochs: int) -> Usage:
    """Return what it takes to recount the champion, and to write the report from all that was recorded."""
    series = config.islands + _reported_series(config, epochs)
    generations_bytes = epochs * config.generations_per_epoch * _GENERATION_BYTES
    return Usage(
        reads=series * _series_reads(config) + math.ceil(generations_bytes / _READ_UNIT_BYTES),
        puts=_ARTEFACTS,
        gets=1,
        stored_gb=_ARTEFACT_BYTES / 1e9,
    )


def _series_bytes(config: RunConfig) -> int:
    return _SERIES_BYTES + _SERIES_BYTES_PER_GENERATION * config.generations_per_epoch


def _series_reads(config: RunConfig) -> int:
    return math.ceil(_series_bytes(config) / _READ_UNIT_BYTES)


def _checkpoint_gb(config: RunConfig) -> float:
    return config.population * (_genome_bytes(config) + _BYTES_PER_INDIVIDUAL) / 1e9


def _reported_series(config: RunConfig, epochs: int) -> int:
    """Return how many series the report draws: of a sample of islands, which has the best one, and of epochs."""
    return min(config.islands, MAX_CURVES + 1) * min(epochs, MAX_EPOCHS_READ)


def _genome_bytes(config: RunConfig) -> int:
    return REPRESENTATIONS[config.representation].genome_bytes(config.size)


def _neighbours(config: RunConfig) -> int:
    """Return how many islands' states an island reads when an epoch begins."""
    return len(senders(config.topology, 0, config.islands, config.seed, 2)) if config.migrants else 0
