"""Takes in what a caller wants counted: any signed 64-bit integers, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from worstsort.gosort.errors import InvalidInput

MIN_INT64, MAX_INT64 = -(2**63), 2**63 - 1
ALLOWED = "signed 64-bit integers"


def as_integers(values: Any) -> list[int]:
    """Return the values as Python integers; raises InvalidInput naming the first that is none, and its position."""
    if hasattr(values, "dtype"):
        return _from_array(values)
    if isinstance(values, (str, bytes, bytearray, Mapping, AbstractSet)) or not isinstance(values, Iterable):
        raise InvalidInput(f"expected a sequence of {ALLOWED}, got {_describe(values)}")
    return [_checked(value, position) for position, value in enumerate(values)]


def as_population(population: Any) -> np.ndarray:
    """Return the population as a 2-D array of int64, or int32 if it is that already; raises InvalidInput."""
    if not isinstance(population, np.ndarray):
        rows = [as_integers(row) for row in population]
        if len({len(row) for row in rows}) > 1:
            raise InvalidInput("expected individuals of one size, got sizes " + _few(sorted({len(r) for r in rows})))
        return np.array(rows, dtype=np.int64).reshape(len(rows), -1 if rows and rows[0] else 0)
    if population.ndim != 2:
        raise InvalidInput(f"expected an array of shape (individuals, size), got shape {population.shape}")
    if population.dtype == np.int32:  # counted as it is: what takes half the memory is sooner read
        return np.ascontiguousarray(population)
    return np.ascontiguousarray(_as_int64(population))


def as_choices(choices: Any, size: int) -> np.ndarray:
    """Return choices as a 2-D uint8 array, shape (individuals, genes); raises InvalidInput unless all are 0..3."""
    array = np.asarray(choices)
    genes = max(size - 1, 1)
    if array.ndim != 2 or array.shape[1] != genes or array.dtype.kind not in "iu":
        raise InvalidInput(
            f"expected integer choices of shape (individuals, {genes}) for size {size}, "
            f"got {array.dtype} of shape {array.shape}"
        )
    if array.size and (int(array.min()) < 0 or int(array.max()) > 3):
        raise InvalidInput(f"expected choices 0 to 3, got {int(array.min())} to {int(array.max())}")
    return np.ascontiguousarray(array, dtype=np.uint8)


def as_answers(answers: Any) -> np.ndarray:
    """Return answers as a 2-D uint8 array; raises InvalidInput unless all are 0 or 1."""
    array = np.asarray(answers)
    if array.ndim != 2 or array.dtype.kind not in "iu":
        raise InvalidInput(
            f"expected integer answers of shape (individuals, genes), got {array.dtype} of shape {array.shape}"
        )
    if array.size and (int(array.min()) < 0 or int(array.max()) > 1):
        raise InvalidInput(f"expected answers 0 or 1, got {int(array.min())} to {int(array.max())}")
    return np.ascontiguousarray(array, dtype=np.uint8)


def as_threads(threads: Any) -> int:
    """Return a number of threads, that of the processors for None; raises InvalidInput unless it is 1 or more."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise InvalidInput(f"expected threads of 1 or more, or None, got {_describe(threads)}")
    return threads


def as_size(size: Any) -> int:
    """Return a size as an int; raises InvalidInput unless it is an integer of 0 or more."""
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise InvalidInput(f"expected a size of 0 or more, got {_describe(size)}")
    return size


def _from_array(values: Any) -> list[int]:
    if values.ndim != 1:
        raise InvalidInput(f"expected one dimension of {ALLOWED}, got shape {values.shape}")
    if values.dtype.kind == "O":
        return [_checked(value, position) for position, value in enumerate(values.tolist())]
    return [int(value) for value in _as_int64(values).tolist()]


def _as_int64(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "iu":
        if array.size == 0 and array.dtype.kind == "f":  # numpy's dtype of an empty list
            return array.astype(np.int64)
        raise InvalidInput(f"expected {ALLOWED}, got an array of {array.dtype}")
    if array.dtype == np.uint64 and array.size and int(array.max()) > MAX_INT64:
        position = int(np.argmax(array.ravel() > MAX_INT64))
        raise InvalidInput(f"expected {ALLOWED}, got {int(array.ravel()[position])} at position {position}")
    return array.astype(np.int64, copy=False)


def _checked(value: Any, position: int) -> int:
    integer = value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value
    if isinstance(integer, bool) or not isinstance(integer, int) or not MIN_INT64 <= integer <= MAX_INT64:
        raise InvalidInput(
            f"expected {ALLOWED} ({MIN_INT64} to {MAX_INT64}), got {_describe(value)} at position {position}"
        )
    return integer


def _describe(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"


def _few(sizes: list[int]) -> str:
    return ", ".join(map(str, sizes[:5])) + (", ..." if len(sizes) > 5 else "")
