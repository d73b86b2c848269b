"""Several children of one sort, among which the rows of a population are shared."""

from __future__ import annotations

import select
import weakref
from typing import TYPE_CHECKING

import numpy as np

from worstsort.foreign.playing.child import Child, ChildEnded
from worstsort.foreign.playing.room import Need
from worstsort.gosort.compiled.threads import MIN_ITEMS_PER_THREAD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.foreign.limits import Limits
    from worstsort.foreign.playing.child import Code

_POLL_SECONDS = 0.05

_BATCH_BYTES = 4 * 2**20
"""What a child is given at once, at most: enough to work on for a while, small enough to share."""

_BATCHES_PER_CHILD = 4
"""Into so many batches rows are cut for each child, so that all end together."""


class Stopped(Exception):
    """A sort was found out while it was played.

    Attributes:
        child: The child that it was played by, whose memory says how far it came.
        first: The row with which the child's batch began.
        ended: Why the child is no more; None if it is, and a verdict was not clean.
    """

    def __init__(self, child: Child, first: int, ended: ChildEnded | None) -> None:
        self.child, self.first, self.ended = child, first, ended
        super().__init__(str(ended))


class Crew:
    """Children that are kept from call to call."""

    def __init__(self, code: Code, limits: Limits, stack_bytes: int | None = None) -> None:
        """Give the sort a stack of that size, by default the one in the limits."""
        self._code, self._limits, self._stack_bytes = code, limits, stack_bytes
        self._children: list[Child] = []
        self._need: Need | None = None
        weakref.finalize(self, _end, self._children)  # at the latest when this process exits

    def play(self, form: int, rows: NDArray[np.integer], size: int, threads: int) -> NDArray[np.int64]:
        """Play every row; return the comparisons of each.

        Raises:
            Stopped: The sort was found out.
            ChildEnded: It could not be loaded.
        """
        counts = np.zeros(len(rows), np.int64)
        workers = max(1, min(threads, len(rows), len(rows) * size // MIN_ITEMS_PER_THREAD))
        row_bytes = max(1, rows.shape[1] * rows.itemsize)
        parts = workers * _BATCHES_PER_CHILD if workers > 1 else 1
        step = max(1, min(-(-len(rows) // parts), _BATCH_BYTES // row_bytes))
        waiting = list(range(0, len(rows), step))[::-1]
        idle, busy = self._hire(workers, Need.of(form, rows[:step], size)), dict[Child, int]()
        while waiting or busy:
            while waiting and idle:
                child, first = idle.pop(), waiting.pop()
                child.send(form, rows[first : first + step], size)
                busy[child] = first
            for child in self._answered(busy):
                first = busy.pop(child)
                batch, verdicts = child.receive()
                counts[first : first + len(batch)] = batch
                if verdicts.any():
                    raise Stopped(child, first, None)
                idle.append(child)
        return counts

    @property
    def first(self) -> Child:
        """The child that plays where one is enough."""
        return self._children[0]

    def close(self) -> None:
        """End all children."""
        self._need = None
        _end(self._children)

    def _hire(self, workers: int, need: Need) -> list[Child]:
        """Return as many children as are wanted, with room for what is needed."""
        if any(child.is_inherited for child in self._children):
            self.close()
        if self._need is not None and not self._need.holds(need):
            need = need.with_(self._need)
            self.close()
        self._need = self._need or need
        while len(self._children) < workers:
            self._children.append(Child(self._code, self._need, self._limits, self._stack_bytes))
        return self._children[:workers]

    def _answered(self, busy: dict[Child, int]) -> list[Child]:
        """Wait for answers, a while at most, and return who has given one."""
        select.select(list(busy), [], [], _POLL_SECONDS)
        answered = []
        for child, first in busy.items():
            try:
                if child.is_ready(0):
                    answered.append(child)
                else:
                    child.watch()
            except ChildEnded as ended:
                raise Stopped(child, first, ended) from ended
        return answered


def _end(children: list[Child]) -> None:
    """End children, and forget them; those of the process that this one was forked from live on."""
    while children:
        children.pop().close()
