"""The retry strategy starts another attempt where that helps, and nowhere else, evaluated as Batch evaluates it."""

from __future__ import annotations

from typing import Any

import pytest
from batch_worker import evolve_island

from tests.unit.template.batch.ends import ENDS, End
from tests.unit.template.system import VARIANTS, System
from worstsort_embedded.retries import should_retry

CASES = [pytest.param(end, variant, id=f"{variant}: {end.what}") for end in ENDS for variant in end.variants]


def rules(variant: str) -> list[dict[str, Any]]:
    """Return the rules of the job definition, as the API spells them."""
    job = System.load(VARIANTS[variant]).of("Batch::JobDefinition")["JobDefinition"]
    given = job["RetryStrategy"]["EvaluateOnExit"]
    return [{name[0].lower() + name[1:]: value for name, value in rule.items()} for rule in given]


@pytest.mark.parametrize(("end", "variant"), CASES)
def test_an_end_is_retried_if_another_attempt_helps(end: End, variant: str) -> None:
    """The first rule whose conditions all match decides."""
    assert should_retry(rules(variant), end.exit_code, end.reason, end.status_reason) is end.retried


def test_every_exit_code_of_the_worker_is_in_the_table() -> None:
    """None can be added or changed without saying what Batch makes of it."""
    verdicts = {end.exit_code: end.retried for end in ENDS if end.source.startswith("batch_worker")}
    assert verdicts == {evolve_island.FAILED: False, evolve_island.INTERRUPTED: True}
