"""Mutation of children, and how many of them mutate.

A mutation changes the given rows of `children`, a buffer that nothing else refers to yet, and leaves the other rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic.arrays import Genomes, Indices

if TYPE_CHECKING:
    from worstsort.genetic.representation import Representation
    from worstsort.genetic.streams import Streams

Mutation: TypeAlias = Callable[[Genomes, Indices, "Representation", "Streams"], None]
"""(children, rows, representation, streams): changes these rows of children in place."""

_NUDGED = (1, 0.45, 0.15)
"""The share of rows in which a nudge changes at least one gene, two, and three."""


@dataclass(frozen=True)
class MutationRatio:
    """How many children are mutated: one in `ratio`.

    The ratio falls by one in each generation that brings no improvement, so that a stalled population is stirred more
    and more, and starts again at an improvement.

    Attributes:
        start: Where it starts; 1 mutates every child.
        floor: Where it stops falling; start keeps it constant.
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


def flips(children: Genomes, rows: Indices, representation: Representation, streams: Streams) -> None:
    """Replace one to three genes by fresh ones."""
    genes = children.shape[1]
    places = streams.below(genes, "flips", rows, 3)
    counts = streams.below(3, "flip count", rows)
    # Unused flips repeat the first place with the first gene, which changes nothing more.
    kept = np.where(np.arange(3) <= counts, np.arange(3), 0)
    fresh = representation.draw(streams.bits("flipped genes", rows, 3))
    every = np.arange(len(rows))[:, None]
    children[rows[:, None], places[every, kept]] = fresh[every, kept]


def nudge(children: Genomes, rows: Indices, representation: Representation, streams: Streams) -> None:
    """Vary one to three genes, where the representation says that it is worth trying."""
    uniform = streams.uniform("nudged places", rows, 3 * len(_NUDGED)).reshape(len(rows), len(_NUDGED), 3)
    places = representation.pick(uniform, children.shape[1])
    count, words = streams.uniform("nudge count", rows)[:, 0], streams.bits("nudged genes", rows, len(_NUDGED))
    for number, share in enumerate(_NUDGED):
        chosen = np.flatnonzero(count < share)
        here = rows[chosen], places[chosen, number]
        children[here] = representation.varied(children[here], words[chosen, number])


def swap(children: Genomes, rows: Indices, _representation: Representation, streams: Streams) -> None:
    """Exchange two genes."""
    places = streams.below(children.shape[1], "swap mutation", rows, 2)
    left, right = places[:, 0], places[:, 1]
    children[rows, left], children[rows, right] = children[rows, right], children[rows, left]


def insert(children: Genomes, rows: Indices, _representation: Representation, streams: Streams) -> None:
    """Move one gene elsewhere; the genes in between move by one place."""
    for row, (source, target) in zip(rows, streams.below(children.shape[1], "insert mutation", rows, 2), strict=True):
        child, gene = children[row], children[row, source]
        if source < target:
            child[source:target] = child[source + 1 : target + 1].copy()
        else:
            child[target + 1 : source + 1] = child[target:source].copy()
        child[target] = gene


def reverse(children: Genomes, rows: Indices, _representation: Representation, streams: Streams) -> None:
    """Reverse a stretch of genes."""
    for row, (start, end) in zip(rows, _stretches(children, rows, streams, "reverse mutation"), strict=True):
        children[row, start:end] = children[row, start:end][::-1].copy()


def scramble(children: Genomes, rows: Indices, _representation: Representation, streams: Streams) -> None:
    """Shuffle a stretch of genes."""
    stretches = _stretches(children, rows, streams, "scramble mutation")
    keys = streams.bits("scramble order", rows, children.shape[1])
    for row, key, (start, end) in zip(rows, keys, stretches, strict=True):
        children[row, start:end] = children[row, start:end][np.argsort(key[: end - start], kind="stable")]


def _stretches(children: Genomes, rows: Indices, streams: Streams, purpose: str) -> Indices:
    """Draw a stretch of at least one gene for each row: (rows, 2), start and end."""
    ends = np.sort(streams.below(children.shape[1], purpose, rows, 2), axis=1)
    ends[:, 1] += 1
    return ends
