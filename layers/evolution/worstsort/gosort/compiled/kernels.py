"""Compiles the sorts with Numba, where it is installed, each at its first use.

The sorts are plain functions that call each other. Registered as jitable, they stay plain for Python, and compiled code
may call them. Only the loops of `loops` are compiled as entry points and kept on disk.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from worstsort.gosort import operations, sorts
from worstsort.gosort.compiled import loops, threads
from worstsort.gosort.operations import blocks, partial_order
from worstsort.gosort.sorts import heap_fast

if TYPE_CHECKING:
    from types import ModuleType

    from worstsort.gosort.target import Target

Kernel = Callable[..., Any]
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False, "_nrt": False}
NOT_INLINED = (partial_order.relate, heap_fast.empty_heaps, heap_fast.build)
"""Inlined, these would be repeated at each call and leave too few registers to the code around them."""

_compiling = Lock()


@cache
def available() -> bool:
    """Return whether Numba is installed, without importing it."""
    return importlib.util.find_spec("numba") is not None


@cache
def kernel(make: Callable[[Callable[..., Any]], Kernel], target: Target) -> Kernel:
    """Compile the loop that `make` builds around the target's sort, or read its machine code from disk."""
    from numba import njit  # noqa: PLC0415 - importing Numba takes longer than most callers run
    from numba.extending import register_jitable  # noqa: PLC0415 - it imports Numba, too

    from worstsort.gosort.compiled import kernel_cache, overloads, vector  # noqa: PLC0415 - these import Numba, too

    with _compiling:
        _replace_steps()
        home = sys.modules.get(target.sort.__module__ or "")
        modules = dict.fromkeys((*_modules(), *([home] if home else ())))
        for module in modules:
            _register_jitable(module)
        if home is None:  # the sort was made by exec, as in a notebook's or a document's test
            register_jitable(**OPTIONS)(target.sort)
        loop = njit(**OPTIONS)(make(target.sort))
        if home is not None:
            sources = (sys.modules[__name__], vector, overloads, *modules)
            kernel_cache.keep(loop, f"{make.__name__}-{target.name}", sources)
    return loop  # type: ignore[no-any-return]


@cache
def _modules() -> tuple[ModuleType, ...]:
    """Return the modules whose functions compiled code may call."""
    packages = (operations, sorts)
    names = (
        found.name for package in packages for found in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    )
    return (threads, loops, *map(importlib.import_module, sorted(names)))


@cache
def _replace_steps() -> None:
    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415 - these import Numba

    vector.register()
    overloads.register(OPTIONS | {"forceinline": True})


@cache
def _register_jitable(module: ModuleType) -> None:
    from numba.extending import register_jitable  # noqa: PLC0415 - it imports Numba

    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415 - these import Numba, too

    for name, function in inspect.getmembers(module, inspect.isfunction):
        is_replaced = function in overloads.REPLACED or (module is blocks and name in vector.STEPS)
        if function.__module__ == module.__name__ and not is_replaced:
            register_jitable(**OPTIONS, forceinline=function not in NOT_INLINED)(function)
