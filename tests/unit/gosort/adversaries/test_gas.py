"""The two-sided adversary: choices in, frozen inputs out."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.gosort import TARGETS, count_plain, freeze, play_population
from worstsort.gosort.adversaries.gas import play_plain

SIZES = [0, 1, 2, 3, 7, 12, 13, 40, 41, 50, 51, 100, 333]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", SIZES)
def test_frozen_input_costs_what_the_play_cost(target: str, size: int) -> None:
    """A play, its plain form and the frozen input sorted from scratch make the same number of comparisons."""
    choices = np.random.default_rng(size).integers(0, 4, (20, max(size - 1, 1)), dtype=np.uint8)
    counts = play_population(choices, size, target)
    for row, count in zip(choices, counts, strict=True):
        frozen = freeze(row, size, target)
        assert sorted(frozen) == list(range(size))
        assert count_plain(frozen, target) == count == play_plain(row, size, target)


@pytest.mark.parametrize("target", TARGETS)
def test_threads_do_not_change_the_result(target: str) -> None:
    """Any number of threads gives the same counts."""
    choices = np.random.default_rng(5).integers(0, 4, (4_000, 63), dtype=np.uint8)
    expected = play_population(choices, 64, target, threads=1)
    for threads in (2, 3, 16, None):
        assert np.array_equal(play_population(choices, 64, target, threads=threads), expected)
