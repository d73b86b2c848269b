"""Counts one input in plain Python: no compiled code, and numpy only where the caller brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.gosort.operations.compare import WORK_SIZE
from worstsort.gosort.registry import DEFAULT_TARGET, find_target
from worstsort.gosort.validation import as_integers

if TYPE_CHECKING:
    from collections.abc import Sequence


def count_plain(values: Any, target: str) -> int:
    """Count the comparisons on one input in plain Python, never compiled: the independent recount.

    A foreign sort is recounted by a process of its own.

    Raises:
        InvalidInput: `values` is not a sequence of signed 64-bit integers.
        UnknownTarget: There is no such target.
    """
    chosen = find_target(target)
    data = as_integers(values)
    if chosen.player is not None:
        return chosen.player.recount(data)
    work = [0] * WORK_SIZE
    chosen.sort(data, work, None, None)
    return work[0]


def count_comparisons(values: Sequence[int], target: str = DEFAULT_TARGET) -> int:
    """Count the comparisons that the target makes to sort these integers.

    Raises:
        InvalidInput: `values` is not a sequence of signed 64-bit integers.
        UnknownTarget: There is no such target.
    """
    return count_plain(values, target)
