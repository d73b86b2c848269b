"""Checks what callers pass: integers to sort, sizes and numbers of threads; without numpy as long as nobody uses it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from worstsort.gosort.errors import InvalidInput

MIN_INT64, MAX_INT64 = -(2**63), 2**63 - 1
ALLOWED = "signed 64-bit integers"

MAX_SIZE = 2**30 - 1
"""Items of an input. An adversary keeps an item's number and a value of up to twice the size in one 64-bit integer."""

VALUES = ("any", "distinct")
"""Kinds of input. any: items may be equal. distinct: no two are."""

_MAX_DESCRIPTION = 60
"""Characters of a value that a message shows."""


def as_integers(values: Any) -> list[int]:
    """Return the values as Python integers.

    Raises:
        InvalidInput: They are not a sequence of signed 64-bit integers; names the first that is not, and its position.
    """
    return as_integers_of(values, "")


def as_threads(threads: Any) -> int:
    """Return a number of threads, that of the processors for None; raises InvalidInput unless it is 1 or more."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not _is_integer(threads) or threads < 1:
        raise InvalidInput(f"expected threads of 1 or more, or None, got {describe(threads)}")
    return int(threads)


def as_size(size: Any) -> int:
    """Return a size as an int; raises InvalidInput unless it is an integer from 0 to MAX_SIZE."""
    if not _is_integer(size) or not 0 <= size <= MAX_SIZE:
        raise InvalidInput(f"expected a size of 0 to {MAX_SIZE:,}, got {describe(size)}")
    return int(size)


def as_comparisons(comparisons: Any) -> int:
    """Return a count of comparisons as an int; raises InvalidInput unless it is an integer from 0 to MAX_INT64."""
    return as_count(comparisons, "comparisons")


def as_count(count: Any, name: str) -> int:
    """Return a count as an int; raises InvalidInput unless it is an integer from 0 to MAX_INT64."""
    if not _is_integer(count) or not 0 <= count <= MAX_INT64:
        raise InvalidInput(f"expected {name} of 0 to {MAX_INT64:,}, got {describe(count)}")
    return int(count)


def as_kind_of_values(values: Any) -> str:
    """Return one of VALUES; raises InvalidInput for anything else."""
    if not isinstance(values, str) or values not in VALUES:
        raise InvalidInput(f"expected values to be {' or '.join(VALUES)}, got {describe(values)}")
    return values


def as_flag(value: Any, name: str) -> bool:
    """Return a flag; raises InvalidInput unless it is True or False."""
    if not isinstance(value, bool):
        raise InvalidInput(f"expected {name} to be True or False, got {describe(value)}")
    return value


def describe(value: Any) -> str:
    """Describe a value for a message in a few words, however large it is."""
    if hasattr(value, "dtype") and hasattr(value, "shape") and value.shape != ():
        return f"an array of {value.dtype} of shape {value.shape}"
    kind = type(value).__name__
    if isinstance(value, int) and value.bit_length() > 200:
        return f"a number of {value.bit_length()} bits ({kind})"
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a message about a value must not fail because of it
        return f"a value that cannot be shown ({kind})"
    if len(text) > _MAX_DESCRIPTION or "\n" in text:
        text = " ".join(text.split())[: _MAX_DESCRIPTION - 3] + "..."
    return f"{text} ({kind})"


def as_integers_of(values: Any, where: str) -> list[int]:
    """Return the values as `as_integers` does; `where` says in messages which values they are, e.g. " in row 3"."""
    if hasattr(values, "dtype"):
        from worstsort.gosort import array_validation  # noqa: PLC0415 - numpy is loaded only where an array is given

        values = array_validation.as_list(values, where)
    return [_checked(value, position, where) for position, value in enumerate(items(values, where=where))]


def items(values: Any, kind: str = "", where: str = "") -> Iterable[Any]:
    """Return the values if they have an order, which text, mappings and sets of integers have not."""
    has_axes = isinstance(values, memoryview) and values.ndim != 1
    has_no_order = isinstance(values, (str, bytes, bytearray, Mapping, AbstractSet))
    if has_axes or has_no_order or not isinstance(values, Iterable):
        raise InvalidInput(f"expected a sequence of {kind}{ALLOWED}{where}, got {describe(values)}")
    return values


def _checked(value: Any, position: int, where: str) -> int:
    if not _is_integer(value) or not MIN_INT64 <= value <= MAX_INT64:
        raise InvalidInput(
            f"expected {ALLOWED} ({MIN_INT64} to {MAX_INT64}), got {describe(value)}{where} at position {position}"
        )
    return int(value)


def _is_integer(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool)
    numpy = sys.modules.get("numpy")  # a value of numpy's exists only if numpy is loaded
    return numpy is not None and isinstance(value, numpy.integer) and not isinstance(value, numpy.timedelta64)
