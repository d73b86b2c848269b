"""The worker's image, as `make image` has built it, run as AWS Batch would."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
DOCKER = os.environ.get("DOCKER", "docker")
AS_IN_BATCH = [
    "--network=host", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--memory=2g",
    "--pids-limit=64", "--user=10001:10001",
]  # fmt: skip


def docker(*arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a docker command to its end."""
    return subprocess.run([DOCKER, *arguments], capture_output=True, text=True, timeout=seconds, check=False)


def variables(environment: Mapping[str, str]) -> list[str]:
    """The same as options of docker run."""
    return [f"--env={name}={value}" for name, value in environment.items()]


@pytest.fixture(scope="session")
def image() -> str:
    """The image of these sources."""
    tag = subprocess.run([ROOT / "batch_worker" / "image", "tag"], capture_output=True, text=True, check=True)
    name = f"worstsort-worker:{tag.stdout.strip()}"
    if "DOCKER_HOST" not in os.environ or docker("image", "inspect", name).returncode != 0:
        pytest.skip("the image is not built; `make test-image` builds and tests it")
    return name


@pytest.fixture(scope="session")
def cloud() -> Iterator[EmbeddedCloud]:
    """The project, deployed and running."""
    with EmbeddedCloud(ROOT) as running:
        yield running
