"""Three small runs in a deployed stack, two of them disturbed.

Each has two islands and two epochs: one is undisturbed, a job of one is killed, and one is aborted. The two that fail
are resumed. All three must end with the digest that the embedded cloud finds on this machine, somebody must
have been told of both failures, alarms must have gone off where there are any, and no event may be left over.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tools.smoke import checks, listening
from tools.smoke.report import Report, SmokeFailed
from tools.smoke.waiting import active_job, finished, until_ended
from worstsort.runs.config import RunConfig
from worstsort.runs.run_id import name_with_suffix
from worstsort.runs.status import Status
from worstsort_cli.clouds import execution, lookup
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.embedded import open_embedded_cloud
from worstsort_cli.clouds.status import capacity
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.resource_usage import measure

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_DOLLARS = 0.05
"""What the three runs may cost at most; nothing is started if they are estimated to cost more."""

RUNS = 3

REPEATED_EPOCHS = 2
"""Epochs that are begun twice: that of the killed job, and that in which a run is aborted."""

RUN = {
    "preset": "classic",
    "size": 200,
    "population": 800,
    "islands": 2,
    "generations_per_epoch": 40,
    "stall_generations": 0,
    "stop": {"max_epochs": 2},
    "seed": 20,
}
"""The input of the runs; an epoch takes seconds, so that a job can be met while it runs."""


def smoke(deployment: Deployment, stack: str, report: Report) -> None:
    """Try a stack and report what is found; raises SmokeFailed where nothing more can be tried."""
    config = RunConfig.parse(RUN)
    dollars = price(config, deployment)
    where = "nothing in the embedded cloud" if deployment.embedded else "in this account"
    report.say(f"        three runs cost about ${dollars:.4f} on AWS; {where}, at most ${MOST_DOLLARS} anywhere")
    if dollars > MOST_DOLLARS:
        raise SmokeFailed(f"the runs would cost ${dollars:.4f}, more than ${MOST_DOLLARS}: nothing was started")
    expected = digest_of_embedded_cloud(config)
    report.say(f"        the embedded cloud finds {expected[:12]}")
    began = datetime.now(UTC)
    name = f"smoke-{began:%Y%m%d-%H%M%S}"
    with listening.listener(deployment, stack) as told:
        undisturbed(deployment, f"{name}-plain", config, expected, report)
        for what, disturb in (("killed", kill_a_job), ("aborted", abort)):
            before = datetime.now(UTC)
            ended = disturbed(deployment, f"{name}-{what}", config, disturb, report)
            if ended.status == Status.FAILED:
                checks.check_alarms(deployment, before, report)
            resumed(deployment, ended, expected, report)
            report.check(
                f"somebody is told that {name}-{what} has ended", holds=told(f"{name}-{what}"),
                otherwise=f"no message within {listening.MESSAGE_SECONDS:.0f} s",
            )  # fmt: skip
    checks.check_addresses(checks.subscriptions(deployment), report)
    checks.check_dead_letters(deployment, stack, report)
    checks.check_jobs(deployment, name, report)


def price(config: RunConfig, deployment: Deployment) -> float:
    """Return what the runs cost on AWS, with the epochs that are begun twice."""
    epochs = config.stop.max_epochs
    whole = estimate(config, measure(config), capacity(deployment)).total
    return whole * (RUNS + REPEATED_EPOCHS / epochs)


def digest_of_embedded_cloud(config: RunConfig) -> str:
    """Return the digest of the run on this machine."""
    with open_embedded_cloud() as cloud:
        local = Deployment(cloud.outputs, cloud.client)
        execution.start(local, "reference", config.model_dump(mode="json"))
        return finished(local, "reference")


def undisturbed(deployment: Deployment, run_id: str, config: RunConfig, expected: str, report: Report) -> None:
    """Run once without any disturbance."""
    execution.start(deployment, run_id, config.model_dump(mode="json"))
    found = finished(deployment, run_id)
    report.check(f"{run_id} ends with the embedded cloud's digest", holds=found == expected, otherwise=found)


def disturbed(
    deployment: Deployment,
    run_id: str,
    config: RunConfig,
    disturb: Callable[[Deployment, str, str], Status],
    report: Report,
) -> Any:
    """Run, disturb the run so that it ends, and return its record."""
    arn = execution.start(deployment, run_id, config.model_dump(mode="json"))
    wanted = disturb(deployment, run_id, arn)
    ended = until_ended(deployment, run_id)
    report.check(f"{run_id} is recorded as {wanted.value}", holds=ended.status == wanted, otherwise=ended.status.value)
    report.check(f"the record of {run_id} says why", holds=bool(ended.reason))
    return ended


def resumed(deployment: Deployment, ended: Any, expected: str, report: Report) -> None:
    """Resume a run that was disturbed."""
    run_id = ended.run_id
    again = execution.start(deployment, name_with_suffix(run_id, "-resumed"), {"resume": run_id})
    lookup.wait_until_resumed(deployment, ended, again)
    found = finished(deployment, run_id)
    report.check(f"{run_id}, resumed, ends with the same digest", holds=found == expected, otherwise=found)


def kill_a_job(deployment: Deployment, run_id: str, _arn: str) -> Status:
    """Terminate the job of an epoch, whose islands are its children and end with it.

    One child alone has no tags by which its termination could be allowed: "ARNs for child jobs of array and multi-node
    parallel (MNP) jobs aren't supported." (AWS Batch API Reference, TagResource, resourceArn)
    """
    batch, job = deployment.client("batch"), active_job(deployment, run_id)
    batch.terminate_job(jobId=job, reason="the smoke test kills this job")
    return Status.FAILED


def abort(deployment: Deployment, run_id: str, arn: str) -> Status:
    """Abort a run's execution while a job of it is active."""
    active_job(deployment, run_id)
    deployment.client("stepfunctions").stop_execution(executionArn=arn, cause="the smoke test aborts this run")
    return Status.ABORTED
