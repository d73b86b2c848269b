"""What a sweep would take: its configurations measured one by one, and multiplied by their seeds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from worstsort_cli.costs.capacity import STACK_DEFAULTS
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.resource_usage import measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worstsort.runs.config import RunConfig
    from worstsort_cli.costs.capacity import Capacity


@dataclass(frozen=True)
class SweepEstimate:
    """A sweep, or what is left of one, before it goes on.

    Attributes:
        runs: How many.
        evaluations: Of all runs.
        cpu_seconds: Of evolution on this machine, by all runs.
        dollars: On AWS, at the price that is asked for.
        at_worst_dollars: On AWS, if Spot is as expensive as On-Demand.
    """

    runs: int
    evaluations: float
    cpu_seconds: float
    dollars: float
    at_worst_dollars: float

    def as_json(self) -> dict[str, Any]:
        """Return all of it, for programs."""
        return asdict(self)


def estimate_sweep(configurations: Iterable[tuple[RunConfig, int]], given: Capacity = STACK_DEFAULTS) -> SweepEstimate:
    """Measure the pace of each configuration on this machine, for about a second, and add up its runs.

    Args:
        configurations: One of each, and how many runs have it.
        given: What a stack gives their jobs.
    """
    number, totals = 0, [0.0] * 4
    for config, runs in configurations:
        pace = measure(config)
        one = estimate(config, pace, given)
        cpu_seconds = one.epochs * config.generations_per_epoch * config.islands * pace.seconds
        figures = (one.evaluations, cpu_seconds, one.total, one.at_worst_dollars)
        totals = [total + runs * figure for total, figure in zip(totals, figures, strict=True)]
        number += runs
    return SweepEstimate(number, *totals)
