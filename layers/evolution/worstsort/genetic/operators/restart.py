"""When a converged population is given up for a fresh one; the state keeps the best ever seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from worstsort.genetic.state import IslandState

Restart: TypeAlias = Callable[["IslandState"], bool]
"""From a state to whether the next generation is a fresh population."""


def never(_state: IslandState) -> bool:
    """Keep the population."""
    return False


def when_stalled(generations: int) -> Restart:
    """Restart after this many generations without improvement, then after twice as many more, and so on.

    So each fresh population gets twice as long as the one before to pass the best ever seen. If it does, the stall
    count starts again, and with it the time allowed.
    """

    def check(state: IslandState) -> bool:
        attempts, rest = divmod(state.stall, generations)
        return rest == 0 and attempts > 0 and attempts & (attempts + 1) == 0

    return check
