"""The system in another process, at an endpoint of its own, as any AWS client reaches it."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from tests.support.command import COMMAND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Elsewhere:
    """What `worstsort up` tells programs.

    Attributes:
        outputs: The outputs of the stack.
        environment: The variables that point AWS clients at it.
    """

    outputs: dict[str, str]
    environment: dict[str, str]

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        return boto3.client(
            service,
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name=self.environment["AWS_DEFAULT_REGION"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
        )


@contextmanager
def elsewhere(state: Path) -> Iterator[Elsewhere]:
    """Serve the system from another process for as long as the context lasts, which keeps its state in a folder."""
    command = [*COMMAND, "up", "--port", "0", "--no-console", "--quiet", "--json"]
    environment = os.environ | {"XDG_STATE_HOME": str(state)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            yield Elsewhere(told["outputs"], told["environment"])
        finally:
            process.terminate()
