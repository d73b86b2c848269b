"""The callbacks where Numba is not installed, made by ctypes: slow, and good for recounting a champion."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from worstsort.foreign.playing import answering
from worstsort.foreign.playing.context import QSORT, QSORT_R

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMPARES = (answering.compare_values, answering.compare_gas, answering.compare_order)
_INT, _WORD = ctypes.c_int32, ctypes.c_void_p
_ITEM = ctypes.POINTER(ctypes.c_int32)


def callback(convention: int, form: int, context: NDArray[Any]) -> Any:
    """Make the callback for one context; it must outlive the calls, and holds its code's `address`."""
    compare = _COMPARES[form]
    if convention == QSORT:
        kind = ctypes.CFUNCTYPE(_INT, _ITEM, _ITEM)
        return kind(lambda p, q: compare(p[0], q[0], context))
    if convention == QSORT_R:
        kind = ctypes.CFUNCTYPE(_INT, _ITEM, _ITEM, _WORD)
        return kind(lambda p, q, _: compare(p[0], q[0], context))
    kind = ctypes.CFUNCTYPE(_INT, _INT, _INT, _WORD)
    return kind(lambda a, b, _: int(compare(a, b, context) < 0))


def address(made: Any) -> int:
    """Return where the code of a callback is."""
    return ctypes.cast(made, ctypes.c_void_p).value or 0
