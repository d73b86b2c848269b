"""The releases of Go that run a target, as minor versions: 12 stands for Go 1.12."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.gosort.target import NOT_IN_GO

if TYPE_CHECKING:
    from worstsort.gosort import Target

MIN_MINOR, MAX_MINOR = -1, 10_000
"""Ends of a range that is open there; an unknown release counts as -1."""


@dataclass(frozen=True)
class Releases:
    """Go 1.`first` to Go 1.`last`, both included."""

    first: int
    last: int

    def __contains__(self, minor: int) -> bool:
        return self.first <= minor <= self.last


def releases(target: Target) -> Releases:
    """Parse `target.versions`: "Go 1.12 to 1.18", "Go 1.24 and newer", "all" or NOT_IN_GO.

    Raises:
        ValueError: It says something else.
    """
    if target.versions == NOT_IN_GO:
        return Releases(1, 0)
    if target.versions == "all":
        return Releases(MIN_MINOR, MAX_MINOR)
    found = re.fullmatch(r"Go 1\.(\d+) (?:to 1\.(\d+)|and newer)", target.versions)
    if found is None:
        raise ValueError(f"target {target.name}: versions {target.versions!r} name no range of Go releases")
    return Releases(int(found[1]), int(found[2] or MAX_MINOR))


def minor_version(release: str) -> int | None:
    """Find the minor version in the output of `go version`, e.g. 19 for `go1.19.8`; None if it has none."""
    found = re.search(r"\bgo1\.(\d+)", release)
    return int(found[1]) if found else None
