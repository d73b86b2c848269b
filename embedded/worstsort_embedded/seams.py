"""The places where the embedded cloud takes hold of moto. moto is pinned; an upgrade that moves one fails at start."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable


class Seams(ExitStack):
    """Replacements of moto's functions; leaving the context puts the originals back."""

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put make(original) where a class or module of moto defines this name; refuse if it does not."""
        if not hasattr(owner, name):
            raise EmbeddedCloudError(
                f"moto's {getattr(owner, '__qualname__', owner.__name__)} has no {name}: "
                "the embedded cloud needs exactly the version of moto that pyproject.toml names"
            )
        inherited, original = name not in vars(owner), getattr(owner, name)
        setattr(owner, name, make(original))
        if inherited:
            self.callback(delattr, owner, name)
        else:
            self.callback(setattr, owner, name, original)
