"""Releases of Go, as minor versions: 12 stands for Go 1.12."""

from __future__ import annotations

import re
from dataclasses import dataclass

NOT_IN_GO = "not in Go"
ALL_RELEASES = "all"

MIN_MINOR, MAX_MINOR = -1, 10_000
"""Ends of a range that is open there; an unknown release counts as -1."""

OLDEST_CHECKED_MINOR, NEWEST_CHECKED_MINOR = 12, 27
"""The releases whose sorts the targets were held to: from the oldest quickSort that they transcribe to Go 1.27."""


@dataclass(frozen=True)
class Releases:
    """Go 1.`first` to Go 1.`last`, both included."""

    first: int
    last: int

    def __contains__(self, minor: int) -> bool:
        return self.first <= minor <= self.last


def parse_releases(versions: str) -> Releases:
    """Parse "Go 1.12 to 1.18", "Go 1.24 and newer", "all" or NOT_IN_GO.

    Raises:
        ValueError: It says something else.
    """
    if versions == NOT_IN_GO:
        return Releases(1, 0)
    if versions == ALL_RELEASES:
        return Releases(MIN_MINOR, MAX_MINOR)
    found = re.fullmatch(r"Go 1\.(\d+) (?:to 1\.(\d+)|and newer)", versions)
    if found is None:
        raise ValueError(f"versions {versions!r} name no range of Go releases")
    return Releases(int(found[1]), int(found[2] or MAX_MINOR))


def minor_version(release: str) -> int | None:
    """Find the minor version in the output of `go version`, e.g. 19 for `go1.19.8`; None if it has none."""
    found = re.search(r"\bgo1\.(\d+)", release)
    return int(found[1]) if found else None
