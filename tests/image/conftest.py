"""The worker's image, as built by `make image`, and the cloud that it works for."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.image.docker import docker
from tests.support.command import ROOT
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def image() -> str:
    """Return the name of the image of these sources."""
    tag = subprocess.run([ROOT / "batch_worker" / "image", "tag"], capture_output=True, text=True, check=True)
    name = f"worstsort-worker:{tag.stdout.strip()}"
    if "DOCKER_HOST" not in os.environ or docker("image", "inspect", name).returncode != 0:
        pytest.skip("the image is not built; `make test-image` builds and tests it")
    return name


@pytest.fixture(scope="session")
def cloud() -> Iterator[EmbeddedCloud]:
    """Run the deployed project."""
    with EmbeddedCloud(ROOT) as running:
        yield running
