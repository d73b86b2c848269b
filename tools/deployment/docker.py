"""Docker: checked before anything is made, then used to build and push the worker's image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.deployment import programs
from tools.deployment.errors import DeploymentFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BUILDKIT = {"DOCKER_BUILDKIT": "1"}
"""Variables of a build: the Dockerfile mounts a cache, which only BuildKit can."""


def check() -> None:
    """Check that Docker is there and that its engine answers.

    Raises:
        DeploymentFailed: It is not, or does not.
    """
    docker = _docker()
    answered, said = programs.answer([docker, "version", "--format", "{{.Server.Version}}"])
    if not answered:
        raise DeploymentFailed(f"Docker's engine does not answer, so the worker's image cannot be built: {said}")


def build(name: str, context: Path, dockerfile: Path, *, platform: str, arguments: Mapping[str, str]) -> None:
    """Build an image under a name.

    Raises:
        DeploymentFailed: It cannot be built.
    """
    options = [part for key, value in arguments.items() for part in ("--build-arg", f"{key}={value}")]
    command = [_docker(), "build", "--network", "host", "--progress", "plain", "--platform", platform, *options]
    try:
        programs.run([*command, "--file", str(context / dockerfile), "--tag", name, str(context)], variables=_BUILDKIT)
    except DeploymentFailed as error:
        raise DeploymentFailed(
            f"the worker's image was not built: {error}. If the words above are about an exec format, this Docker "
            f"cannot run programs for {platform}: give it an emulator (QEMU with binfmt_misc), or deploy for this "
            "machine's own architecture"
        ) from error


def push(name: str, repository: str, tag: str, user: str, password: str) -> None:
    """Push an image of this machine to a repository under a tag.

    Raises:
        DeploymentFailed: It cannot be pushed.
    """
    docker, registry = _docker(), repository.partition("/")[0]
    programs.run([docker, "login", "--username", user, "--password-stdin", registry], given=password)
    programs.run([docker, "tag", name, f"{repository}:{tag}"])
    programs.run([docker, "push", f"{repository}:{tag}"])


def _docker() -> str:
    return programs.find("docker", "builds the worker's image")
