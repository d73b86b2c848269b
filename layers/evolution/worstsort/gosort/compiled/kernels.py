"""Compiles the sorts with Numba, where it is installed, at the first use of each.

The sorts are plain functions that call each other. Registered as jitable, they stay plain for Python, and compiled code
may call them. Only the loops of `loops` are compiled as entry points and kept on disk.
"""

# mypy: disable-error-code="no-untyped-call"
# Numba's inner interfaces have no types.

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from worstsort.gosort.compiled import loops, threads
from worstsort.gosort.operations import blocks, compare, partial_order
from worstsort.gosort.sorts import (
    heap,
    heap_fast,
    insertion,
    pdq,
    pdq_fast,
    pdq_steps,
    quick,
    quick_fast,
    quick_steps,
    stable,
)

if TYPE_CHECKING:
    from types import ModuleType

    from worstsort.gosort.target import Target

Kernel = Callable[..., Any]
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False, "_nrt": False}
SOURCES = (
    blocks,
    compare,
    heap,
    heap_fast,
    insertion,
    partial_order,
    pdq,
    pdq_fast,
    pdq_steps,
    quick,
    quick_fast,
    quick_steps,
    threads,
    stable,
)
# Inlined, these would be there once more at each call, and leave too few registers to what is around them.
NOT_INLINED = (partial_order.relate, heap_fast.empty_heaps, heap_fast.build)
_compiling = Lock()


@cache
def available() -> bool:
    """Say whether Numba is installed, without importing it."""
    return importlib.util.find_spec("numba") is not None


@cache
def kernel(make: Callable[[Callable[..., Any]], Kernel], target: Target) -> Kernel:
    """Compile the loop that `make` builds around the target's sort, or read its machine code from disk."""
    from numba import njit  # noqa: PLC0415 - importing Numba takes longer than most callers run

    with _compiling:
        _replace_steps()
        modules = (*SOURCES, *({sys.modules[target.sort.__module__]} - set(SOURCES)))
        for module in modules:
            _register_jitable(module)
        loop = njit(**OPTIONS)(make(target.sort))
        _keep_on_disk(loop, f"{make.__name__}-{target.name}", _source_digest(modules))
    return loop  # type: ignore[no-any-return]


@cache
def _replace_steps() -> None:
    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415

    vector.register()
    overloads.register(OPTIONS | {"forceinline": True})


@cache
def _register_jitable(module: ModuleType) -> None:
    from numba.extending import register_jitable  # noqa: PLC0415

    from worstsort.gosort.compiled import overloads, vector  # noqa: PLC0415

    for name, function in inspect.getmembers(module, inspect.isfunction):
        replaced = function in overloads.REPLACED or (module is blocks and name in vector.STEPS)
        if function.__module__ == module.__name__ and not replaced:
            register_jitable(**OPTIONS, forceinline=function not in NOT_INLINED)(function)


def _keep_on_disk(loop: Any, name: str, sources: str) -> None:
    """Give a compiled loop a cache on disk, under NUMBA_CACHE_DIR or where Numba finds a writable folder; else none.

    Numba's own cache would take a closure over a sort for a new one in each process, and would not see that a helper
    changed.
    """
    from numba.core import caching  # noqa: PLC0415

    class Folder(caching.UserProvidedCacheLocator):
        def ensure_cache_path(self) -> None:
            if not Path(self.get_cache_path()).is_dir():  # one that can only be read, as in an image, will do
                super().ensure_cache_path()

    class Place(caching.CompileResultCacheImpl):
        _locator_classes = [Folder, *caching.CompileResultCacheImpl._locator_classes]  # noqa: RUF012, SLF001 - as Numba has it

    class KernelCache(caching.FunctionCache):
        _impl_class = Place

        def _index_key(self, sig: Any, codegen: Any) -> Any:
            return (sig, codegen.magic_tuple())

        def load_overload(self, sig: Any, target_context: Any) -> Any:
            with suppress(Exception):  # what is damaged, or names what this version no longer has, is compiled anew
                return super().load_overload(sig, target_context)
            return None

        def save_overload(self, sig: Any, data: Any) -> None:
            try:
                super().save_overload(sig, data)
            except OSError:  # a full or vanished disk costs the next process a compilation, not this one its result
                self.disable()

    class KernelFile(caching.IndexDataCacheFile):
        def _load_index(self) -> Any:
            with suppress(Exception):
                return super()._load_index()
            return {}

    try:
        on_disk = KernelCache(loop.py_func)
    except RuntimeError:  # no writable folder anywhere
        return
    on_disk._cache_file = KernelFile(on_disk.cache_path, name, sources)  # noqa: SLF001
    loop._cache = on_disk  # noqa: SLF001


@cache
def _source_digest(modules: tuple[ModuleType, ...]) -> str:
    """Name the state of all sources that end up in machine code."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    replacing = (Path(__file__), folder / "vector.py", folder / "overloads.py")
    for path in [*replacing, *(Path(module.__file__ or "") for module in (loops, *modules))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
