"""Mutation of strings in which the meaning of a gene depends on the genes before it, such as decisions.

Stretches of such a string belong together. So a stretch is overwritten with a simple pattern, copied from elsewhere in
the string, or pushed in or cut out so that the rest moves along. Its length is drawn log-uniformly, and its place more
often near the beginning, where genes matter most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Genomes, Indices
    from worstsort.genetic.representation import Representation
    from worstsort.genetic.streams import Streams

Edit: TypeAlias = "Callable[[NDArray[np.integer], int, int, int, NDArray[np.integer]], None]"
"""(genome, place, length, other place, fresh genes): changes the genome in place."""

FRESH_GENES = 6
"""How many fresh genes an edit gets."""


def fill(genome: NDArray[np.integer], place: int, length: int, _other: int, fresh: NDArray[np.integer]) -> None:
    """Overwrite the stretch with one gene."""
    genome[place : place + length] = fresh[0]


def tile(genome: NDArray[np.integer], place: int, length: int, other: int, fresh: NDArray[np.integer]) -> None:
    """Overwrite the stretch with a repeated pattern of up to six genes."""
    stretch = genome[place : place + length]
    stretch[:] = np.resize(fresh[: 1 + other % FRESH_GENES], len(stretch))


def copy(genome: NDArray[np.integer], place: int, length: int, other: int, _fresh: NDArray[np.integer]) -> None:
    """Overwrite the stretch with what stands at another place."""
    length = min(length, len(genome) - max(place, other))
    genome[place : place + length] = genome[other : other + length].copy()


def push_in(genome: NDArray[np.integer], place: int, length: int, _other: int, fresh: NDArray[np.integer]) -> None:
    """Insert a run of one gene; the rest moves up and loses its end."""
    length = min(length, len(genome) - place)
    genome[place + length :] = genome[place : len(genome) - length].copy()
    genome[place : place + length] = fresh[0]


def cut_out(genome: NDArray[np.integer], place: int, length: int, _other: int, fresh: NDArray[np.integer]) -> None:
    """Remove the stretch; the rest moves down and a run of one gene follows it."""
    length = min(length, len(genome) - place)
    genome[place : len(genome) - length] = genome[place + length :].copy()
    genome[len(genome) - length :] = fresh[0]


def flip(genome: NDArray[np.integer], place: int, length: int, other: int, fresh: NDArray[np.integer]) -> None:
    """Replace one to three genes: one at the place, one at the other place, one after the first."""
    genome[place] = fresh[0]
    if fresh[3] & 1:
        genome[other] = fresh[1]
        if fresh[4] & 1:
            genome[min(place + length, len(genome) - 1)] = fresh[2]


EDITS: tuple[tuple[Edit, float], ...] = (
    (flip, 0.35),
    (fill, 0.30),
    (tile, 0.15),
    (copy, 0.08),
    (push_in, 0.06),
    (cut_out, 0.06),
)
"""Each edit with its probability."""

_THRESHOLDS = np.cumsum([probability for _, probability in EDITS])[:-1]


def structured(children: Genomes, rows: Indices, representation: Representation, streams: Streams) -> None:
    """Make one edit in each row, of a drawn kind, place and length."""
    genes = children.shape[1]
    uniform = streams.uniform("edits", rows, 4)
    kinds = np.searchsorted(_THRESHOLDS, uniform[:, 0], side="right")
    # Squaring puts half of the places into the first quarter.
    places = (uniform[:, 1:3] ** 2 * genes).astype(np.int64)
    lengths = np.exp(uniform[:, 3] * np.log(genes / 2 + 1)).astype(np.int64)
    fresh = representation.draw(streams.bits("edited genes", rows, FRESH_GENES))
    drawn = zip(rows.tolist(), kinds.tolist(), places.tolist(), lengths.tolist(), fresh, strict=True)
    for row, kind, (place, other), length, genes_drawn in drawn:
        EDITS[kind][0](children[row], place, length, other, genes_drawn)
