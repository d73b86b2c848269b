"""The step of the bounds that finds the best split of a segment."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from worstsort.gosort.bounds.best_splits import EXACT_SHARE, best_splits

tables = st.lists(st.integers(0, 90), min_size=1, max_size=300).map(lambda steps: np.cumsum(steps, dtype=np.int64))


def costliest(left: np.ndarray, right: np.ndarray, first: int, last: int) -> int:
    return max((int(left[k] + right[len(right) - 1 - k]) for k in range(first, last + 1)), default=-1)


@given(tables, st.integers(0, 320), st.integers(0, 320))
def test_best_split_is_bounded_from_above(table: np.ndarray, first: int, last: int) -> None:
    """No split is better than the answer, which is exact where few splits are possible."""
    first, last = min(first, len(table) - 1), min(last, len(table) - 1)
    total = np.array([len(table) - 1])
    found = int(best_splits(table, table, np.array([first]), np.array([last]), total)[0])
    expected = costliest(table, table, first, last)
    assert found >= expected
    assert last - first >= 4 * EXACT_SHARE or found == expected


def test_best_split_of_a_convex_table_is_exact() -> None:
    """On a convex table the bound is the best split itself, at an end of the range."""
    table = np.arange(1000, dtype=np.int64) ** 2
    found = best_splits(table, table, np.array([5]), np.array([500]), np.array([999]))
    assert found.tolist() == [5**2 + 994**2]
