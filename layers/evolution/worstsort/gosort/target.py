"""What a target is: one sort, as one range of Go releases runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort.gosort.errors import InvalidTarget, TargetAbsent
from worstsort.gosort.foreign_names import is_foreign
from worstsort.gosort.go_releases import ALL_RELEASES, NOT_IN_GO, Releases, parse_releases

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.gosort.operations.blocks import Scratch
    from worstsort.gosort.operations.compare import Adversary, Data, Work
    from worstsort.gosort.player import Player

_NAME = r"[a-z0-9][a-z0-9._-]{0,39}"
"""Names stand in run ids, keys of the leaderboard and file names."""


@dataclass(frozen=True)
class Target:
    """A sort whose comparisons can be counted.

    Attributes:
        name: Lower-case letters, digits, dots, dashes and underscores, at most 40.
        sort: Sorts `data` by calling `less` and `swap`; given scratch, it counts in its fast form if it has one.
        function: What Go programmers call it: the function of Go's library, or words for a part of one.
        versions: The Go releases that run it: "all", "Go 1.12 to 1.18", "Go 1.24 and newer", or NOT_IN_GO.
        source: Where the sort stands in Go's sources.
        evidence: What the range of versions rests on.
        has_fast_form: Whether `sort` takes scratch.
        player: Plays the sort where it is a foreign one, which `sort` then cannot be.

    Raises:
        InvalidTarget: The name or `versions` is malformed, or `sort` cannot be called.
    """

    name: str
    sort: Callable[[Data, Work, Adversary | None, Scratch | None], None]
    function: str = ""
    versions: str = NOT_IN_GO
    source: str = ""
    evidence: str = ""
    has_fast_form: bool = False
    player: Player | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not (re.fullmatch(_NAME, self.name) or is_foreign(self.name)):
            raise InvalidTarget(
                f"target name {str(self.name)[:60]!r}: allowed are a-z, 0-9, '.', '-' and '_', at most 40"
            )
        if not callable(self.sort):
            raise InvalidTarget(f"target {self.name}: its sort cannot be called")
        try:
            parse_releases(self.versions)
        except ValueError as error:
            raise InvalidTarget(f"target {self.name}: {error}") from error

    @property
    def releases(self) -> Releases:
        """The Go releases that run it; none for a sort that is not Go's."""
        return parse_releases(self.versions)

    @property
    def title(self) -> str:
        """What a person calls it, e.g. `sort.Sort of Go 1.24 and newer`; its name if it is not Go's."""
        if not self.function or self.versions == NOT_IN_GO:
            return self.name
        return f"{self.function} of {'every Go release' if self.versions == ALL_RELEASES else self.versions}"


def absent(name: str) -> Target:
    """Return a foreign target of which nothing but the name is at hand: it can be shown, and not counted."""

    def refuse(*_: Any) -> None:
        raise TargetAbsent(name)

    return Target(name, refuse)
