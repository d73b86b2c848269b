"""`make deploy` is one sequence: build, push what is missing, deploy, print how to start. Its tools are stand-ins."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.unit.template.system import ROOT

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = "1.dkr.ecr.eu-west-1.amazonaws.com/worstsort-repository"
STAND_IN = """#!/usr/bin/env bash
echo "$(basename "$0") $*" >> "$CALLS"
case "$*" in
    *describe-images*) test -e "$PUSHED" ;;
    *RepositoryUri*) test -e "$DEPLOYED" && echo REPOSITORY ;;
    *StartCommand*) echo "aws stepfunctions start-execution" ;;
    deploy*) touch "$DEPLOYED" ;;
    push*) touch "$PUSHED" ;;
esac
"""


@pytest.fixture
def account(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which sam, aws and docker only record that they were called."""
    for name in ("sam", "aws", "docker"):
        program = tmp_path / name
        program.write_text(STAND_IN.replace("REPOSITORY", REPOSITORY))
        program.chmod(0o755)
    names = {"CALLS": "calls", "PUSHED": "pushed", "DEPLOYED": "deployed"}
    tools = {name.upper(): str(tmp_path / name) for name in ("sam", "aws", "docker")}
    return {**os.environ, **tools, **{key: str(tmp_path / name) for key, name in names.items()}}


def deploy(account: dict[str, str], *arguments: str) -> tuple[str, list[str]]:
    """Deploy, and return the output and the calls."""
    command = [str(ROOT / "tools" / "deploy"), *arguments]
    said = subprocess.run(command, env=account, capture_output=True, text=True, check=True, timeout=60).stdout
    with open(account["CALLS"], encoding="utf-8") as calls:  # noqa: PTH123 - a path from the environment
        return said, calls.read().splitlines()


def order(calls: list[str], *beginnings: str) -> list[int]:
    """Return the position of the first call with each beginning."""
    return [next(at for at, call in enumerate(calls) if call.startswith(beginning)) for beginning in beginnings]


def test_a_first_deployment_creates_the_repository_before_it_pushes(account: dict[str, str]) -> None:
    """Then it prints how to start a run."""
    said, calls = deploy(account)
    positions = order(calls, "sam build", "sam deploy", "docker build", "docker push")
    assert positions == sorted(positions)
    assert "aws stepfunctions start-execution" in said


def test_another_deployment_pushes_before_it_deploys(account: dict[str, str], tmp_path: Path) -> None:
    """No job starts with an image that is missing."""
    (tmp_path / "deployed").touch()
    _, calls = deploy(account)
    positions = order(calls, "sam build", "docker push", "sam deploy")
    assert positions == sorted(positions)


def test_an_existing_image_is_not_pushed_again(account: dict[str, str], tmp_path: Path) -> None:
    """Its tag is a hash of its content, and cannot be moved."""
    for name in ("deployed", "pushed"):
        (tmp_path / name).touch()
    _, calls = deploy(account)
    assert not [call for call in calls if call.startswith("docker")]


def test_the_image_is_deployed_under_its_content_hash(account: dict[str, str]) -> None:
    """The environment's parameters stay; those given on the command line override them."""
    tag = subprocess.run([ROOT / "batch_worker" / "image", "tag"], capture_output=True, text=True, check=True)
    _, calls = deploy(account, "prod", "MaxvCpus=64")
    (deployed,) = [call for call in calls if call.startswith("sam deploy")]
    assert "--config-env prod" in deployed
    assert deployed.endswith(f"Environment=prod LogRetentionDays=90 MaxvCpus=64 ImageTag={tag.stdout.strip()}")
    assert f"docker push {REPOSITORY}:{tag.stdout.strip()}" in calls


@pytest.mark.parametrize(
    ("arguments", "platform"), [((), "linux/arm64"), (("dev", "Architecture=X86_64"), "linux/amd64")]
)
def test_the_image_is_built_for_the_architecture_of_the_jobs(
    account: dict[str, str], arguments: tuple[str, ...], platform: str
) -> None:
    """ARM64 (Graviton) unless a parameter says otherwise."""
    _, calls = deploy(account, *arguments)
    (built,) = [call for call in calls if call.startswith("docker build")]
    assert f"--platform {platform}" in built
