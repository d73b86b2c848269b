"""Every target there is; a new sort is one module, named here."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.errors import UnknownTarget
from worstsort.gosort.sorts import heap, pdq, quick, stable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort.gosort.target import Target

TARGETS: Mapping[str, Target] = MappingProxyType(
    {target.name: target for module in (quick, pdq, stable, heap) for target in module.TARGETS}
)

ALIASES: Mapping[str, str] = MappingProxyType({"pdqsort": "go1.24"})
"""Other names of targets. A target is named after the first Go release that has it; these are read, never written."""


def find_target(name: str) -> Target:
    """Return the target of that name or alias; raises UnknownTarget, which lists all names."""
    if isinstance(name, str) and (target := TARGETS.get(ALIASES.get(name, name))):
        return target
    raise UnknownTarget(f"unknown target {name!r}: it must be one of {', '.join(TARGETS)}")
