"""When a population that has converged is given up for a fresh one; the best ever seen is kept in the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from worstsort.genetic.state import IslandState

Restart: TypeAlias = Callable[["IslandState"], bool]
"""Whether the next generation is a fresh population."""


def never(_state: IslandState) -> bool:
    """Go on with the population there is."""
    return False


def when_stalled(generations: int) -> Restart:
    """Restart after so many generations without improvement, then after twice as many more, and so on.

    Each fresh population so gets twice the time of the one before to pass the best ever seen. If it does, the stall
    count, and with it the time, starts again.
    """

    def check(state: IslandState) -> bool:
        attempts, rest = divmod(state.stall, generations)
        return rest == 0 and attempts > 0 and attempts & (attempts + 1) == 0

    return check
