"""The docker command, and the options with which AWS Batch would start the worker's image."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCKER = os.environ.get("DOCKER", "docker")
AS_IN_BATCH = [
    "--network=host", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--memory=2g",
    "--pids-limit=64", "--user=10001:10001",
]  # fmt: skip


def docker(*arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a docker command to its end."""
    return subprocess.run([DOCKER, *arguments], capture_output=True, text=True, timeout=seconds, check=False)


def variables(environment: Mapping[str, str]) -> list[str]:
    """Return environment variables as options of docker run."""
    return [f"--env={name}={value}" for name, value in environment.items()]
