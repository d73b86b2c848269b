"""Imports what is used when it is first used, so that nobody pays for what is not needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


def names(
    package: str, homes: Mapping[str, Collection[str]], always: Collection[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the functions `__getattr__` and `__dir__` of a package (PEP 562).

    Args:
        package: Its name.
        homes: The names that each module holds; `new_name=name` offers one under another name.
        always: Names that the package defines itself.
    """
    found = {
        offered.partition("=")[0]: (module, offered.rpartition("=")[2])
        for module, held in homes.items()
        for offered in held
    }

    def get(name: str) -> Any:
        if name not in found:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, original = found[name]
        return getattr(import_module(module), original)

    return get, lambda: sorted({*found, *always})


def module(name: str) -> Any:
    """Return what stands for a module, and imports it when something of it is first asked for.

    Args:
        name: Its full name. Import it under TYPE_CHECKING too, so that its types are known.
    """
    return _Module(name)


class _Module:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)
