"""The worker's image: what goes into it, and the tag that follows from that.

usage: image tag | build     PLATFORM (such as linux/arm64) and PYTHON_IMAGE (the base image) may be set.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.deployment import docker
from tools.deployment.errors import DeploymentFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCKERFILE = Path("batch_worker/Dockerfile")
BASE_IMAGE_FILE = Path("batch_worker/base_image")
"""The base image with the digest that `make base-image` found; without this file the Dockerfile's tag is used."""

_SOURCES = (
    DOCKERFILE,
    Path(".dockerignore"),
    Path("batch_worker/evolve_island.py"),
    Path("requirements/worker.lock"),
    Path("layers/evolution/worstsort"),
)
_CACHES = {"__pycache__", ".numba_cache"}
"""Folders that .dockerignore keeps out of the build."""

_TAG_LENGTH = 16
PLATFORMS = {"ARM64": "linux/arm64", "X86_64": "linux/amd64"}
_MACHINES = {"aarch64": "linux/arm64", "arm64": "linux/arm64", "x86_64": "linux/amd64", "amd64": "linux/amd64"}
_REFERENCE = re.compile(
    r"(?:[a-z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)


@dataclass(frozen=True)
class Image:
    """Everything that decides what an image holds.

    Attributes:
        platform: What its machine code is for, such as linux/arm64.
        base: The image that it is built on.
        root: The checkout that it is built from.
    """

    platform: str
    base: str
    root: Path = ROOT

    @property
    def tag(self) -> str:
        """The hash of all that: the same inputs give the same tag, whoever builds the image and whenever."""
        digest = hashlib.sha256(f"{self.platform}\n{self.base}\n".encode())
        for path in self.files():
            content = hashlib.sha256((self.root / path).read_bytes()).hexdigest()
            digest.update(f"{content} {path.as_posix()}\n".encode())
        return digest.hexdigest()[:_TAG_LENGTH]

    @property
    def name(self) -> str:
        """The name under which it is built on this machine."""
        return f"worstsort-worker:{self.tag}"

    def build(self) -> None:
        """Build it with Docker.

        Raises:
            DeploymentFailed: Docker cannot.
        """
        docker.build(self.name, self.root, DOCKERFILE, platform=self.platform, arguments={"PYTHON_IMAGE": self.base})

    def files(self) -> Iterator[Path]:
        """Yield the paths of all sources, relative to the checkout and in order."""
        for source in _SOURCES:
            path = self.root / source
            found = sorted(path.rglob("*")) if path.is_dir() else [path]
            yield from (
                file.relative_to(self.root) for file in found if file.is_file() and not _CACHES & set(file.parts)
            )


def platform_of(architecture: str) -> str:
    """Return Docker's name for a value of the template's parameter Architecture.

    Raises:
        DeploymentFailed: It is none.
    """
    if architecture not in PLATFORMS:
        raise DeploymentFailed(f"Architecture: given {architecture!r}, but it is one of {', '.join(PLATFORMS)}")
    return PLATFORMS[architecture]


def this_platform() -> str:
    """Return the platform that PLATFORM names, by default this machine's."""
    return os.environ.get("PLATFORM") or _MACHINES[platform.machine().lower()]


def base_image(root: Path = ROOT) -> str:
    """Return the image to build on: PYTHON_IMAGE, or the one of `make base-image`, or the Dockerfile's default.

    Raises:
        DeploymentFailed: What is given is not the name of an image.
    """
    file = root / BASE_IMAGE_FILE
    kept = file.read_text().strip() if file.exists() else None
    for given, where in ((os.environ.get("PYTHON_IMAGE"), "PYTHON_IMAGE"), (kept, str(BASE_IMAGE_FILE))):
        if given is not None and not _REFERENCE.fullmatch(given):
            raise DeploymentFailed(f"{where}: given {given!r}, but it is the name of an image, in small letters")
        if given is not None:
            return given
    return dockerfile_base(root)


def dockerfile_base(root: Path = ROOT) -> str:
    """Return the base image that the Dockerfile names."""
    found = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", (root / DOCKERFILE).read_text(), re.MULTILINE)
    if found is None:
        raise DeploymentFailed(f"{DOCKERFILE} has no line ARG PYTHON_IMAGE=...")
    return found[1]


def main(arguments: list[str]) -> int:
    """Print the tag of this machine's image, or build it."""
    if arguments not in (["tag"], ["build"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        image = Image(this_platform(), base_image())
        if arguments == ["build"]:
            docker.check()
            image.build()
        else:
            print(image.tag)
    except DeploymentFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
