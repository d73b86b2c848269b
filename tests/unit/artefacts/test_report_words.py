"""What the report says where there is little to say, or in other units."""

from __future__ import annotations

import pytest

from tests.unit.artefacts.test_report_data import a_run, made_up, report_of
from worstsort.artefacts import report_words as words
from worstsort.artefacts.report import page
from worstsort_cli.costs.prices import VCPU_HOUR


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0, "unknown"), (14.0, "under $0.01"), (12 * 3600.0, "about $0.17"), (1e7, "about $40.28")]
)
def test_processor_time_is_priced(seconds: float, said: str) -> None:
    """At what the estimate takes for a vCPU on Spot."""
    data = made_up().data
    data["run"]["cpu_seconds"] = seconds
    assert dict(words.tiles(data))["as Spot on AWS"] == said
    assert VCPU_HOUR["SPOT"] == words.SPOT_VCPU_HOUR_DOLLARS


def test_a_run_that_improves_nothing_is_not_told_as_a_climb() -> None:
    """Its first population was as good as its last, so that no evaluation went anywhere."""
    flat = report_of(a_run(), [200, 200, 200])
    said = "The first population had the best input already, with 200 comparisons"
    assert words.convergence(flat.data).startswith(said)
    assert "Where the evaluations went" not in page(flat)
    assert "Where the evaluations went" in page(report_of(a_run(), [200, 200, 201]))
