"""Answers the questions of a sort that are put one by one, where it cannot call our machine code itself."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from worstsort.foreign.playing import interpreted
from worstsort.foreign.playing.context import QSORT_R
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KIND = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class Answers:
    """Compares items over a context, as the callback of qsort_r does."""

    def __init__(self, form: int, state: NDArray[np.int64]) -> None:
        """Take the form in which comparisons are answered, and a context that `loops.begin` has set up."""
        if compilation.available():
            from worstsort.foreign.playing import compiled  # noqa: PLC0415 - compiled before this process was forked

            self._kept, address = None, compiled.callbacks(QSORT_R)(form)
        else:
            self._kept = interpreted.callback(QSORT_R, form, state)
            address = interpreted.address(self._kept)
        self._compare, self._context = _KIND(address), state.ctypes.data
        self._pair = (ctypes.c_int32 * 2)()
        self._first = ctypes.addressof(self._pair)

    def compare(self, a: int, b: int) -> int:
        """Return -1 if a belongs before b, 1 if b before a, and 0 if neither."""
        self._pair[0], self._pair[1] = a, b
        answer: int = self._compare(self._first, self._first + 4, self._context)
        return answer
