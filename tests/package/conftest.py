"""The distributions of this tree, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.package.distributions import build
from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this tree."""
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution of this tree."""
    return build(ROOT, tmp_path_factory.mktemp("sdist"), "sdist")
