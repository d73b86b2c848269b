"""Dense ranks."""

from __future__ import annotations

import numpy as np

from worstsort.gosort.ranks import dense_ranks


def test_ranks_are_dense_and_equal_for_equal_values() -> None:
    """From 0, without gaps, in the order of the values; the ends of 64 bits are values like any other."""
    assert dense_ranks([50, -3, 50, 9]).tolist() == [2, 0, 2, 1]
    assert dense_ranks([2**63 - 1, -(2**63), 0]).tolist() == [2, 0, 1]
    assert (dense_ranks([]).shape, dense_ranks([]).dtype) == ((0,), np.dtype(np.int64))
