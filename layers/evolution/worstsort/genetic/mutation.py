"""Mutation of children, and how many of them mutate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from worstsort.genetic.arrays import Genomes, Indices

if TYPE_CHECKING:
    from worstsort.genetic.representation import Representation
    from worstsort.genetic.streams import Streams

Mutation: TypeAlias = Callable[[Genomes, Indices, "Representation", "Streams"], None]
"""(children, rows, representation, streams): changes the given rows of children, a buffer that nobody else has seen."""


@dataclass(frozen=True)
class MutationRatio:
    """How many children are mutated: one in `ratio`.

    The ratio falls by one in each generation that brings no improvement, so that a stalled population is stirred more
    and more, and starts again at an improvement.

    Attributes:
        start: Where it starts; 1 mutates every child.
        floor: Where it stops falling; the same as start keeps it constant.
    """

    start: int
    floor: int = 1

    def after(self, ratio: int, *, improved: bool) -> int:
        """Return the ratio for the next generation."""
        return self.start if improved else max(self.floor, ratio - 1)


def index(children: Genomes, rows: Indices, representation: Representation, streams: Streams) -> None:
    """Replace one gene by a fresh one."""
    columns = streams.below(children.shape[1], "index mutation", rows)[:, 0]
    children[rows, columns] = representation.draw(streams.bits("index mutation gene", rows)[:, 0])
