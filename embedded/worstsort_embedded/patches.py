"""The places where the embedded cloud takes hold of moto. moto is pinned; an upgrade that moves one fails at start."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable


class Patches(ExitStack):
    """Replacements inside moto; leaving the context puts the originals back."""

    def replace(self, owner: Any, name: str, value: Any) -> None:
        """Put a value where a class or module of moto has this name; refuse if it has not."""
        if not hasattr(owner, name):
            raise EmbeddedCloudError(
                f"moto's {owner.__name__} has no {name}: the embedded cloud needs the version of moto that "
                "pip install 'worstsort[embedded]' brings"
            )
        if name in vars(owner):
            self.callback(setattr, owner, name, vars(owner)[name])
        else:
            self.callback(delattr, owner, name)
        setattr(owner, name, value)

    def wrap(self, owner: Any, name: str, function: Callable[..., Any]) -> None:
        """Call a function instead of one of moto's, with moto's as its first argument."""
        original = getattr(owner, name, None)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return function(original, *args, **kwargs)

        self.replace(owner, name, wrapper)
