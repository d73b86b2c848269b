"""What is said of a sort that plays elsewhere: ranks to send it, and a verdict on what it has returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.foreign.playing.context import NO_PERMUTATION, UNDECIDED, UNSORTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_RANK = 2**30


def ranks(rows: NDArray[Any]) -> NDArray[np.int32]:
    """Return values that compare as these do in 32 bits and when they are subtracted, shape (rows, size)."""
    if rows.min() >= 0 and rows.max() < _MAX_RANK:
        return rows.astype("<i4")
    return np.array([np.unique(row, return_inverse=True)[1] for row in rows], "<i4")


def gas_value(values: NDArray[Any]) -> int:
    """Return the value that items have which the adversary has not frozen: the smallest that no item has."""
    return int(np.flatnonzero(~np.isin(np.arange(len(values) + 1), values))[0])


def is_game(values: NDArray[Any]) -> bool:
    """Return whether a game can have given the items these values: distinct ones below the size, or -1 for none."""
    frozen = values[values >= 0]
    return bool(len(np.unique(frozen)) == len(frozen) and values.min() >= -1 and values.max() < len(values))


def judge(
    values: NDArray[Any], items: NDArray[Any], lows: NDArray[Any] | None, *, is_selection: bool = False
) -> NDArray[np.int64]:
    """Return what is wrong with the order in which a sort has left the items of each row, 0 if nothing is.

    Args:
        values: Of the items, shape (rows, size); -1 for none.
        items: As the sort has left them, of the same shape.
        lows: The value that items have which the game has not given any, shape (rows,); None if all have one.
        is_selection: Whether only the item in the middle has to be where it belongs.
    """
    size = values.shape[1]
    is_whole = (np.sort(items, axis=1) == np.arange(size, dtype=items.dtype)).all(axis=1)
    verdicts = np.where(is_whole, 0, NO_PERMUTATION).astype(np.int64)
    if lows is not None:
        gas = values < 0
        verdicts |= np.where(is_whole & (gas.sum(axis=1) > 1) & (not is_selection), UNDECIDED, 0)
        values = np.where(gas, lows[:, np.newaxis], values)
    places = items if is_whole.all() else np.where(is_whole[:, np.newaxis], items, 0)
    ordered = np.take_along_axis(values, places, axis=1)
    if is_selection:
        chosen, middle = ordered[:, size // 2, np.newaxis], size // 2
        is_wrong = (ordered[:, :middle] > chosen).any(axis=1) | (ordered[:, middle:] < chosen).any(axis=1)
    else:
        is_wrong = (ordered[:, 1:] < ordered[:, :-1]).any(axis=1)
    verdicts |= np.where(is_whole & is_wrong, UNSORTED, 0)
    return verdicts
