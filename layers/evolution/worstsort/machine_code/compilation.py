"""Compiles loops with Numba, where it is installed, each at its first use."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from functools import cache, wraps
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False, "_nrt": False}
"""What all loops are compiled with: they hold no Python object, and count no references."""

COMPILING = RLock()
"""Held while anything is compiled, or read from disk: Numba is not made for several threads there."""


@cache
def available() -> bool:
    """Return whether Numba is installed, and not switched off by its own variable, without importing it."""
    return importlib.util.find_spec("numba") is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") in {"", "0"}


@cache
def compiled(loop: Callable[..., None]) -> Callable[..., None]:
    """Return a loop as machine code; as it is, where there is no Numba.

    Args:
        loop: A function of arrays and numbers, which may call the other functions of its module.
    """
    if not available():
        return _plain(loop)
    from numba import njit  # noqa: PLC0415 - importing Numba takes longer than most callers run
    from numba.extending import register_jitable  # noqa: PLC0415 - it imports Numba, too

    from worstsort.machine_code import kernel_cache, parts  # noqa: PLC0415 - these import Numba, too

    home = sys.modules[loop.__module__]
    with COMPILING:
        for _, function in inspect.getmembers(home, inspect.isfunction):
            if function.__module__ == home.__name__ and function is not loop:
                register_jitable(**OPTIONS, pipeline_class=parts.PartCompiler)(function)
        made = njit(**OPTIONS)(loop)
        kernel_cache.keep(made, loop.__name__, (sys.modules[__name__], home))
    return made  # type: ignore[no-any-return]


def _plain(loop: Callable[..., None]) -> Callable[..., None]:
    """Let machine words overflow silently, as they do in machine code."""
    import numpy as np  # noqa: PLC0415 - whoever only asks what is available does without

    @wraps(loop)
    def run(*arguments: Any) -> None:
        with np.errstate(over="ignore"):
            loop(*arguments)

    return run
