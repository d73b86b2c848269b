"""All targets by name: those of Go, and those that a program or an installed package registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from worstsort import plugins
from worstsort.gosort.errors import InvalidTarget, UnknownTarget
from worstsort.gosort.sorts import heap, pdq, quick, stable
from worstsort.gosort.target import Target
from worstsort.gosort.validation import describe

ENTRY_POINT_GROUP = "worstsort.targets"
"""Entry points of packages that bring sorts; each names a `Target`."""

ALIASES: Mapping[str, str] = MappingProxyType({"pdqsort": "go1.24"})
"""Other names of targets, accepted wherever one is read. A target is named after the first Go release that has it."""


class Targets(Mapping[str, Target]):
    """All targets by name: a live, read-only view, which `register` extends. An alias is found, but not listed."""

    def __init__(self, targets: Mapping[str, Target]) -> None:
        self._targets = dict(targets)
        self._has_loaded = False

    def __getitem__(self, name: str) -> Target:
        name = ALIASES.get(name, name)
        if name not in self._targets:
            self._load_installed()
        return self._targets[name]

    def __iter__(self) -> Iterator[str]:
        self._load_installed()
        return iter(self._targets)

    def __len__(self) -> int:
        self._load_installed()
        return len(self._targets)

    def __repr__(self) -> str:
        return f"<targets: {', '.join(self)}>"

    def __setitem__(self, name: str, target: Target) -> None:
        raise TypeError("this view is read-only; call worstsort.gosort.register(target)")

    def _load_installed(self) -> None:
        if self._has_loaded:
            return
        self._has_loaded = True  # first: loading may look targets up
        for name, target in plugins.load(ENTRY_POINT_GROUP):
            try:
                self.add(target)
            except InvalidTarget as error:
                plugins.warn(ENTRY_POINT_GROUP, name, f"is no target that can be added: {error}")

    def add(self, target: Target) -> None:
        """Add a target; see `register`."""
        if not isinstance(target, Target):
            raise InvalidTarget(f"expected a Target, got {describe(target)}")
        known = self._targets.get(ALIASES.get(target.name, target.name))
        if known is not None and known != target:
            raise InvalidTarget(f"the name {target.name!r} is taken; targets are {', '.join(self._targets)}")
        self._targets[target.name] = target


TARGETS = Targets({target.name: target for module in (quick, pdq, stable, heap) for target in module.TARGETS})


def register(target: Target) -> Target:
    """Add a target from outside the package and return it; adding it again changes nothing.

    Raises:
        InvalidTarget: It is not a Target, or its name or alias belongs to another one.
    """
    TARGETS.add(target)
    return target


def find_target(name: str) -> Target:
    """Return the target of that name or alias; raises UnknownTarget, which lists all names."""
    if isinstance(name, str) and (target := TARGETS.get(name)):
        return target
    given = repr(name) if isinstance(name, str) and len(name) <= 60 else describe(name)
    raise UnknownTarget(f"unknown target {given}: it must be one of {', '.join(TARGETS)}")
