"""Starting an execution and following it to its end."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort_cli.errors import CommandFailed

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
        output: What it returned if it succeeded.
        cause: Why it did not succeed, in plain words.
    """

    status: str
    output: dict[str, Any]
    cause: str


def start(deployment: Deployment, name: str, execution_input: dict[str, Any]) -> str:
    """Start an execution and return its ARN; starting it again with the same name and input has no effect.

    Raises:
        CommandFailed: There was an execution of this name with another input, or it has ended.
    """
    stepfunctions = deployment.client("stepfunctions")
    try:
        answer = stepfunctions.start_execution(
            stateMachineArn=deployment.outputs["StateMachineArn"], name=name, input=json.dumps(execution_input)
        )
    except stepfunctions.exceptions.ExecutionAlreadyExists as error:
        raise CommandFailed(
            f"there is a run named {name!r} already, and a name is for one run only; choose another with --name, "
            f"or see `worstsort watch {name}` and `worstsort resume {name}`"
        ) from error
    return str(answer["executionArn"])


def follow(
    deployment: Deployment, arn: str, run_id: str, first_epoch: int, on_epoch: Callable[[EpochRecord], None]
) -> Outcome:
    """Wait until a run ends, and report every epoch as soon as it is recorded as closed.

    Args:
        deployment: Where it runs.
        arn: The run's execution; executions that continue the run are followed too.
        run_id: The run.
        first_epoch: The first epoch to report.
        on_epoch: Called with every closed epoch.

    Returns:
        How the last execution ended.
    """
    stepfunctions, store, epoch = deployment.client("stepfunctions"), deployment.store, first_epoch
    while True:
        description = stepfunctions.describe_execution(executionArn=arn)
        while (closed := store.epoch(run_id, epoch)) is not None:
            on_epoch(closed)
            epoch += 1
        # The execution was described before the records were read: if it had ended, no record can follow.
        outcome = _outcome(description)
        if following := outcome.output.get("next_execution_arn"):
            arn = following
        elif outcome.status != "RUNNING":
            return outcome
        else:
            time.sleep(_POLL_SECONDS)


def stop(deployment: Deployment, arn: str) -> None:
    """Abort an execution; its jobs are stopped too."""
    deployment.client("stepfunctions").stop_execution(executionArn=arn, cause="interrupted by the user")


def _outcome(description: dict[str, Any]) -> Outcome:
    status, error = description["status"], description.get("error", "")
    cause = ": ".join(filter(None, [error, description.get("cause", "")])) or f"the execution is {status}"
    return Outcome(status, json.loads(description.get("output") or "{}"), cause)
