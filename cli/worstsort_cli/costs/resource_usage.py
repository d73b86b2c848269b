"""What a configuration takes: services by counting what the state machine does, time by measuring one generation."""

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

START_SECONDS = 120.0
"""From the first submitted job to the first instance that runs it; later epochs find it warm."""

EPOCH_SECONDS = 20.0
"""Around the evolution of an epoch: scheduling the array job, starting containers, closing the epoch."""

_MEASURED_INDIVIDUALS = 200
"""Individuals of the island that is measured at most; a generation's work grows with their number."""

_MEASURED_SECONDS = 1.0
_TRANSITIONS_AN_EPOCH, _TRANSITIONS_AROUND = 5, 8
_GETS_AN_ISLAND = 3  # its own state and those of two neighbours
_LOG_BYTES_AN_ISLAND, _LOG_BYTES_AN_EPOCH = 1_500, 20_000


@dataclass(frozen=True)
class Capacity:
    """What a deployment gives its jobs. `capacity` is a key of prices.VCPU_HOUR, as the stack names it."""

    capacity: str = "SPOT"
    job_vcpus: int = 1
    most_vcpus: int = 32

    @property
    def at_once(self) -> int:
        """Jobs that run at the same time."""
        return max(1, self.most_vcpus // self.job_vcpus)


@dataclass(frozen=True)
class Pace:
    """One generation of one island on one core."""

    seconds: float
    evaluations: float


def measure(config: RunConfig) -> Pace:
    """Evolve an island for about a second on this machine; compilation does not count."""
    individuals = config.population
    if config.polish == "none":  # else only a part of a generation's work grows with their number
        individuals = min(individuals, max(_MEASURED_INDIVIDUALS, config.tournament_size, config.migrants + 1))
    small = config.model_copy(update={"population": individuals, "stall_generations": 0})
    by, counts = algorithm(small, threads=1), fitness(small, threads=1)
    state, _ = evolve_island(first_state(small, 0), by, counts, 1)
    started, before, generations = time.process_time(), state.evaluations, 0
    while generations == 0 or time.process_time() - started < _MEASURED_SECONDS:
        state, _ = evolve_island(state, by, counts, 1)
        generations += 1
    seconds, evaluations = time.process_time() - started, state.evaluations - before
    measured = generations * individuals / config.population  # in generations of the whole population
    return Pace(seconds / measured, evaluations / measured)


def evolution_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """Seconds for which islands evolve in an epoch; those that find no free vCPUs come after the others."""
    rounds = math.ceil(config.islands / given.at_once)
    return rounds * config.generations_per_epoch * pace.seconds / given.job_vcpus


def epoch_seconds(config: RunConfig, pace: Pace, given: Capacity) -> float:
    """An epoch from its submission to its closing."""
    return EPOCH_SECONDS + evolution_seconds(config, pace, given)


def usage(config: RunConfig, epochs: int, seconds: float, given: Capacity) -> Usage:
    """What `epochs` epochs take of each service if vCPUs are held for `seconds`."""
    islands, seeding = config.islands, len(chunks(config.islands))
    series_kb = math.ceil(config.generations_per_epoch * 30 / 1024)
    genome_bytes = REPRESENTATIONS[config.representation].genome_bytes(config.size)
    checkpoint_gb = config.population * (genome_bytes + 16) / 1e9
    return Usage(
        vcpu_seconds=min(islands, given.at_once) * given.job_vcpus * seconds,
        transitions=_TRANSITIONS_AROUND + seeding + _TRANSITIONS_AN_EPOCH * epochs,
        lambda_requests=2 + seeding + epochs,
        lambda_gb_seconds=10 + 2 * seeding + 1.0 * epochs,
        writes=2 + epochs * (islands * series_kb + config.generations_per_epoch + 2),
        reads=epochs * islands * (1 + series_kb / 4),
        puts=islands * (1 + epochs),
        gets=islands * epochs * _GETS_AN_ISLAND,
        stored_gb=islands * (1 + epochs) * checkpoint_gb,
        logged_gb=epochs * (islands * _LOG_BYTES_AN_ISLAND + _LOG_BYTES_AN_EPOCH) / 1e9,
    )
