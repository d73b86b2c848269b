"""Dense ranks: all that a sort sees of the integers it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def dense_ranks(values: Sequence[int]) -> NDArray[np.int64]:
    """Return each value's rank among the distinct values, from 0; equal values have equal ranks.

    Args:
        values: Integers that fit into 64 bits.

    Returns:
        An array of shape (len(values),).
    """
    _, ranks = np.unique(np.asarray(values, dtype=np.int64), return_inverse=True)
    return np.asarray(ranks, dtype=np.int64)
