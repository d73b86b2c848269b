"""What a deployment needs: an account, SAM, and a Docker."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from tests.system.deployment.account import change_sets
from tests.system.deployment.python_313 import python_313
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SAM = ROOT / ".venv-sam/bin/sam"
AWS = ROOT / ".venv-sam/bin/aws"


@dataclass(frozen=True)
class Deployer:
    """Somebody who deploys into an account."""

    cloud: EmbeddedCloud
    folder: Path
    environment: dict[str, str]

    def deploy(self, *arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run tools/deploy to its end."""
        command = [str(ROOT / "tools/deploy"), *arguments]
        return self.run(command, typed, **variables)

    def destroy(self, *arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run what `make destroy` runs to its end."""
        command = [sys.executable, "-m", "tools.deployment.destroy", *arguments]
        return self.run(command, typed, **variables)

    def run(self, command: list[str], typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program with the deployer's variables."""
        environment = self.environment | variables
        return subprocess.run(
            command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False, timeout=240
        )

    def calls(self, *program: str) -> list[list[str]]:
        """Return the calls of programs so far, in their order; those that begin with the given words."""
        path = self.folder / "calls"
        recorded = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [call for call in recorded if call[: len(program)] == list(program)]

    def parameters(self, stack: str) -> dict[str, str]:
        """Return a stack's parameters."""
        (found,) = self.cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {pair["ParameterKey"]: pair["ParameterValue"] for pair in found["Parameters"]}

    def images(self, stack: str) -> set[str]:
        """Return the tags in a stack's repository."""
        (found,) = self.cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        uri = next(output["OutputValue"] for output in found["Outputs"] if output["OutputKey"] == "RepositoryUri")
        details = self.cloud.client("ecr").describe_images(repositoryName=uri.partition("/")[2])["imageDetails"]
        return {tag for image in details for tag in image.get("imageTags", [])}


@pytest.fixture
def deployer_of(tmp_path: Path) -> Callable[[EmbeddedCloud], Deployer]:
    """Make somebody who deploys to an embedded cloud.

    SAM is the real one; only `sam build`, which installs packages, is passed over, and `sam deploy` takes the sources.
    """
    if not SAM.exists() or not AWS.exists() or python_313() is None:
        pytest.skip("SAM, the AWS CLI or Python 3.13 is missing; `make validate` installs the first two")
    program(tmp_path / "docker", f'exec {sys.executable} -m tests.system.deployment.docker_stand_in "$@"')
    record = f"import json, sys; print(json.dumps(['sam', *sys.argv[1:]]), file=open({str(tmp_path / 'calls')!r}, 'a'))"
    program(
        tmp_path / "sam",
        f"""{sys.executable} -c {shlex.quote(record)} "$@"
test "$1" != build || exit 0
exec {SAM} "$@" --template-file template.yaml""",
    )
    variables = {
        "PATH": f"{python_313()}{os.pathsep}{os.environ['PATH']}",
        "PYTHON": sys.executable,
        "DOCKER": str(tmp_path / "docker"),
        "SAM": str(tmp_path / "sam"),
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.05",
        "DOCKER_STATE": str(tmp_path),
    }
    return lambda cloud: Deployer(cloud, tmp_path, os.environ | cloud.environment | variables)


@pytest.fixture
def deployer(deployer_of: Callable[[EmbeddedCloud], Deployer]) -> Iterator[Deployer]:
    """Open an account with the stack `worstsort` in it, and none of the other environments."""
    with EmbeddedCloud(ROOT) as cloud, change_sets():
        yield deployer_of(cloud)


def program(path: Path, script: str) -> None:
    """Write a program."""
    path.write_text(f"#!/usr/bin/env bash\n{script}\n")
    path.chmod(0o755)
