"""Chromosomes that are plans: how each segment of a sort's recursion is split.

Gene 0 chooses a variant of the split by default. The others come in blocks, one for each segment on the way of the
larger parts, which holds its own gene and those of the segments within the part that is split off. A gene is
2 * (1,024 * anchor + change) + 1, or without the 1: a split to begin with, what is added to it, and whether the segment
must not begin with a tie. What sort that is, and what its anchors are, is the fitness's affair; 0 is no change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Genomes
    from worstsort.genetic.streams import Streams

BLOCK_GENES = 16
"""Genes per block."""

BLOCKS_PER_BIT = 3
"""Blocks per bit of the size: with parts of an eighth split off, the way of the larger parts needs about three."""

_VARIANTS = 32
_NEXT_VARIANT = 5
"""Variants, and the step from one individual's to the next one's, so that few individuals begin with different ones."""

_FIRST_CHANGES = 2
"""Genes of a fresh plan that are not 0."""

_ANCHORS = 7
_SMALL_PART_ANCHORS = (3, 4)
"""Anchors above 0, and those whose change is a part's size."""

_MIN_VALUE, _MAX_VALUE = -512, 1_024 * _ANCHORS + 511
"""The range of 1,024 * anchor + change."""

_OTHER_TIE, _NEAR, _FAR, _NEW_ANCHOR, _DEFAULT = np.cumsum([0.12, 0.48, 0.18, 0.09, 0.09])
"""Shares up to which a gene is varied so: its tie is allowed or forbidden, its split moves by up to 3 or up to 20, it
gets another anchor, or no change at all. The rest moves far from the default."""


def genes(size: int) -> int:
    """Return the number of genes for lists of a size."""
    return 1 + BLOCK_GENES * BLOCKS_PER_BIT * size.bit_length()


def populate(streams: Streams, population: int, genes: int) -> Genomes:
    """Make plans with few changes, of different variants, which each island begins elsewhere; (population, genes)."""
    genomes, rows = np.zeros((population, genes), dtype=np.int16), np.arange(population)
    places = pick(streams.uniform("first changes", population, 3 * _FIRST_CHANGES).reshape(population, -1, 3), genes)
    genomes[rows[:, None], places] = draw(streams.bits("first changed genes", population, _FIRST_CHANGES))
    first_variant = streams.below(_VARIANTS, "first variant", 1)[0]
    genomes[:, 0] = (first_variant + _NEXT_VARIANT * rows) % _VARIANTS
    return genomes


def draw(words: NDArray[np.uint64]) -> NDArray[np.int16]:
    """Return genes of no change, varied once."""
    return vary(np.zeros(words.shape, dtype=np.int16), words)


def pick(uniform: NDArray[np.float64], genes: int) -> NDArray[np.int64]:
    """Choose where a change is worth trying: any block, and within it the more often the nearer to its beginning.

    Args:
        uniform: (..., 3) numbers from [0, 1).
        genes: Of a plan.

    Returns:
        (...) places of genes, one in 32 of them the first.
    """
    blocks = (genes - 1) // BLOCK_GENES
    block = (uniform[..., 0] * blocks).astype(np.int64)
    place = (uniform[..., 1] ** 3 * BLOCK_GENES).astype(np.int64)
    return np.where(uniform[..., 2] < 1 / 32, 0, 1 + block * BLOCK_GENES + place)


def vary(genes: NDArray[Any], words: NDArray[np.uint64]) -> NDArray[np.int16]:
    """Change genes a little or a lot, as random words say; shapes are equal, and kept."""
    share, one, other = (_part(words, number) for number in range(3))
    kind = np.searchsorted([_OTHER_TIE, _NEAR, _FAR, _NEW_ANCHOR, _DEFAULT], share / 2**16, side="right")
    anchor = 1 + one % _ANCHORS
    change = np.where(np.isin(anchor, _SMALL_PART_ANCHORS), other % 5, other % 3 - 1)
    value, tie = genes.astype(np.int64) >> 1, genes.astype(np.int64) & 1
    values = [
        value,
        value + other % 7 - 3,
        value + other % 41 - 20,
        1_024 * anchor + change,
        0 * value,
        other % 60 - 30,
    ]
    varied = np.clip(np.choose(kind, values), _MIN_VALUE, _MAX_VALUE)
    changed: NDArray[np.int16] = (2 * varied + (tie ^ (kind == 0))).astype(np.int16)
    return changed


def _part(words: NDArray[np.uint64], number: int) -> NDArray[np.int64]:
    """Return 16 bits of each word."""
    return (words >> np.uint64(16 * number)).astype(np.int64) & 0xFFFF
