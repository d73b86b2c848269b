"""Real Go, built once for all tests of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.go import INSTALL, Counter, build

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def counters(tmp_path_factory: pytest.TempPathFactory) -> list[Counter]:
    """Build a counting program with every Go that is here."""
    return build(tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="session")
def counters_for(counters: list[Counter]) -> Callable[[str], list[Counter]]:
    """Find the counting programs that a target stands for; skip where there is none."""

    def fitting(target: str) -> list[Counter]:
        found = [counter for counter in counters if counter.supports(target)]
        if not found:
            pytest.skip(f"no Go for {target} found among {[c.name for c in counters]}: {INSTALL}")
        return found

    return fitting
