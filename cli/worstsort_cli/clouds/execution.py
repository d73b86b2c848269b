"""Starting an execution and following it to its end."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.deployment import Deployment

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """How an execution ended.

    Attributes:
        status: SUCCEEDED, FAILED, ABORTED or TIMED_OUT.
        output: What it returned, if it succeeded.
        cause: Why it did not, in plain words.
    """

    status: str
    output: dict[str, Any]
    cause: str


def start(deployment: Deployment, name: str, execution_input: dict[str, Any]) -> str:
    """Start an execution; returns its ARN. A start that is repeated under the same name has no second effect."""
    answer = deployment.client("stepfunctions").start_execution(
        stateMachineArn=deployment.outputs["StateMachineArn"], name=name, input=json.dumps(execution_input)
    )
    return str(answer["executionArn"])


def follow(
    deployment: Deployment, arn: str, run_id: str, first_epoch: int, on_epoch: Callable[[EpochRecord], None]
) -> Outcome:
    """Wait until a run ends, and report every epoch as soon as its record says that it is closed.

    Args:
        deployment: where it runs.
        arn: of the run's execution; those that go on after it are followed too.
        run_id: of the run.
        first_epoch: the first one to report.
        on_epoch: is told.
    """
    stepfunctions, store, epoch = deployment.client("stepfunctions"), deployment.store, first_epoch
    while True:
        description = stepfunctions.describe_execution(executionArn=arn)
        while (closed := store.epoch(run_id, epoch)) is not None:
            on_epoch(closed)
            epoch += 1
        # Described before the records were read: once it has ended, no record came after them.
        outcome = _outcome(description)
        if following := outcome.output.get("next_execution_arn"):
            arn = following
        elif outcome.status != "RUNNING":
            return outcome
        else:
            time.sleep(_POLL_SECONDS)


def stop(deployment: Deployment, arn: str) -> None:
    """Abort an execution, the one that owns its run now; its jobs are ended with it."""
    deployment.client("stepfunctions").stop_execution(executionArn=arn, cause="interrupted by the user")


def _outcome(description: dict[str, Any]) -> Outcome:
    status, error = description["status"], description.get("error", "")
    cause = ": ".join(filter(None, [error, description.get("cause", "")])) or f"the execution is {status}"
    return Outcome(status, json.loads(description.get("output") or "{}"), cause)
