"""What a configuration would cost and how long it would take, before it is started."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from worstsort_cli.costs.prices import AS_OF, REGION, WITHOUT_SPOT, cost, most_dollars_per_hour
from worstsort_cli.costs.resource_usage import STARTUP_SECONDS, epoch_seconds, evolution_seconds, island_seconds, usage

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig
    from worstsort_cli.costs.capacity import Capacity, Fleet
    from worstsort_cli.costs.resource_usage import Pace


@dataclass(frozen=True)
class Estimate:
    """A run that has not been started.

    Attributes:
        ended_by: The limit that ends it, e.g. `stop.max_epochs`.
        evaluations_per_second: While islands evolve.
        seconds: Wall-clock time from the start to the end.
        evolving_seconds: The part of it in which islands evolve.
        jobs_at_once: Islands that evolve at the same time.
        capacity: What jobs are given.
        fleets: The machines that hold them: of the kind that is asked for, and On-Demand beside Spot.
        dollars: Cost by service.
        at_worst_dollars: Cost of all of it if Spot is as expensive as On-Demand, or replaced by it.
        most_dollars_per_hour: What the vCPUs of one hour can cost at most, whatever runs.
    """

    epochs: int
    ended_by: str
    evaluations: float
    evaluations_per_second: float
    seconds: float
    evolving_seconds: float
    jobs_at_once: int
    capacity: Capacity
    fleets: tuple[Fleet, Fleet]
    dollars: dict[str, float]
    at_worst_dollars: float
    most_dollars_per_hour: float

    @property
    def total(self) -> float:
        """Dollars altogether."""
        return sum(self.dollars.values())

    def as_json(self) -> dict[str, Any]:
        """Return all of it, for programs."""
        return asdict(self) | {"total_dollars": self.total, "prices": {"region": REGION, "as_of": AS_OF}}


def estimate(config: RunConfig, pace: Pace, given: Capacity) -> Estimate:
    """Project a run from the pace of one generation of one island."""
    evolving = evolution_seconds(config, pace, given)
    evaluations = config.islands * config.generations_per_epoch * pace.evaluations
    epochs, ended_by = _epochs(config, evolving, evaluations)
    seconds = STARTUP_SECONDS + epochs * epoch_seconds(config, pace, given)
    used = usage(config, epochs, seconds, given, island_seconds(config, pace, given))
    dearest = WITHOUT_SPOT.get(given.purchase, given.purchase)
    return Estimate(
        epochs=epochs,
        ended_by=ended_by,
        evaluations=epochs * evaluations,
        evaluations_per_second=evaluations / evolving if evolving else 0.0,
        seconds=seconds,
        evolving_seconds=epochs * evolving,
        jobs_at_once=min(config.islands, given.jobs_at_once),
        capacity=given,
        fleets=given.fleets(config.islands),
        dollars=cost(used, given.purchase),
        at_worst_dollars=sum(cost(used, dearest).values()),
        most_dollars_per_hour=most_dollars_per_hour(sum(given.most_vcpus), given.machine_vcpus, given.purchase),
    )


def _epochs(config: RunConfig, evolving: float, evaluations: float) -> tuple[int, str]:
    """Return how many epochs the limits allow, and the limit that is reached first."""
    stop = config.stop
    limits = [(stop.max_epochs, "stop.max_epochs")]
    if stop.max_evaluations is not None:
        limits.append((math.ceil(stop.max_evaluations / max(1.0, evaluations)), "stop.max_evaluations"))
    if stop.max_seconds is not None:
        limits.append((math.ceil(stop.max_seconds / max(1e-9, evolving)), "stop.max_seconds"))
    return min(limits)
