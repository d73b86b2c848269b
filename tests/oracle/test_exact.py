"""What benchmarks/exact.py prints is what real Go counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.exact import EVOLVED, RESTS_ON, SIZES, rows
from worstsort.gosort import assess

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.go import Counter

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(900)]


@pytest.mark.parametrize("target", sorted({target for target, _ in RESTS_ON}))
def test_every_input_of_the_table_costs_real_go_what_it_says(
    target: str, counters_for: Callable[[str], list[Counter]]
) -> None:
    """At its sizes, after a generation where an input is evolved, for any values and for distinct ones."""
    found = list(rows([target], SIZES, 1, 1))
    arrays = [np.array(row.numbers, np.int64) for row in found]
    for counter in counters_for(target):
        assert counter.count(arrays, target)[0].tolist() == [row.comparisons for row in found], counter.name


@pytest.mark.parametrize("target", sorted({target for target, _ in RESTS_ON} - set(EVOLVED)))
def test_constructions_are_proven_optimal_for_distinct_items(target: str) -> None:
    """At the sizes of the table; with ties the table says which share of the bound is reached."""
    kinds = [values for name, values in RESTS_ON if name == target]
    exact = "distinct" if "distinct" in kinds else "any"
    for row in rows([target], SIZES, 0, 1):
        optimal = assess(row.comparisons, len(row.numbers), target, row.values).optimal
        assert optimal == (row.values == exact), row
