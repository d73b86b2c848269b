"""The upper bounds against everything known: exact maxima, golden counts, adversaries, a climb, inputs with ties."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worstsort.gosort import (
    TARGETS,
    InvalidInput,
    UnknownTarget,
    count_plain,
    play_population,
    proven_maximum,
    upper_bound,
)
from worstsort.gosort.bounds.exact import MAX_BOUNDED_SIZES
from worstsort.gosort.validation import VALUES

DATA = Path(__file__).parents[3] / "data"
COLUMNS = {
    "go1.12": "go1.12",
    "go1.19": "pdqsort_go1.19",
    "go1.24": "pdqsort",
    "stable": "stable",
    "heapsort": "heapsort",
}
# docs/bounds.md shows these: distinct items, then ties as well, at 100, 500, 1000 and 10,000 items
FIGURES = {
    "go1.12": ([2378, 23040, 54291, 799865], [2407, 23063, 54317, 799903]),
    "go1.19": ([3829, 31799, 77722, 1244124], [5862, 55167, 138027, 2237193]),
    "go1.24": ([3829, 31799, 77722, 1244124], [5862, 55167, 138027, 2237193]),
    "stable": ([1308, 8512, 18761, 247755], [1308, 8512, 18761, 247755]),
    "heapsort": ([1131, 7953, 17926, 247199], [1134, 7958, 17932, 247209]),
}


def bound(size: int, target: str, *, distinct: bool = True) -> int:
    found = upper_bound(size, target, "distinct" if distinct else "any")
    assert found is not None
    return found


def climb(target: str, size: int, steps: int) -> int:
    """Return the best of a short hill climb on the adversary's choices, 16 children per step."""
    stream = np.random.default_rng(size)
    parent = stream.integers(0, 4, size - 1, dtype=np.uint8)
    best = 0
    for _ in range(steps):
        children = np.tile(parent, (16, 1))
        flips = stream.integers(0, size - 1, (16, 2))
        children[np.arange(16)[:, None], flips] = stream.integers(0, 4, (16, 2))
        counts = play_population(children, size, target, threads=1)
        if counts.max() >= best:
            best, parent = int(counts.max()), children[counts.argmax()]
    return best


@pytest.mark.parametrize("target", TARGETS)
def test_bound_is_the_exact_maximum_of_small_sizes(target: str) -> None:
    """Where every input has been tried, bound and proven maximum are the most that any of them costs."""
    maxima = json.loads((DATA / "golden" / "exact_maxima.json").read_text())["maxima"][COLUMNS[target]]
    for size, entry in maxima.items():
        assert proven_maximum(int(size), target) == entry["permutations"]["max"]
        assert {bound(int(size), target, distinct=distinct) for distinct in (True, False)} == {
            entry["permutations"]["max"]
        }


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_no_golden_array_exceeds_the_bound(target: str) -> None:
    """Real Go's counts stay below the bound of their size, for distinct items or else for ties."""
    stored = np.load(DATA / "golden" / "golden_public.npz", allow_pickle=False)
    column = list(stored["targets"]).index(COLUMNS[target])
    arrays = np.split(stored["data"], stored["offsets"][1:-1])
    for array, count in zip(arrays, stored["counts"][:, column], strict=True):
        has_ties = len(set(array.tolist())) < len(array)
        assert count <= bound(len(array), target) or (has_ties and count <= bound(len(array), target, distinct=False))


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_no_golden_adversary_exceeds_the_bound(target: str) -> None:
    """No frozen input costs any target more than its bound, whichever target it was frozen against."""
    with gzip.open(DATA / "golden" / "adversaries.json.gz") as file:
        for record in json.load(file):
            assert record["counts"][COLUMNS[target]] <= bound(record["n"], target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", [13, 14, 17, 24, 40, 41, 50, 64, 100])
def test_no_climb_exceeds_the_bound(target: str, size: int) -> None:
    """A hill climb on the adversary's choices stays below the bound, and gets well past half of it on go1.12."""
    best = climb(target, size, 150)
    assert best <= bound(size, target)
    assert target != "go1.12" or best > 0.6 * bound(size, target)


@pytest.mark.parametrize("target", ["go1.19", "go1.24"])
@pytest.mark.parametrize(("size", "comparisons"), [(100, 3009), (1000, 56195)])
def test_inputs_that_are_mended_in_vain_stay_below_the_bound(target: str, size: int, comparisons: int) -> None:
    """Inputs that make pdqsort shift five items at every step cost more than half of its bound, and stay below it."""
    values = json.loads((DATA / "bounds" / f"pdqsort_mended_{size}.json").read_text())
    assert sorted(values) == list(range(size))
    assert count_plain(values, "go1.24") == comparisons
    assert comparisons > bound(size, "go1.24") / 2
    assert count_plain(values, target) <= bound(size, target)


@pytest.mark.parametrize("target", TARGETS)
@settings(deadline=None)  # the first input of a size waits for its table
@given(st.integers(1, 6).flatmap(lambda top: st.lists(st.integers(0, top), max_size=150)))
def test_no_input_with_ties_exceeds_the_bound(target: str, values: list[int]) -> None:
    """Inputs of few different items stay below the bound that covers ties."""
    assert count_plain(values, target) <= bound(len(values), target, distinct=False)


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
@settings(deadline=None)
@given(st.integers(0, 150).flatmap(lambda size: st.permutations(range(size))))
def test_no_permutation_exceeds_the_bound(target: str, values: list[int]) -> None:
    """Permutations stay below the bound for distinct items."""
    assert count_plain(values, target) <= bound(len(values), target)


@pytest.mark.parametrize("target", TARGETS)
def test_bound_grows_with_the_size(target: str) -> None:
    """One more item never lowers the bound, and allowing ties does not either."""
    for distinct in (True, False):
        bounds = [bound(size, target, distinct=distinct) for size in range(140)]
        assert bounds == sorted(bounds)
    assert all(bound(size, target) <= bound(size, target, distinct=False) for size in range(140))


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_documented_figures(target: str) -> None:
    """The bounds are those that docs/bounds.md shows."""
    sizes = [100, 500, 1000, 10_000]
    assert [bound(size, target) for size in sizes] == FIGURES[target][0]
    assert [bound(size, target, distinct=False) for size in sizes] == FIGURES[target][1]


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_claimed_above_the_largest_size(target: str) -> None:
    """One item above the largest size of a target there is neither a bound nor a maximum, for any kind of input."""
    for values in VALUES:
        assert upper_bound(MAX_BOUNDED_SIZES[target] + 1, target, values) is None
        assert proven_maximum(MAX_BOUNDED_SIZES[target] + 1, target, values) is None


@pytest.mark.parametrize("size", [13, 100, 1_000_000])
def test_heapsort_of_distinct_items_is_solved(size: int) -> None:
    """Bound and maximum are one number for distinct items, at every size."""
    assert upper_bound(size, "heapsort", "distinct") == proven_maximum(size, "heapsort", "distinct")


def test_bad_questions_are_refused() -> None:
    """A size that is none and a target that is none are refused in the package's own terms."""
    for ask in (upper_bound, proven_maximum):
        with pytest.raises(InvalidInput):
            ask(-1, "go1.12")
        with pytest.raises(UnknownTarget):
            ask(10, "bogosort")
