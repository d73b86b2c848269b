"""Replacements of moto's own functions. moto is pinned: an upgrade that moves one of them fails at the start."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable


class Patches(ExitStack):
    """A context of replacements inside moto; leaving it restores the originals."""

    def replace(self, owner: Any, name: str, value: Any) -> None:
        """Replace an attribute of a class or module of moto.

        Raises:
            EmbeddedCloudError: This version of moto has no such attribute.
        """
        if not hasattr(owner, name):
            raise EmbeddedCloudError(
                f"moto's {owner.__name__} has no {name}: this is not the version of moto that the embedded cloud needs;"
                " run pip install 'worstsort[embedded]'"
            )
        if name in vars(owner):
            self.callback(setattr, owner, name, vars(owner)[name])
        else:
            self.callback(delattr, owner, name)
        setattr(owner, name, value)

    def wrap(self, owner: Any, name: str, function: Callable[..., Any]) -> None:
        """Replace a function of moto by one that takes the original as its first argument."""
        original = getattr(owner, name, None)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return function(original, *args, **kwargs)

        self.replace(owner, name, wrapper)
