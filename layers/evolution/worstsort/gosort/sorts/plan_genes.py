"""What the genes of a plan say: into which parts pdqsort is led to split each segment of its recursion.

Gene 0 chooses among the variants of the known construction, whose splits all other genes change. Those come in blocks.
Block k holds the segment that is left when the larger part has been taken k times, and the segments within the smaller
part that is split off it, so that a stretch of genes is a stretch of the recursion.
"""

# ruff: noqa: FBT001 - Numba compiles no keyword-only arguments

from __future__ import annotations

from typing import Any, NamedTuple

BLOCK_GENES = 16
"""Genes of a block: one for its first segment, the others for those within its smaller part."""

SKIPS_TIE = 1
"""Bit of a gene: the segment's pivot must not equal the item before it."""

MAX_CHANGE = 512
"""A gene's other bits are 1,024 * anchor + change, with a change from -MAX_CHANGE to MAX_CHANGE - 1."""

VARIANTS = 32
"""How gene 0 is read: the shift of mended splits in the lowest three bits, then LESS_LOPSIDED and LARGER_RIGHT."""

LESS_LOPSIDED, LARGER_RIGHT = 8, 16
"""Bits of gene 0: take the splits that were planned with caution; put the larger part of mended segments right."""

AS_CONSTRUCTED, AT_THREE_QUARTERS, AT_A_QUARTER, FEW_SMALLER, FEW_LARGER, EIGHTH_LARGER, EIGHTH_SMALLER = range(7)
"""Anchors, to which a gene's change is added: the split of the construction, and those worth trying. 7 is the half."""

AT_THE_MIDDLE = -1
"""A constructed split: where the pivot of a shuffled segment is anyway."""


class Place(NamedTuple):
    """Where in the recursion a segment is.

    Attributes:
        block: How often the larger part was taken before it left the way of the larger parts.
        gene: The segment's gene within the block; 0 is on that way.
    """

    block: int
    gene: int


class Plan(NamedTuple):
    """How the segments of a sort are to be split.

    Attributes:
        genes: One individual's, shape (1 + blocks * BLOCK_GENES,).
        splits: How many items the smaller part gets in the construction: by caution, 0 for mended segments and 1 for
            others, limit, and size of the segment.
        ties: Whether items may be equal.
    """

    genes: Any
    splits: Any
    ties: bool


def smaller_part(place: Place) -> Place:
    """Return the place of the smaller part of a segment."""
    if place.gene == 0:
        return Place(place.block, 1)
    return Place(place.block, 1 + (place.gene - 1 + BLOCK_GENES // 2) % (BLOCK_GENES - 1))


def larger_part(place: Place) -> Place:
    """Return the place of the larger part of a segment."""
    if place.gene == 0:
        return Place(place.block + 1, 0)
    return Place(place.block, 1 + place.gene % (BLOCK_GENES - 1))


def gene_at(plan: Plan, place: Place) -> int:
    """Return the gene of a segment; segments beyond the last block share that block."""
    blocks = (len(plan.genes) - 1) // BLOCK_GENES
    return int(plan.genes[1 + min(place.block, blocks - 1) * BLOCK_GENES + place.gene])


def smaller_items(plan: Plan, gene: int, size: int, limit: int, mended: bool) -> int:
    """Return how many items of a segment should be smaller than the pivot."""
    value = gene >> 1
    anchor = (value + MAX_CHANGE) // (2 * MAX_CHANGE)
    change = value - anchor * 2 * MAX_CHANGE
    if anchor == AS_CONSTRUCTED:
        smaller = constructed_split(plan, size, limit, mended)
    elif anchor == FEW_SMALLER:
        smaller, change = 0, abs(change)
    elif anchor == FEW_LARGER:
        smaller, change = size - 1, -abs(change)
    else:
        smaller = anchored_split(anchor, size)
    return max(0, min(size - 1, smaller + change))


def constructed_split(plan: Plan, size: int, limit: int, mended: bool) -> int:
    """Return the split of the construction: the larger part lies left of the pivot, unless gene 0 says otherwise."""
    variant = int(plan.genes[0])
    fewer = int(plan.splits[int(variant & LESS_LOPSIDED != 0), int(not mended), limit, size])
    if mended:
        smaller = max(size - 1 - fewer - variant % LESS_LOPSIDED, size // 2)
        return size - 1 - smaller if variant & LARGER_RIGHT else smaller
    return size // 4 * 2 if fewer == AT_THE_MIDDLE else size - 1 - fewer


def anchored_split(anchor: int, size: int) -> int:
    """Return the split of an anchor that depends on the size alone.

    At three quarters or a quarter the larger part can just be mended again.
    """
    if anchor == AT_THREE_QUARTERS:
        return size // 4 * 3 - 2
    if anchor == AT_A_QUARTER:
        return size // 4 + 1
    if anchor == EIGHTH_LARGER:
        return size - 1 - size // 8
    if anchor == EIGHTH_SMALLER:
        return size // 8
    return size // 2


OTHER_TIE, NEAR, FAR, NEW_ANCHOR, DEFAULT = 7_864, 39_321, 51_118, 57_016, 62_914
"""Of 65,536 changes so many, each less the ones before, allow or forbid a tie, move the split by up to 3 or up to 20,
take another anchor, or none. The rest moves far from the construction's split."""

ANCHORS = 7
MIN_VALUE, MAX_VALUE = -MAX_CHANGE, 2 * MAX_CHANGE * ANCHORS + MAX_CHANGE - 1


def varied(gene: int, random: int) -> int:
    """Return a gene that is changed a little or a lot, as a random number of 48 bits says."""
    share, one, other = random & 0xFFFF, (random >> 16) & 0xFFFF, random >> 32
    value, tie = gene >> 1, gene & SKIPS_TIE
    if share < OTHER_TIE:
        tie ^= SKIPS_TIE
    elif share < NEAR:
        value += other % 7 - 3
    elif share < FAR:
        value += other % 41 - 20
    elif share < NEW_ANCHOR:
        anchor = 1 + one % ANCHORS
        value = 2 * MAX_CHANGE * anchor + (other % 5 if FEW_SMALLER <= anchor <= FEW_LARGER else other % 3 - 1)
    elif share < DEFAULT:
        value = 0
    else:
        value = other % 60 - 30
    return 2 * max(MIN_VALUE, min(MAX_VALUE, value)) + tie
