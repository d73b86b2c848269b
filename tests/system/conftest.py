"""The embedded cloud that the tests of a module share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def cloud() -> Iterator[EmbeddedCloud]:
    """Run the deployed project."""
    with EmbeddedCloud(ROOT) as running:
        yield running
