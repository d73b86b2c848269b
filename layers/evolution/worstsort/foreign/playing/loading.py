"""Plays a sort in a shared library, in the child that has loaded it."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.foreign.address import CONVENTIONS
from worstsort.foreign.playing import interpreted, loops
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.foreign.library import Library
    from worstsort.foreign.playing.room import Room

CANNOT_LOAD, TRAPPED = 70, 71
"""Exit codes of a child that could not load the sort, or whose sort did what its machine, WebAssembly's, forbids. What
it prints last says what it was."""

ABI = 1
"""The version of `worstsort.h`."""


class CannotLoad(Exception):
    """The sort cannot be loaded, or is of another version of the contract."""


class Native:
    """A function in a library that this process has loaded."""

    def __init__(self, library: Library, content: bytes | None, room: Room) -> None:
        """Load the library; raises CannotLoad, or OSError, if that fails."""
        self._room, self._convention = room, CONVENTIONS.index(library.convention)
        loaded = _loaded(library, content)
        abi = _optional(loaded, "worstsort_abi", ctypes.c_int32)
        if abi is not None and abi() != ABI:
            raise CannotLoad(f"expected version {ABI} of worstsort.h, got {abi()}")
        about = _optional(loaded, "worstsort_about", ctypes.c_char_p)
        room.say((about() or b"") if about else b"")
        self._function = ctypes.cast(getattr(loaded, library.symbol), ctypes.c_void_p).value or 0

    def play(self, form: int, rows: NDArray[Any], counts: NDArray[np.int64], verdicts: NDArray[np.int64]) -> None:
        """Play every row; see `loops.play_rows`."""
        less, loop, kept = self._loop(form)
        sort = np.array([self._function, self._convention, less, form], np.int64)
        loop(sort, rows, counts, verdicts, self._room.context, self._room.items)
        del kept

    def _loop(self, form: int) -> tuple[int, Any, Any]:
        """Return the callback's address, the loop around the sort, and what must be kept alive meanwhile."""
        if compilation.available():
            from worstsort.foreign.playing import compiled  # noqa: PLC0415 - compiled before this process was forked

            return compiled.callbacks(self._convention)(form), compiled.loop(form), None
        made = interpreted.callback(self._convention, form, self._room.context)
        return interpreted.address(made), loops.play_rows, made


def _loaded(library: Library, content: bytes | None) -> ctypes.CDLL:
    if content is None:
        return ctypes.CDLL(None)
    # From memory: these are the bytes whose SHA-256 is recorded, whatever becomes of the file.
    memory = os.memfd_create(library.file)
    with os.fdopen(os.dup(memory), "wb") as file:
        file.write(content)
    loaded = ctypes.CDLL(f"/proc/self/fd/{memory}", mode=os.RTLD_NOW)
    os.close(memory)
    return loaded


def _optional(loaded: ctypes.CDLL, name: str, result: Any) -> Any:
    try:
        function = getattr(loaded, name)
    except AttributeError:
        return None
    function.restype = result
    return function
