"""When an island has evolved enough. A termination gives its reason in plain words, or None to continue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from worstsort.genetic.state import IslandState

Termination: TypeAlias = Callable[["IslandState"], str | None]


def never(_state: IslandState) -> None:
    """Continue."""


def stalled(generations: int) -> Termination:
    """Stop when neither the best individual nor the polished list has improved for this many generations."""

    def check(state: IslandState) -> str | None:
        since = state.generation - state.record_generation
        return f"no improvement in {generations} generations" if since >= generations else None

    return check
