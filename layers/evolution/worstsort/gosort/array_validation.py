"""Checks what callers pass as arrays: populations, chromosomes, and lists of integers."""

from __future__ import annotations

from typing import Any

import numpy as np

from worstsort.gosort.errors import InvalidInput
from worstsort.gosort.validation import ALLOWED, MAX_INT64, as_integers_of, describe, items

PLAN_GENES = range(-(2**15), 2**15)
"""What a gene of a plan may be."""


def as_population(population: Any) -> np.ndarray:
    """Return a population as a contiguous 2-D array of int64, or of int32 if it has that dtype already.

    Raises:
        InvalidInput: It is not one of equally long rows of signed 64-bit integers; names the row and the position.
    """
    if not isinstance(population, np.ndarray):
        rows = [as_integers_of(row, f" in row {number}") for number, row in enumerate(items(population, "rows of "))]
        sizes = sorted({len(row) for row in rows})
        if len(sizes) > 1:
            shown = ", ".join(map(str, sizes[:5])) + (", ..." if len(sizes) > 5 else "")
            raise InvalidInput(f"expected individuals of one size, got sizes {shown}")
        return np.array(rows, dtype=np.int64).reshape(len(rows), sizes[0] if sizes else 0)
    array = _unmasked(population)
    if array.ndim != 2:
        raise InvalidInput(f"expected an array of shape (individuals, size), got shape {array.shape}")
    if array.dtype.kind == "O":
        return as_population(array.tolist())
    if array.dtype == np.int32:  # counted as it is: half the memory is read sooner
        return np.ascontiguousarray(array)
    return np.ascontiguousarray(_as_int64(array))


def as_choices(choices: Any, size: int) -> np.ndarray:
    """Return choices as uint8, shape (individuals, max(size - 1, 1)); raises InvalidInput unless all are 0 to 3."""
    genes = max(size - 1, 1)
    array = _as_genes(choices, "choices", range(4), "0 to 3")
    if array.shape[1] != genes:
        raise InvalidInput(f"expected choices of shape (individuals, {genes}) for size {size}, got shape {array.shape}")
    return array


def as_answers(answers: Any) -> np.ndarray:
    """Return answers as uint8, shape (individuals, genes); raises InvalidInput unless all are 0 or 1."""
    return _as_genes(answers, "answers", range(2), "0 or 1")


def as_plans(plans: Any, block_genes: int) -> np.ndarray:
    """Return plans as int16, shape (individuals, 1 + blocks * block_genes); raises InvalidInput for anything else."""
    array = _as_genes(plans, "plans", PLAN_GENES, f"{PLAN_GENES[0]:,} to {PLAN_GENES[-1]:,}", np.int16)
    genes = array.shape[1]
    if genes <= 1 or genes % block_genes != 1:
        raise InvalidInput(f"expected plans of shape (individuals, 1 + blocks * {block_genes}), got {genes} genes")
    return array


def as_row(genes: Any) -> list[Any]:
    """Return the genes of one individual as a population of one, for `as_choices` and `as_answers` to check."""
    if isinstance(genes, np.ndarray) and genes.ndim != 1:
        raise InvalidInput(f"expected the genes of one individual, got {describe(genes)}")
    return [list(items(_unmasked(genes) if isinstance(genes, np.ndarray) else genes))]


def as_list(values: Any, where: str) -> list[Any]:
    """Return an array of one dimension as a list; only an array of objects may still hold anything but integers."""
    array = _unmasked(values)
    if array.ndim != 1:
        raise InvalidInput(f"expected one dimension of {ALLOWED}{where}, got shape {array.shape}")
    checked: list[Any] = (array if array.dtype.kind == "O" else _as_int64(array, where)).tolist()
    return checked


def _as_int64(array: np.ndarray, where: str = "") -> np.ndarray:
    if array.dtype.kind not in "iu":
        if array.size == 0 and array.dtype.kind == "f":  # numpy's dtype of an empty list
            return array.astype(np.int64)
        raise InvalidInput(f"expected {ALLOWED}{where}, got an array of {array.dtype}")
    if array.dtype == np.uint64 and array.size and int(array.max()) > MAX_INT64:
        *row, position = (int(axis[0]) for axis in np.nonzero(array > MAX_INT64))
        where = f" in row {row[0]}" if row else where
        raise InvalidInput(f"expected {ALLOWED}, got {array[(*row, position)]}{where} at position {position}")
    return array.astype(np.int64, copy=False)


def _as_genes(genes: Any, name: str, possible: range, allowed: str, kind: type[np.integer] = np.uint8) -> np.ndarray:
    if isinstance(genes, (list, tuple)):
        genes = [_unmasked(row) if isinstance(row, np.ndarray) else row for row in genes]
    try:
        array = _unmasked(genes)
    except ValueError as error:
        raise InvalidInput(f"expected {name} of shape (individuals, genes), got rows of several sizes") from error
    if array.ndim != 2 or array.dtype.kind not in "iu":
        raise InvalidInput(f"expected integer {name} of shape (individuals, genes), got {describe(array)}")
    if array.size and not possible[0] <= int(array.min()) <= int(array.max()) <= possible[-1]:
        raise InvalidInput(f"expected {name} {allowed}, got {int(array.min())} to {int(array.max())}")
    return np.ascontiguousarray(array, dtype=kind)


def _unmasked(values: Any) -> np.ndarray:
    """Return values as an array; one with a mask is refused, since counting would ignore it."""
    if isinstance(values, np.ma.MaskedArray):
        raise InvalidInput("expected an array without a mask, got a masked array; fill or compress it")
    return np.asarray(values)
