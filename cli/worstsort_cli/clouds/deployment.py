"""One deployment of the system, embedded or real: both are reached through the same AWS calls."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from worstsort_cli import extras

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort.storage.run_store import RunStore


@dataclass(frozen=True)
class Deployment:
    """A deployed stack and the clients that reach it.

    Attributes:
        outputs: The stack's outputs.
        client: Makes a boto3 client of a service.
        parameters: The stack's parameters.
        embedded: Whether it runs on this machine, at no cost.
        wait: Waits until a run may have come further, for so many seconds at most.
    """

    outputs: Mapping[str, str]
    client: Callable[[str], Any]
    parameters: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = True
    wait: Callable[[float], None] = time.sleep

    @cached_property
    def store(self) -> RunStore:
        """The store of its runs."""
        from worstsort.storage.run_store import RunStore  # noqa: PLC0415 - boto3 belongs to an extra

        return RunStore(
            self.outputs["GenerationsTableName"],
            self.outputs["BucketName"],
            self.outputs["ChampionsTableName"],
            dynamodb=self.client("dynamodb"),
            s3=self.client("s3"),
        )


def connect(stack: str | None) -> Deployment:
    """Connect to the deployed stack of that name, or, without one, to the embedded cloud that `worstsort up` serves.

    A stack is looked for where the usual AWS_* variables and files point. Without a name no account is ever touched.

    Raises:
        CommandFailed: boto3 is missing, there is no such stack, it is not one of this project, or nothing answers.
    """
    extras.require("cloud")
    from worstsort_cli.clouds.connection import connect_embedded, connect_stack  # noqa: PLC0415 - the same

    return connect_stack(stack) if stack else connect_embedded()
