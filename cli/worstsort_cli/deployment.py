"""One deployment of the system, embedded or real: both are reached through the same AWS calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort.runs.store import RunStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Deployment:
    """The stack's outputs, and clients that reach it."""

    outputs: Mapping[str, str]
    client: Callable[[str], Any]

    @property
    def store(self) -> RunStore:
        """Where its runs are kept."""
        return RunStore(
            self.outputs["GenerationsTableName"],
            self.outputs["BucketName"],
            self.outputs["ChampionsTableName"],
            dynamodb=self.client("dynamodb"),
            s3=self.client("s3"),
        )
