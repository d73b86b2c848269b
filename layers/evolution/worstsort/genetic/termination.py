"""When an island has evolved enough. A termination gives its reason in plain words, or None to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from worstsort.genetic.state import IslandState

Termination: TypeAlias = Callable[["IslandState"], str | None]


def never(_state: IslandState) -> None:
    """Go on."""


def stalled(generations: int) -> Termination:
    """Stop when the best individual has not improved for so many generations."""

    def check(state: IslandState) -> str | None:
        return f"no improvement in {generations} generations" if state.stall >= generations else None

    return check


def any_of(*terminations: Termination) -> Termination:
    """Stop as soon as one of these does, for the first one's reason."""

    def check(state: IslandState) -> str | None:
        return next((reason for stop in terminations if (reason := stop(state))), None)

    return check
