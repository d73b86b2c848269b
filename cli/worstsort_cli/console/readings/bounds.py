"""How close runs have come to what is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from worstsort.gosort import InvalidInput, UnknownTarget, assess
from worstsort.runs.results.standing import MAX_ASSESSED_SIZE
from worstsort_cli.console.readings.computed import Computed

if TYPE_CHECKING:
    from worstsort.gosort import Assessment


class Judged(NamedTuple):
    """A count beside the most that is proven possible.

    Attributes:
        bound: That; None where it is unknown, or not yet computed.
        share: The count's share of it.
        optimal: Whether the count is proven to be the largest.
        settled: Whether nothing of this is being computed any more.
    """

    bound: int | None = None
    share: float | None = None
    optimal: bool = False
    settled: bool = True


class Bounds:
    """The proven maxima and bounds of what is shown."""

    def __init__(self) -> None:
        self._proven = Computed(_prove)

    def judge(self, best: int | None, target: str, size: int, values: str) -> Judged:
        """Return how good a count is, with nothing as long as the bound of its size is not computed."""
        if size > MAX_ASSESSED_SIZE:
            return Judged()
        proven = self._proven.get((target, size, values))
        if not proven:
            return Judged(settled=proven is not None)
        (found,) = proven
        if best is None or found.bound is None:
            return Judged(found.bound)
        return Judged(found.bound, best / found.bound, best in (found.maximum, found.bound))


def _prove(kind: tuple[str, int, str]) -> tuple[Assessment, ...]:
    """Return what is proven for a target, size and kind of values; nothing if it cannot be said here."""
    target, size, values = kind
    try:
        return (assess(0, size, target, values),)
    except (InvalidInput, UnknownTarget):  # of another version, or a sort that is not installed here
        return ()
