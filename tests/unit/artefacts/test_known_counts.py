"""What the reports know of other inputs, counted again."""

from __future__ import annotations

import pytest

from tests.support.plan_champions import champions
from worstsort.artefacts.known_counts import CONSTRUCTED, FOUND, best_known
from worstsort.gosort import constructed, count_plain

BUILT_QUICKLY = 200
"""The longest constructions that are built in each test run, in items."""


@pytest.mark.parametrize("target", CONSTRUCTED)
@pytest.mark.parametrize(
    "size", [pytest.param(n, marks=[pytest.mark.slow] * (n > BUILT_QUICKLY)) for n in CONSTRUCTED["stable"]]
)
def test_a_construction_costs_what_is_said(target: str, size: int) -> None:
    """Built anew."""
    assert count_plain(constructed(size, target), target) == CONSTRUCTED[target][size]


def test_what_was_found_is_what_is_kept() -> None:
    """The best of the kept inputs of each size; an input without ties counts for inputs of any kind, too."""
    best: dict[tuple[str, str], dict[int, int]] = {}
    for champion in champions():
        for kind in {champion["values"], "any"}:
            family = best.setdefault((champion["target"], kind), {})
            size = len(champion["input"])
            family[size] = max(family.get(size, 0), champion["comparisons"])
    for said, counts in FOUND.items():
        assert counts == {size: best[said][size] for size in counts}


def test_the_worst_that_is_known_is_built_or_found() -> None:
    """An input without ties counts for inputs of any kind, too; a size that is not listed has none."""
    assert best_known(100, "go1.24", "any") == best_known(100, "go1.24", "distinct") == FOUND["go1.24", "distinct"][100]
    assert best_known(1000, "go1.12", "any") == CONSTRUCTED["go1.12"][1000]
    assert best_known(60, "go1.12", "any") is best_known(100, "lib-012345678901-sort", "any") is None
