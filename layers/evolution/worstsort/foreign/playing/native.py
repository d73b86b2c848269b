"""Calls a function by its address: with ctypes here, directly in compiled code."""

from __future__ import annotations

import ctypes

from worstsort.foreign.playing.context import NTH, QSORT, QSORT_R

_WORD = ctypes.c_size_t
_ITEM_BYTES, _PAIR_BYTES = 4, 16


def call(function: int, arguments: tuple[int, ...]) -> None:
    """Call the function at an address with some addresses and sizes."""
    kind = ctypes.CFUNCTYPE(None, *[_WORD] * len(arguments))
    kind(int(function))(*map(int, arguments))


def run_sort(sort: int, convention: int, items: int, size: int, less: int, context: int) -> None:
    """Have a sort at an address sort items, in the way that it takes them.

    Args:
        sort: The function.
        convention: How it takes its items; see `context`.
        items: Where they are: 32-bit numbers, or for qsort pairs of a number and the address of the context.
        size: How many.
        less: The callback.
        context: What the callback is given.
    """
    if convention == QSORT:
        call(sort, (items, size, _PAIR_BYTES, less))
    elif convention == QSORT_R:
        call(sort, (items, size, _ITEM_BYTES, less, context))
    elif convention == NTH:
        call(sort, (items, size, size // 2, less, context))
    else:
        call(sort, (items, size, less, context))
