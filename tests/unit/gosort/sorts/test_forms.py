"""Every form of a sort counts the same: plain, fast in plain Python, and both compiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.inputs import BORDERS, KINDS
from worstsort.gosort import TARGETS, count_plain, count_population
from worstsort.gosort.compiled import kernels, loops
from worstsort.gosort.compiled.threads import WorkQueue
from worstsort.gosort.counting import make_scratch
from worstsort.gosort.operations.compare import WORK_SIZE

SIZES = st.one_of(st.sampled_from(BORDERS), st.integers(0, 200))


def all_of(population: np.ndarray) -> WorkQueue:
    """Give all rows to one thread."""
    return WorkQueue(np.array([0, len(population)]), np.zeros(1, np.int64))


def count_fast_in_python(population: np.ndarray, target: str) -> list[int]:
    """Run the fast form as it stands, without Numba."""
    counts, size = np.zeros(len(population), np.int64), population.shape[1]
    loop, everything = loops.count_rows_fast(TARGETS[target].sort), all_of(population)
    loop(population, everything, counts, ([0] * size, [0] * WORK_SIZE, make_scratch(size, counts, population.dtype)))
    return counts.tolist()


def count_plain_compiled(population: np.ndarray, target: str) -> np.ndarray:
    """Run the plain form compiled."""
    counts = np.zeros(len(population), np.int64)
    data, work = np.zeros(population.shape[1], np.int64), np.zeros(WORK_SIZE, np.int64)
    kernels.kernel(loops.count_rows, TARGETS[target])(population, all_of(population), counts, (data, work))
    return counts


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(sorted(KINDS)), size=SIZES, number=st.integers(0, 2**32))
def test_all_forms_agree(target: str, kind: str, size: int, number: int) -> None:
    """The four ways to count give one number, on inputs of every kind."""
    population = KINDS[kind](np.random.default_rng(number), 6, size, target)
    counts = count_population(population, target)
    assert np.array_equal(count_plain_compiled(population, target), counts)
    assert count_fast_in_python(population, target) == counts.tolist()
    assert [count_plain(row, target) for row in population[:2]] == counts[:2].tolist()


@pytest.mark.parametrize("target", TARGETS)
def test_all_forms_agree_on_long_inputs(target: str) -> None:
    """The forms agree where segments are many blocks long, too."""
    for kind, make in KINDS.items():
        population = make(np.random.default_rng(7), 2, 1000, target)
        counts = count_population(population, target)
        assert np.array_equal(count_plain_compiled(population, target), counts), kind
        assert [count_plain(row, target) for row in population] == counts.tolist(), kind
        assert count_fast_in_python(population, target) == counts.tolist(), kind


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(size=SIZES, copies=st.integers(1, 20), number=st.integers(0, 2**32))
def test_integers_of_any_width_cost_what_their_order_does(target: str, size: int, copies: int, number: int) -> None:
    """Whether they fit 32 bits or not, with the extremes of their kind among them."""
    ranks = np.random.default_rng(number).integers(0, max(size // copies, 1), (5, size))
    counts, distinct = [count_plain(row, target) for row in ranks], int(ranks.max(initial=0)) + 1
    low, high = np.arange(distinct // 2), np.arange(-(-distinct // 2))[::-1]
    narrow, wide = np.iinfo(np.int32), np.iinfo(np.int64)
    for least, most in ((narrow.min, narrow.max), (narrow.min - 1, 0), (0, narrow.max + 1), (wide.min, wide.max)):
        values = np.concatenate([least + low, most - high])
        assert count_population(values[ranks], target).tolist() == counts


class NobodyWrites(list[int]):
    """Counts that belong to other threads."""

    def __setitem__(self, *_: object) -> None:
        raise AssertionError("written to by a thread without rows")


@pytest.mark.parametrize("target", TARGETS)
def test_a_thread_that_gets_no_rows_writes_no_count(target: str) -> None:
    """Where another thread may be adding to one, that would lose comparisons."""
    population = np.arange(60).reshape(3, 20)
    nothing_left = WorkQueue(np.array([0, 3]), np.ones(1, np.int64))
    counts = NobodyWrites([0] * 3)
    scratch = make_scratch(20, np.zeros(3, np.int64), population.dtype)._replace(counts=counts)
    loops.count_rows_fast(TARGETS[target].sort)(population, nothing_left, counts, ([0] * 20, [0] * WORK_SIZE, scratch))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("threads", [1, 2])
def test_lists_that_need_64_bits_are_counted_among_others(target: str, threads: int) -> None:
    """One number that does not fit 32 bits changes neither its list's count nor that of its neighbours."""
    rng = np.random.default_rng(8)
    narrow = np.argsort(rng.random((2_000, 60)), axis=1)
    mixed = narrow.copy()
    mixed[rng.random(len(mixed)) < 0.1] -= 2**40
    mixed[0], mixed[1, narrow[1].argmax()] = narrow[0], 2**31
    assert np.array_equal(count_population(mixed, target, threads), count_population(narrow.astype(np.int32), target))


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(size=st.integers(13, 300), number=st.integers(0, 2**32))
def test_an_input_costs_the_same_in_any_company(target: str, size: int, number: int) -> None:
    """Heaps of different inputs are emptied together, and each input is still charged for its own."""
    rng = np.random.default_rng(number)
    mixed = np.concatenate([make(rng, 3, size, target) for make in KINDS.values()])
    rng.shuffle(mixed)
    alone = [int(count_population(row[None], target)[0]) for row in mixed]
    assert count_population(mixed, target).tolist() == alone


@pytest.mark.parametrize("target", TARGETS)
def test_inputs_too_long_for_the_fast_form_are_counted(target: str) -> None:
    """Beyond 65,535 items, where places no longer fit 16 bits, the plain form counts."""
    population = KINDS["permutations"](np.random.default_rng(3), 1, 65_536, target)
    assert count_population(population, target)[0] == count_plain_compiled(population, target)[0]
    if target != "stable":
        assert 65_535 * 15 < count_population(population, target)[0] < 65_535 * 40


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("target", TARGETS)
def test_100_000_arrays_count_the_same_compiled_and_plain(target: str) -> None:
    """100,000 random and edge arrays count the same compiled and in plain Python."""
    counted = number = 0
    while counted < 100_000:
        number += 1
        rng = np.random.default_rng(number)
        kind, size = sorted(KINDS)[number % len(KINDS)], int(rng.choice([*BORDERS, int(rng.integers(0, 100))]))
        population = KINDS[kind](rng, 100, size, target)
        plain = [count_plain(row, target) for row in population]
        assert count_population(population, target).tolist() == plain, (kind, size, number)
        counted += len(population)
