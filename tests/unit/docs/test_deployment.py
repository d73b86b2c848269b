"""The numbers of docs/deployment.md and docs/operating.md are those of the template and the state machine."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.command import ROOT
from tests.unit.template.system import System
from worstsort_cli.costs import prices

PAGE = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
SYSTEM = System.load({})
PARAMETERS = SYSTEM.source["Parameters"]
TABLE = PAGE.partition("## Parameters\n")[2].partition("\n###")[0]
BATCH_QUOTA = 50
"""Job queues and compute environments of an account in a region: "service quotas for AWS Batch that can't be changed"
(AWS Batch User Guide, Service quotas)."""


def numbers(pattern: str, page: str = PAGE) -> list[int]:
    """Return the numbers in the only place of a page that a pattern finds."""
    (found,) = re.findall(pattern, page)
    return [int(number.replace(",", "")) for number in ([found] if isinstance(found, str) else found)]


def test_the_stacks_that_an_account_has_room_for_are_counted() -> None:
    """By the queues and the environments of each."""
    queues, environments = len(SYSTEM.of("Batch::JobQueue")), len(SYSTEM.of("Batch::ComputeEnvironment"))
    room = BATCH_QUOTA // max(queues, environments)
    said = numbers(r"\| (\d+) and (\d+) per stack, of (\d+) each .*: (\d+) stacks")
    assert said == [queues, environments, BATCH_QUOTA, room]


def test_the_functions_that_run_at_once_are_those_of_the_map() -> None:
    """While a run begins."""
    assert numbers(r"concurrent executions \| (\d+) for each run") == [
        SYSTEM.states()["SeedPopulations"]["MaxConcurrency"]
    ]


def test_the_alarms_are_paid_for_by_their_metrics() -> None:
    """Ten are free, and each further one costs ten cents."""
    alarms = SYSTEM.of("CloudWatch::Alarm").values()
    metrics = sum(len([each for each in alarm.get("Metrics", [{}]) if "Expression" not in each]) for alarm in alarms)
    assert numbers(r"(\d+) metrics in (\d+) alarms: \$0\.(\d+)") == [metrics, len(alarms), 10 * (metrics - 10)]


def test_the_page_says_where_each_price_of_an_estimate_is_from() -> None:
    """A price that is changed in the code has to be looked up again."""
    table = PAGE.partition("### Where the prices are from\n")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| $")]
    stated = {float(found) for cell in cells for found in re.findall(r"\$([\d.]+)", cell)}
    vcpu, gb = 0.03238, 0.00356
    assert prices.VCPU_HOUR["FARGATE"] == pytest.approx(vcpu + 2 * gb, abs=1e-6)
    assert {vcpu, gb, 0.08} <= stated
    used = (
        prices.VCPU_HOUR["ON_DEMAND"], prices.FARGATE_EXTRAS_HOUR, prices.STATE_TRANSITION * 1000,
        prices.LAMBDA_GB_SECOND, prices.LAMBDA_REQUEST * 1e6, prices.DYNAMODB_WRITE_UNIT * 1e6,
        prices.DYNAMODB_READ_UNIT * 1e6, prices.S3_PUT * 1000, prices.S3_GET * 1000, prices.S3_GB_MONTH, prices.LOG_GB,
    )  # fmt: skip
    assert [price for price in used if not any(price == pytest.approx(each) for each in stated)] == []


def test_the_images_and_the_wait_for_jobs_are_the_templates() -> None:
    """And the time that the state machine waits for an epoch."""
    policy = SYSTEM.of("ECR::Repository")["Repository"]["LifecyclePolicy"]["LifecyclePolicyText"]
    kept = json.loads(policy)["rules"][0]["selection"]["countNumber"]
    assert {*map(int, re.findall(r"last (\d+) images", PAGE))} == {kept}
    update = SYSTEM.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"]["UpdatePolicy"]
    assert numbers(r"`JobExecutionTimeoutMinutes`, here ([\d,]+)") == [update["JobExecutionTimeoutMinutes"]]
    operating = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    waits = numbers(r"waits ([\d,]+) seconds", operating)
    assert waits == [SYSTEM.states()["EvolveIslands"]["TimeoutSeconds"]]


@pytest.mark.parametrize("row", [line for line in TABLE.splitlines() if line.startswith("| `")])
def test_a_default_is_the_templates(row: str) -> None:
    """Where the page states one."""
    _, names, defaults, *_ = (cell.strip() for cell in row.split("|"))
    known = re.findall(r"`(\w+)`", names)
    stated = [value.strip("` ") for value in re.split(r", ", defaults)]
    assert set(known) <= set(PARAMETERS)
    for name, value in zip(known, stated, strict=False):
        default = str(PARAMETERS[name].get("Default"))
        assert value.removesuffix(" MiB") == default or not re.fullmatch(r"[\d.]+( MiB)?|[A-Z_\d]+", value)


def test_every_parameter_is_in_the_table() -> None:
    """None can be added without a word on it."""
    assert [name for name in PARAMETERS if f"`{name}`" not in TABLE] == []
