"""What a target is: one sort, as one range of Go releases runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.gosort.errors import InvalidTarget

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.gosort.operations.blocks import Scratch
    from worstsort.gosort.operations.compare import Adversary, Data, Work

_NAME = r"[a-z0-9][a-z0-9._-]{0,39}"
"""Names stand in run ids, keys of the leaderboard and file names."""

NOT_IN_GO = "not in Go"


@dataclass(frozen=True)
class Target:
    """A sort whose comparisons can be counted.

    Attributes:
        name: Lower-case letters, digits, dots, dashes and underscores, at most 40.
        sort: Sorts `data` by calling `less` and `swap`; given scratch, it counts in its fast form if it has one.
        versions: The Go releases that run it: "all", "Go 1.12 to 1.18", "Go 1.24 and newer", or NOT_IN_GO.
        source: Where the sort stands in Go's sources.
        evidence: What the range of versions rests on.
        has_fast_form: Whether `sort` takes scratch.

    Raises:
        InvalidTarget: The name is malformed, or `sort` cannot be called.
    """

    name: str
    sort: Callable[[Data, Work, Adversary | None, Scratch | None], None]
    versions: str = NOT_IN_GO
    source: str = ""
    evidence: str = ""
    has_fast_form: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not re.fullmatch(_NAME, self.name):
            raise InvalidTarget(
                f"target name {str(self.name)[:60]!r}: allowed are a-z, 0-9, '.', '-' and '_', at most 40"
            )
        if not callable(self.sort):
            raise InvalidTarget(f"target {self.name}: its sort cannot be called")
