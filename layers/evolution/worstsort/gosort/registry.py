"""All targets by name: those of Go, and those that a program or an installed package registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from worstsort import plugins
from worstsort.gosort.errors import InvalidTarget, UnknownTarget
from worstsort.gosort.foreign_names import is_foreign
from worstsort.gosort.go_calls import GoCall, parse_call, unknown_of
from worstsort.gosort.go_releases import NEWEST_CHECKED_MINOR, OLDEST_CHECKED_MINOR
from worstsort.gosort.sorts import heap, pdq, quick, stable
from worstsort.gosort.target import Target, absent
from worstsort.gosort.validation import describe

ENTRY_POINT_GROUP = "worstsort.targets"
"""Entry points of packages that bring sorts; each names a `Target`."""

DEFAULT_TARGET = "go1.24"
"""The target of whoever names none: the newest Go's."""

ALIASES: Mapping[str, str] = MappingProxyType({"pdqsort": "go1.24"})
"""Other names of targets, accepted wherever one is read. A target is named after the first Go release that has it."""


MAX_SHOWN_CHARACTERS = 60
"""Longer names are described in messages, not quoted."""


class Targets(Mapping[str, Target]):
    """All targets by name: a live, read-only view, which `register` extends.

    An alias, what Go programmers call a sort (`go1.22`, `slices.Sort`), and a foreign sort are found, but not listed.
    """

    def __init__(self, targets: Mapping[str, Target]) -> None:
        self._targets = dict(targets)
        self._has_loaded = False

    def __getitem__(self, name: str) -> Target:
        name = ALIASES.get(name, name)
        if name not in self._targets:
            self._load_installed()
        if name not in self._targets:
            return absent(name) if is_foreign(name) else self._called(name)
        return self._targets[name]

    def __iter__(self) -> Iterator[str]:
        self._load_installed()
        return (name for name in self._targets if not is_foreign(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<targets: {', '.join(self)}>"

    def __setitem__(self, name: str, target: Target) -> None:
        raise TypeError("this view is read-only; call worstsort.gosort.register(target)")

    def _called(self, name: str) -> Target:
        """Return the target that makes the comparisons of a Go function; raises KeyError if that is not known."""
        call = parse_call(name)
        if call is None or unknown_of(call):
            raise KeyError(name)
        return next(target for target in self._targets.values() if _counts(target, call))

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
        known = self._targets.get(target.name) if is_foreign(target.name) else self.get(target.name)
        if known not in {None, target}:
            raise InvalidTarget(f"the name {target.name!r} is taken; targets are {', '.join(self._targets)}")
        self._targets[target.name] = target


def _counts(target: Target, call: GoCall) -> bool:
    return target.function == call.function.sort and call.minor in target.releases


TARGETS = Targets({target.name: target for module in (quick, pdq, stable, heap) for target in module.TARGETS})


def register(target: Target) -> Target:
    """Add a target from outside the package and return it; adding it again changes nothing.

    Raises:
        InvalidTarget: It is not a Target, or its name or alias belongs to another one.
    """
    TARGETS.add(target)
    return target


def find_target(name: str) -> Target:
    """Return the target of that name, which may be an alias or what Go programmers call it.

    Raises:
        UnknownTarget: There is none; it lists all names, and says what is known of that release of Go.
    """
    if not isinstance(name, str):
        raise UnknownTarget(describe(name), _allowed())
    if target := TARGETS.get(name):
        return target
    call = parse_call(name)
    known = unknown_of(call) if call else None
    given = repr(name) if len(name) <= MAX_SHOWN_CHARACTERS else describe(name)
    raise UnknownTarget(given, f"{_allowed()} ({known})" if known else _allowed())


def _allowed() -> str:
    """Return what a target may be called, short enough for a message."""
    names = ", ".join(sorted(TARGETS))
    releases = f"a release from go1.{OLDEST_CHECKED_MINOR} to go1.{NEWEST_CHECKED_MINOR}"
    return f"one of {names}, {releases}, a function of Go such as slices.Sort, or both: go1.22:sort.Stable"
