"""Starting an execution and following it to its end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.runs.run_id import name_with_suffix
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.runs.records import EpochRecord
    from worstsort_cli.clouds.deployment import Deployment

POLL_SECONDS = 0.2
"""Between two looks at an execution, where nothing wakes the one who waits."""


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


def resume(deployment: Deployment, run_id: str) -> str:
    """Start the execution that continues a run, and return its ARN."""
    return start(deployment, name_with_suffix(run_id, f"-resumed-{moment()}"), {"resume": run_id})


def moment() -> str:
    """Return what tells an execution from an earlier one in its name: the time (UTC), to the millisecond.

    Within a second, a program may well stop a run and resume it twice.
    """
    now = datetime.now(UTC)
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03d}"


class Following:
    """Follows a run from look to look, so that one process can follow many.

    Attributes:
        arn: The execution that runs it now; those that continue the run are followed too.
    """

    def __init__(
        self, deployment: Deployment, arn: str, run_id: str, first_epoch: int, on_epoch: Callable[[EpochRecord], None]
    ) -> None:
        """Begin with the first epoch to report; `on_epoch` is called with every closed one."""
        self.arn = arn
        self._deployment, self._run_id, self._epoch, self._on_epoch = deployment, run_id, first_epoch, on_epoch

    def look(self) -> Outcome | None:
        """Report every epoch that has closed since the last look; return how the last execution ended, if it has."""
        description = self._deployment.client("stepfunctions").describe_execution(executionArn=self.arn)
        while (closed := self._deployment.store.epoch(self._run_id, self._epoch)) is not None:
            self._on_epoch(closed)
            self._epoch += 1
        # The execution was described before the records were read: if it had ended, no record can follow.
        outcome = _outcome(description)
        if following := outcome.output.get("next_execution_arn"):
            self.arn = following
            return self.look()
        return None if outcome.status == "RUNNING" else outcome


def follow(following: Following, deployment: Deployment, meanwhile: Callable[[], None] = lambda: None) -> Outcome:
    """Wait until a run ends, and return how; every epoch is reported as soon as it is recorded as closed.

    `meanwhile` is called each time before more is waited for.
    """
    while (outcome := following.look()) is None:
        meanwhile()
        deployment.wait(POLL_SECONDS)
    return outcome


def stop(deployment: Deployment, arn: str) -> None:
    """Abort an execution; its jobs are stopped too."""
    deployment.client("stepfunctions").stop_execution(executionArn=arn, cause="interrupted by the user")


def _outcome(description: dict[str, Any]) -> Outcome:
    status, error = description["status"], description.get("error", "")
    cause = ": ".join(filter(None, [error, description.get("cause", "")])) or f"the execution is {status}"
    return Outcome(status, json.loads(description.get("output") or "{}"), cause)
