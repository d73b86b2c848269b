"""Counting on several threads."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from worstsort.gosort import TARGETS, count_population
from worstsort.gosort.compiled import threads

ROWS, SIZE = 4_000, 64  # enough for five threads to be worth it


def permutations(dtype: type) -> np.ndarray:
    return np.random.default_rng(7).permuted(np.tile(np.arange(SIZE, dtype=dtype), (ROWS, 1)), axis=1)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_threads_do_not_change_the_result(target: str, dtype: type) -> None:
    """Any number of threads gives the same counts, whatever type the integers have."""
    population = permutations(dtype)
    expected = count_population(population.astype(np.int16), target, threads=1)
    for number in (2, 3, 16, None):
        assert np.array_equal(count_population(population, target, number), expected)


def test_as_many_threads_count_as_are_asked_for() -> None:
    """Three threads are this one and two that are kept for the next time."""
    threads.helpers.cache_clear()
    before = set(threading.enumerate())
    for _ in range(2):
        count_population(permutations(np.int64), threads=3)
    started = set(threading.enumerate()) - before
    assert 1 <= len(started) <= 2  # one may have been done before the other was needed
    assert all(thread.name.startswith("counting") for thread in started)


def test_a_forked_process_counts_with_threads_of_its_own() -> None:
    """Threads do not survive a fork; a child that waited for its parent's would wait forever."""
    population = permutations(np.int64)
    expected = count_population(population, threads=2)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(count_population(population, threads=2), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
