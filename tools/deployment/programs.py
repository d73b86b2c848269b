"""The programs that a deployment starts: found before anything is made, and their failures told in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from tools.deployment.errors import DeploymentFailed

if TYPE_CHECKING:
    from collections.abc import Sequence


def find(name: str, purpose: str) -> str:
    """Return the path of a program: the one that the variable of its name in capitals gives, or one on the PATH.

    Raises:
        DeploymentFailed: There is none.
    """
    wanted = os.environ.get(name.upper()) or name
    found = shutil.which(wanted)
    if found is None:
        raise DeploymentFailed(f"{wanted} was not found, which {purpose}; nothing was deployed")
    return found


def run(command: Sequence[str], given: str | None = None, variables: dict[str, str] | None = None) -> None:
    """Run a program to its end, showing what it prints.

    Raises:
        DeploymentFailed: It failed; its own words are above the message.
    """
    environment = os.environ | (variables or {})
    done = subprocess.run(command, input=given, text=True, env=environment, check=False)
    if done.returncode:
        raise DeploymentFailed(f"{' '.join(command[:2])} failed with exit code {done.returncode}")


def answer(command: Sequence[str]) -> tuple[bool, str]:
    """Run a program quietly; return whether it succeeded, and what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).strip()
