"""Sorts by the names that Go programmers call them: a function, a release, or both, as in `go1.22:slices.Sort`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from worstsort.gosort.go_releases import NEWEST_CHECKED_MINOR, OLDEST_CHECKED_MINOR

if TYPE_CHECKING:
    from collections.abc import Mapping

SORT, STABLE = "sort.Sort", "sort.Stable"
"""The two sorts of Go's library; all other functions make the same comparisons as one of them."""


@dataclass(frozen=True)
class GoFunction:
    """A function of Go's library that sorts.

    Attributes:
        name: With its package, e.g. `slices.Sort`.
        since: The minor version of the first release that has it, or the oldest one that was checked.
        sort: The function that makes the same comparisons: SORT or STABLE.
        evidence: What that rests on.
    """

    name: str
    since: int
    sort: str
    evidence: str


_SLICES_MINOR = 21
"""Go 1.21 brought package slices (go.dev/doc/go1.21#slices)."""

_COUNTED = "real Go's calls of its comparison, counted"
_COUNTED_IN_A_COPY = "real Go's source, compiled with its comparison counted, as no caller sees it"
_READ = "Go's source: it calls slices.Sort from 1.22 on, sort.Sort before"

FUNCTIONS: Mapping[str, GoFunction] = MappingProxyType({
    function.name: function
    for function in (
        GoFunction(SORT, OLDEST_CHECKED_MINOR, SORT, _COUNTED),
        GoFunction("sort.Slice", OLDEST_CHECKED_MINOR, SORT, _COUNTED),
        GoFunction("sort.Ints", OLDEST_CHECKED_MINOR, SORT, _READ),
        GoFunction("sort.Strings", OLDEST_CHECKED_MINOR, SORT, _READ),
        GoFunction("sort.Float64s", OLDEST_CHECKED_MINOR, SORT, _READ),
        GoFunction("slices.Sort", _SLICES_MINOR, SORT, _COUNTED_IN_A_COPY),
        GoFunction("slices.SortFunc", _SLICES_MINOR, SORT, _COUNTED),
        GoFunction(STABLE, OLDEST_CHECKED_MINOR, STABLE, _COUNTED),
        GoFunction("sort.SliceStable", OLDEST_CHECKED_MINOR, STABLE, _COUNTED),
        GoFunction("slices.SortStableFunc", _SLICES_MINOR, STABLE, _COUNTED),
    )
})  # fmt: skip
"""All functions that a target can be named after; tests/oracle holds each to real Go."""

_NAME = re.compile(
    r"(?:go1\.(?P<minor>[0-9]{1,4})(?:(?:\.|rc|beta)[0-9]{1,3})?)?(?P<both>:)?(?P<function>[A-Za-z0-9.]*)"
)


@dataclass(frozen=True)
class GoCall:
    """A function as a release has it; str() says it as a person would."""

    function: GoFunction
    minor: int

    def __str__(self) -> str:
        return f"{self.function.name} of Go 1.{self.minor}"


def parse_call(name: str) -> GoCall | None:
    """Return what a name such as `go1.22`, `slices.Sort` or `go1.22:sort.Stable` calls, or None if it calls nothing.

    A release alone means its sort.Sort, a function alone the newest release that was checked.
    """
    found = _NAME.fullmatch(name)
    if not name or found is None or bool(found["both"]) is not bool(found["minor"] and found["function"]):
        return None
    function = FUNCTIONS.get(found["function"] or SORT)
    return GoCall(function, int(found["minor"] or NEWEST_CHECKED_MINOR)) if function else None


def unknown_of(call: GoCall) -> str | None:
    """Return why the comparisons of a call are not known, or None if they are."""
    if call.minor < OLDEST_CHECKED_MINOR:
        return f"Go 1.{call.minor} is older than Go 1.{OLDEST_CHECKED_MINOR}, the oldest release that was checked"
    if call.minor > NEWEST_CHECKED_MINOR:
        newest = f"Go 1.{NEWEST_CHECKED_MINOR}"
        return (
            f"Go 1.{call.minor} is newer than {newest}, the newest release that was checked; "
            f"if its sorts are those of {newest}, name that"
        )
    if call.minor < call.function.since:
        return f"Go has {call.function.name} since 1.{call.function.since}"
    return None
