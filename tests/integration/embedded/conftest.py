"""A small project with one resource of each kind, deployed once per module of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.embedded.helpers import PROJECT, Batch, Machines
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def cloud() -> Iterator[EmbeddedCloud]:
    """Open a cloud per module, not per session: moto is global to the process, and tests elsewhere mock with it."""
    with EmbeddedCloud(PROJECT, vcpus=2, stop_seconds=1) as running:
        yield running


@pytest.fixture
def batch(cloud: EmbeddedCloud) -> Batch:
    return Batch(cloud)


@pytest.fixture
def machines(cloud: EmbeddedCloud) -> Machines:
    return Machines(cloud)
