"""Who hears that a kernel is about to be compiled, which takes seconds."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_listeners: list[Callable[[str], None]] = []


@contextmanager
def announced_to(listener: Callable[[str], None]) -> Iterator[None]:
    """Call a function with a kernel's name before its machine code is made, while the context lasts.

    Raised from it, an exception takes the place of the compilation.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def announce(name: str) -> None:
    """Say that no machine code of a kernel was found on disk, and that it is made now."""
    for listener in _listeners:
        listener(name)
