"""Keeps machine code on disk, under NUMBA_CACHE_DIR or where Numba finds a writable folder.

Numba's own cache would take a closure over a sort for a new function in each process, and would not notice that a
helper has changed. Here a kernel is found by its name, and a digest of all its sources tells whether it is still good.
Of several processes that miss the same kernel, such as the islands of a machine's first run, one makes it.
"""

# mypy: disable-error-code="no-untyped-call"
# Numba's inner interfaces have no types.

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    UserProvidedCacheLocator,
)

from worstsort.machine_code import announcements
from worstsort.machine_code.turns import Turn

if TYPE_CHECKING:
    from types import ModuleType


def keep(loop: Any, name: str, sources: tuple[ModuleType, ...], function: Any = None) -> None:
    """Give a compiled loop a place on disk, unless no folder can be written or read, or a source has no file.

    Args:
        loop: What `numba.njit` returned, or a callback that is still to be compiled.
        name: Of the kernel's files.
        sources: The modules whose functions end up in its machine code.
        function: What is compiled, if `loop` does not say it as `py_func`.
    """
    digest = _digest(sources)
    if digest is None:
        return
    try:
        on_disk = _KernelCache(function or loop.py_func)
    except RuntimeError:  # Numba finds no folder to write to
        return
    on_disk.kernel = name
    on_disk.turn = Turn(Path(on_disk.cache_path) / f"{name}.lock")
    on_disk._cache_file = _KernelFile(on_disk.cache_path, name, digest)  # noqa: SLF001 - Numba has no other way
    loop._cache = on_disk  # noqa: SLF001


@cache
def _digest(sources: tuple[ModuleType, ...]) -> str | None:
    """Return a digest of all sources; None if one has no file, as in an interactive session."""
    digest = hashlib.sha256()
    for module in sources:
        path = Path(getattr(module, "__file__", None) or "")
        if not path.is_file():
            return None
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Folder(UserProvidedCacheLocator):
    """The folder in NUMBA_CACHE_DIR, which may be read-only, as in an image."""

    def ensure_cache_path(self) -> None:
        if not Path(self.get_cache_path()).is_dir():
            super().ensure_cache_path()


class _Place(CompileResultCacheImpl):
    _locator_classes = [_Folder, *CompileResultCacheImpl._locator_classes]  # noqa: RUF012, SLF001 - Numba has it so


class _KernelCache(FunctionCache):
    """A cache of one function's machine code by the types of its arguments."""

    _impl_class = _Place
    kernel = ""
    turn: Turn

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (sig, codegen.magic_tuple())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = self._read(sig, target_context)
        if found is None:
            announcements.announce(self.kernel)
            self.turn.take()
            found = self._read(sig, target_context)  # who had the turn before may have made it
            if found is not None:
                self.turn.give_back()
        return found

    def _read(self, sig: Any, target_context: Any) -> Any:
        with suppress(Exception):  # damaged code, or code that names what this version no longer has, is compiled anew
            return super().load_overload(sig, target_context)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError:  # a full or vanished disk costs the next process a compilation, not this one its result
            self.disable()
        finally:
            self.turn.give_back()


class _KernelFile(IndexDataCacheFile):
    """The index of a kernel's files; one that cannot be read counts as empty."""

    def _load_index(self) -> Any:
        with suppress(Exception):
            return super()._load_index()
        return {}
