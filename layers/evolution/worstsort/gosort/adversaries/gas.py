"""McIlroy's adversary: plays it against a sort, and freezes its answers into an input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.gosort.array_validation import as_choices, as_row
from worstsort.gosort.operations.compare import LOW, STATE_SIZE, WORK_SIZE, Game, start_game
from worstsort.gosort.registry import DEFAULT_TARGET, find_target
from worstsort.gosort.validation import as_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.gosort.target import Target


def antiquicksort(size: int, target: str = DEFAULT_TARGET) -> list[int]:
    """Return Go's own killer input, a permutation of 0..size-1: what `TestAdversary` in sort_test.go freezes.

    As there, the candidate is a position and does not follow its item when that is swapped away.
    """
    return _play(find_target(target), as_size(size), (), by_position=True)[0]


def freeze(choices: Any, size: int, target: str) -> list[int]:
    """Return the input that these choices freeze, a permutation of 0..size-1.

    Args:
        choices: Shape (max(size-1, 1),), a number 0 to 3 for each comparison of two gas items, in order. Bit 0 freezes
            the item that McIlroy's rule would keep, bit 1 gives it the largest free value instead of the smallest.
        size: How many items are sorted.
        target: The sort that asks.
    """
    size = as_size(size)
    checked = as_choices(as_row(choices), size)
    return _play(find_target(target), size, checked[0].tolist(), by_position=False)[0]


def play_plain(choices: Any, size: int, target: str) -> int:
    """Count the comparisons that the target makes against these choices, in plain Python."""
    size = as_size(size)
    checked = as_choices(as_row(choices), size)
    return _play(find_target(target), size, checked[0].tolist(), by_position=False)[1]


def _play(target: Target, size: int, choices: Sequence[int], *, by_position: bool) -> tuple[list[int], int]:
    """Sort gas items; return the frozen input and the number of comparisons.

    A foreign sort shows items and no positions, so the candidate is an item, whatever `by_position` says.
    """
    if target.player is not None:
        return target.player.freeze(list(choices), size)
    data, work, state = [0] * size, [0] * WORK_SIZE, [0] * STATE_SIZE
    game = Game([0] * size, choices, state, size, by_position)
    start_game(data, game)
    target.sort(data, work, game, None)
    return [state[LOW] if value < 0 else value for value in game.values], work[0]
