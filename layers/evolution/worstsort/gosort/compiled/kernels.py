"""Compiles the sorts with Numba, where it is installed, each at its first use.

The sorts are plain functions that call each other. Registered as jitable, they stay plain for Python, and compiled code
may call them. Only the loops of `loops` are compiled as entry points and kept on disk.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from worstsort.gosort import operations, sorts
from worstsort.gosort.compiled import loops, threads
from worstsort.gosort.operations import blocks, partial_order, segment_order
from worstsort.gosort.sorts import heap_fast, pdq_planned, pdq_refined
from worstsort.machine_code import compilation
from worstsort.machine_code.compilation import COMPILING, OPTIONS

if TYPE_CHECKING:
    from types import ModuleType

    from worstsort.gosort.target import Target

Kernel = Callable[..., Any]
NOT_INLINED = (
    *(partial_order.relate, segment_order.relate, heap_fast.empty_heaps, heap_fast.build),
    *(pdq_planned.divide, pdq_planned.sort_short, pdq_planned.play_from),
    *(pdq_refined.follow, pdq_refined.tune, pdq_refined.note, pdq_refined.restore, pdq_refined.draw),
)
"""Inlined, these would be repeated at each call and leave too few registers to the code around them."""


@cache
def kernel(make: Callable[[Callable[..., Any]], Kernel], target: Target) -> Kernel:
    """Compile the loop that `make` builds around the target's sort, or read its machine code from disk."""
    from numba import njit  # noqa: PLC0415 - importing Numba takes longer than most callers run
    from numba.extending import register_jitable  # noqa: PLC0415 - it imports Numba, too

    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415 - these import Numba, too
    from worstsort.machine_code import kernel_cache, parts  # noqa: PLC0415 - these import Numba, too

    with COMPILING:
        make_callable()
        home = sys.modules.get(target.sort.__module__ or "")
        known = dict.fromkeys((*modules(), *([home] if home else ())))
        for module in known:
            _register_jitable(module)
        if home is None:  # the sort was made by exec, as in a notebook's or a document's test
            register_jitable(**OPTIONS, pipeline_class=parts.PartCompiler)(target.sort)
        loop = njit(**OPTIONS)(make(target.sort))
        if home is not None:
            sources = (compilation, parts, sys.modules[__name__], vector, overloads, *known)
            kernel_cache.keep(loop, f"{make.__name__}-{target.name}", sources)
    return loop  # type: ignore[no-any-return]


def make_callable() -> None:
    """Let compiled code call the functions of `modules`."""
    _replace_steps()
    for module in modules():
        _register_jitable(module)


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return the modules whose functions compiled code may call."""
    packages = (operations, sorts)
    names = (
        found.name for package in packages for found in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    )
    return (threads, loops, *map(importlib.import_module, sorted(names)))


@cache
def _replace_steps() -> None:
    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415 - these import Numba
    from worstsort.machine_code.parts import PartCompiler  # noqa: PLC0415 - the same

    vector.register()
    overloads.register(OPTIONS | {"forceinline": True, "pipeline_class": PartCompiler})


@cache
def _register_jitable(module: ModuleType) -> None:
    from numba.extending import register_jitable  # noqa: PLC0415 - it imports Numba

    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415 - these import Numba, too
    from worstsort.machine_code.parts import PartCompiler  # noqa: PLC0415 - the same

    for name, function in inspect.getmembers(module, inspect.isfunction):
        is_replaced = function in overloads.REPLACED or (module is blocks and name in vector.STEPS)
        if function.__module__ == module.__name__ and not is_replaced:
            inlined = function not in NOT_INLINED
            register_jitable(**OPTIONS, forceinline=inlined, pipeline_class=PartCompiler)(function)
