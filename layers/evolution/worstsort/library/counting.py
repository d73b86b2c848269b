"""Counting, for a program that says which sort it means: a worst case is worth nothing without the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort import gosort

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray


def count(values: Iterable[int], *, target: str) -> int:
    """Count the comparisons that a sort makes on one list.

    Args:
        values: Signed 64-bit integers: a list, another iterable, or an array of one dimension.
        target: A name or alias in `TARGETS`.

    Raises:
        InvalidInput: `values` holds anything else.
        UnknownTarget: there is no such target.
    """
    return gosort.count_plain(values, target)


def count_population(population: Any, *, target: str, threads: int | None = None) -> NDArray[np.int64]:
    """Count the comparisons that a sort makes on every row, in compiled code where Numba is installed.

    Args:
        population: Signed 64-bit integers, shape (individuals, size).
        target: A name or alias in `TARGETS`.
        threads: None means one for each processor; the result is the same for any number.

    Returns:
        Shape (individuals,).

    Raises:
        InvalidInput: `population` holds anything else, or rows of several sizes.
        UnknownTarget: there is no such target.
    """
    return gosort.count_population(population, target, threads)


def antiquicksort(size: int, *, target: str) -> list[int]:
    """Return the list that McIlroy's adversary makes of `size` items against a sort.

    Raises:
        InvalidInput: `size` is not an integer of 0 or more.
        UnknownTarget: there is no such target.
    """
    return gosort.antiquicksort(size, target)
