"""A deployed stack as CloudFormation describes it, and what may be done with it in its present state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tools.deployment.errors import DeploymentFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_UPDATABLE = {
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
}
_NEVER_MADE = "REVIEW_IN_PROGRESS"
"""What a stack is called whose first change set was not executed: it has no resources."""

_MUST_BE_DELETED = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}
_WAYS_BACK = {"UPDATE_FAILED": "rollback-stack", "UPDATE_ROLLBACK_FAILED": "continue-update-rollback"}
"""The operation of the AWS CLI that brings a stack back to its last good state."""


@dataclass(frozen=True)
class Stack:
    """A stack that exists, with its parameters and outputs."""

    name: str
    status: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    description: str = ""

    @property
    def is_made(self) -> bool:
        """Whether any of its resources was ever made."""
        return self.status != _NEVER_MADE

    def output(self, key: str) -> str:
        """Return an output.

        Raises:
            DeploymentFailed: The stack has none of that name.
        """
        if key not in self.outputs:
            raise DeploymentFailed(f"stack {self.name} ({self.status}) has no output {key}: it is none of this project")
        return self.outputs[key]


def find_stack(cloudformation: Any, name: str) -> Stack | None:
    """Return the stack of that name, or None if there is none."""
    try:
        (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # "If the stack doesn't exist, a ValidationError is returned" (botocore's documentation of DescribeStacks).
        if error.response["Error"]["Code"] == "ValidationError" and "does not exist" in str(error):
            return None
        raise
    return Stack(
        name,
        found["StackStatus"],
        {pair["ParameterKey"]: pair["ParameterValue"] for pair in found.get("Parameters", [])},
        {pair["OutputKey"]: pair["OutputValue"] for pair in found.get("Outputs", [])},
        found.get("Description") or "",
    )


def refuse_unless_deployable(stack: Stack | None) -> None:
    """Refuse a stack that CloudFormation would not update.

    Raises:
        DeploymentFailed: It says what to do first.
    """
    if stack is None or not stack.is_made or stack.status in _UPDATABLE:
        return
    if stack.status.endswith("_IN_PROGRESS"):
        raise DeploymentFailed(f"stack {stack.name} is being changed ({stack.status}); wait until that has ended")
    if stack.status in _MUST_BE_DELETED:
        raise DeploymentFailed(
            f"stack {stack.name} is left from a deployment that failed ({stack.status}) and cannot be updated. Its "
            f"events in the CloudFormation console say why. Delete it (make destroy STACK={stack.name}), then deploy"
        )
    raise DeploymentFailed(
        f"stack {stack.name} cannot be updated while it is {stack.status}; `aws cloudformation "
        f"{_WAYS_BACK.get(stack.status, 'describe-stack-events')} --stack-name {stack.name}` is the next step"
    )
