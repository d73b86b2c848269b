"""Not one comparison differs from real Go's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.oracle.inputs import BORDERS, KINDS
from tests.support.plan_champions import champions, name
from worstsort.gosort import TARGETS, constructed, count_plain, count_population
from worstsort.gosort.constructions.registry import CONSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.go import Counter

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(900)]
ROWS = 48
EXAMPLES = 480  # of ROWS arrays each: 23,040 arrays a target


@pytest.mark.parametrize("target", TARGETS)
def test_counts_are_those_of_real_go(target: str, counters_for: Callable[[str], list[Counter]]) -> None:
    """Arrays of every kind and size cost as many comparisons as real Go makes on them."""
    fitting = counters_for(target)

    @seed(20_240_229)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        kind=st.sampled_from(sorted(KINDS)),
        size=st.one_of(st.sampled_from(BORDERS), st.integers(0, 300), st.integers(300, 2000)),
        number=st.integers(0, 2**32),
    )
    def agree(kind: str, size: int, number: int) -> None:
        population = KINDS[kind](np.random.default_rng(number), ROWS, size, target)
        counts = count_population(population, target)
        for counter in fitting:
            assert np.array_equal(counter.count(population, target)[0], counts), (counter.name, kind, size, number)

    agree()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", KINDS)
def test_plain_form_counts_what_real_go_counts(
    target: str, kind: str, counters_for: Callable[[str], list[Counter]]
) -> None:
    """The plain form agrees with real Go by itself, at every border between two algorithms."""
    for counter in counters_for(target):
        arrays = [KINDS[kind](np.random.default_rng(size), 1, size, target)[0] for size in BORDERS]
        assert counter.count(arrays, target)[0].tolist() == [count_plain(array, target) for array in arrays]


@pytest.mark.parametrize("target", CONSTRUCTIONS)
@pytest.mark.parametrize("size", [13, 100, 500, 1000])
def test_constructions_cost_real_go_as_much(
    target: str, size: int, counters_for: Callable[[str], list[Counter]]
) -> None:
    """Inputs that were built to be bad are so in real Go."""
    values = constructed(size, target)
    assert values is not None
    for counter in counters_for(target):
        assert counter.count([np.array(values)], target)[0][0] == count_plain(values, target)


@pytest.mark.parametrize("champion", champions(), ids=name)
def test_the_best_inputs_found_cost_real_go_as_much(
    champion: dict[str, Any], counters_for: Callable[[str], list[Counter]]
) -> None:
    """Inputs that plans led to, with equal items and without."""
    values, target = np.array(champion["input"]), champion["target"]
    for counter in counters_for(target):
        assert counter.count([values], target)[0][0] == champion["comparisons"]
