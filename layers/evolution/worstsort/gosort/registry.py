"""Every target there is; a new sort is one module, named here."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from . import heap, pdq, quick, stable
from .errors import UnknownTarget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .target import Target

TARGETS: Mapping[str, Target] = MappingProxyType(
    {target.name: target for module in (quick, pdq, stable, heap) for target in module.TARGETS}
)


def find_target(name: str) -> Target:
    """Return the target of that name; raises UnknownTarget, which lists all names."""
    if not isinstance(name, str) or name not in TARGETS:
        raise UnknownTarget(f"unknown target {name!r}: it must be one of {', '.join(TARGETS)}")
    return TARGETS[name]
