"""Measurements of runs as CloudWatch metrics: lines in the embedded metric format on standard output.

CloudWatch makes metrics of such lines wherever they are logged, so functions and workers publish without a call.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

if TYPE_CHECKING:
    from collections.abc import Mapping

DIMENSIONS = ("service", "environment", "target")
"""All dimensions there are: each value of another one would be a metric of its own, and billed as one."""


@dataclass(frozen=True)
class Metric:
    """A metric's unit, and whether target is one of its dimensions besides service and environment."""

    unit: MetricUnit
    by_target: bool = False

    @property
    def dimension_sets(self) -> tuple[tuple[str, ...], ...]:
        """The sets of dimensions that the metric is published with."""
        return (DIMENSIONS if self.by_target else DIMENSIONS[:2],)


METRICS: Mapping[str, Metric] = {
    "RunsPrepared": Metric(MetricUnit.Count),
    "RunsFinished": Metric(MetricUnit.Count),
    "RunsFailed": Metric(MetricUnit.Count),
    "RunsSwept": Metric(MetricUnit.Count),
    "BestComparisons": Metric(MetricUnit.Count, by_target=True),
    "Evaluations": Metric(MetricUnit.Count, by_target=True),
    "StallEpochs": Metric(MetricUnit.Count),
    "IslandsRunning": Metric(MetricUnit.Count),
    "IslandsEnded": Metric(MetricUnit.Count),
    "JobSeconds": Metric(MetricUnit.Seconds),
}


def publish(values: Mapping[str, float], target: str = "") -> None:
    """Publish values of METRICS; a metric by target needs a target."""
    for by_target in (False, True):
        chosen = {name: value for name, value in values.items() if METRICS[name].by_target is by_target}
        if chosen:
            _write(chosen, {"target": target} if by_target else {})


def _write(values: Mapping[str, float], dimensions: Mapping[str, str]) -> None:
    service = os.environ.get("POWERTOOLS_SERVICE_NAME", "worstsort")
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Worstsort")
    metrics = EphemeralMetrics(namespace=namespace, service=service)
    metrics.add_dimension("environment", os.environ.get("ENVIRONMENT", "dev"))
    for dimension, label in dimensions.items():
        metrics.add_dimension(dimension, label)
    for name, value in values.items():
        metrics.add_metric(name, METRICS[name].unit, value)
    # In one piece, so that no line of another thread comes into it, and at once, as the process may be killed.
    sys.stdout.write(json.dumps(metrics.serialize_metric_set(), separators=(",", ":")) + "\n")
    sys.stdout.flush()
