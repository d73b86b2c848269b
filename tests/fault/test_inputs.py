"""F7: 500 inputs that no sensible person would give."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fault.harness import Execution, Testbed, tries
from worstsort.runs.config import RunConfig, StopConfig
from worstsort.runs.errors import InputRefused
from worstsort.runs.limits import violations

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("services"), pytest.mark.timeout(900)]

TINY: dict[str, Any] = {
    "preset": "classic", "size": 5, "population": 4, "islands": 2, "generations_per_epoch": 1, "tournament_size": 2,
    "stop": {"max_epochs": 1},
}  # fmt: skip

POISON = st.sampled_from([
    0, -1, 1, 3, 2**63, -(2**63), 10**30, 1.5, -0.0, 1e308, True, None, "", "7", "é∞🪱", "x" * 300, "go1.12", "none",
    [], [1], {}, {"a": 1},
])  # fmt: skip
"""No value here is both allowed and large: an input that is not refused runs in an instant."""

NAMES = st.sampled_from([*RunConfig.model_fields, "resume", "continues", "Size", "é", "", "__class__"])
STOPS = st.dictionaries(st.sampled_from([*StopConfig.model_fields, "never"]), POISON, min_size=1, max_size=3)
FIELDS = st.dictionaries(NAMES, POISON, min_size=1, max_size=4)
WHOLE = st.sampled_from([None, [], [1], "", "x", 0, 1.5, True])

INPUTS = st.one_of(
    FIELDS.map(lambda fields: TINY | fields),
    STOPS.map(lambda stop: TINY | {"stop": TINY["stop"] | stop}),
    WHOLE,
)


def draw(count: int) -> list[Any]:
    """Draw inputs, always the same ones."""
    drawn: list[Any] = []

    @seed(20)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(INPUTS)
    def collect(raw: Any) -> None:
        drawn.append(raw)

    while len(drawn) < count:
        collect()
    return drawn[:count]


def refusal(raw: Any) -> list[str] | None:
    """Return the fields that the refusal must name, or None if the input must run."""
    if isinstance(raw, dict) and ("continues" in raw or "resume" in raw):
        return []
    try:
        problems = violations(RunConfig.parse(raw))
    except InputRefused as refused:
        problems = refused.problems
    return [problem.field for problem in problems] or None


def test_poison_is_refused_field_by_field_before_anything_is_spent(
    testbed: Testbed, table: Callable[..., None]
) -> None:
    """F7: every input either runs to its end or is refused by field; no job is submitted for a refused one."""
    inputs = draw(tries(500))
    runs: list[Execution] = []
    for number, raw in enumerate(inputs):
        runs.append(start(testbed, f"poison-{os.getpid()}-{number:04d}x", raw))
        if number >= 16:
            runs[number - 16].wait()
    submitted = {
        job["jobName"].rpartition("-epoch-")[0]
        for job in testbed.jobs("SUCCEEDED", "FAILED", "RUNNING", "RUNNABLE", "PENDING")
    }
    ran = 0
    for run, raw in zip(runs, inputs, strict=True):
        outcome, fields = run.wait(), refusal(raw)
        if fields is None:
            ran += 1
            assert outcome["status"] == "SUCCEEDED", (raw, outcome.get("cause"))
            continue
        assert (outcome["status"], outcome.get("error")) == ("FAILED", "InputRefused"), (raw, outcome)
        assert all(field[:70] in outcome["cause"] for field in fields), (raw, outcome["cause"])
        assert run.run_id not in submitted
    said = f"{ran} ran, {len(inputs) - ran} refused, 0 jobs for these"
    table("F7 poison", len(inputs), len(inputs), said, "-")
    assert ran > 0
    assert ran < len(inputs) / 2


def start(testbed: Testbed, name: str, raw: Any) -> Execution:
    """Start an execution with any input."""
    arn = testbed.client("stepfunctions").start_execution(
        stateMachineArn=testbed.cloud.outputs["StateMachineArn"], name=name, input=json.dumps(raw)
    )["executionArn"]
    return Execution(testbed, arn, name)
