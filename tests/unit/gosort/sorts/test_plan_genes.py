"""What the genes of a plan say."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.gosort.constructions.plans import split_tables
from worstsort.gosort.sorts.plan_genes import (
    AS_CONSTRUCTED,
    AT_A_QUARTER,
    AT_THREE_QUARTERS,
    BLOCK_GENES,
    EIGHTH_LARGER,
    EIGHTH_SMALLER,
    FEW_LARGER,
    FEW_SMALLER,
    LARGER_RIGHT,
    Place,
    Plan,
    gene_at,
    larger_part,
    smaller_items,
    smaller_part,
)


def plan(first: int = 0, blocks: int = 2) -> Plan:
    """Return a plan for segments of up to 200 items, whose genes after the first are their own numbers."""
    genes = np.arange(1 + blocks * BLOCK_GENES, dtype=np.int16)
    genes[0] = first
    return Plan(genes, split_tables(200), ties=True)


@pytest.mark.parametrize(
    ("anchor", "change", "smaller"),
    [
        (AT_THREE_QUARTERS, 0, 148),
        (AT_THREE_QUARTERS, -3, 145),
        (AT_A_QUARTER, 2, 53),
        (FEW_SMALLER, 2, 2),
        (FEW_SMALLER, -2, 2),
        (FEW_LARGER, 2, 197),
        (FEW_LARGER, -2, 197),
        (EIGHTH_LARGER, 1, 175),
        (EIGHTH_SMALLER, -1, 24),
        (7, 5, 105),
        (7, 511, 199),
        (7, -512, 0),
        (-1, 0, 100),
    ],
)
def test_anchors(anchor: int, change: int, smaller: int) -> None:
    """A gene adds a change to an anchor; the split always fits into the segment, here of 200 items."""
    for tie in (0, 1):
        gene = 2 * (1024 * anchor + change) + tie
        assert smaller_items(plan(), gene, size=200, limit=8, mended=True) == smaller


def test_gene_0_chooses_the_constructed_split() -> None:
    """Its lowest bits shift mended splits, another one mirrors them; others are not concerned."""
    splits = [smaller_items(plan(first), 2 * AS_CONSTRUCTED, 200, 8, mended=True) for first in range(8)]
    assert splits == [splits[0] - shift for shift in range(8)]
    mirrored = smaller_items(plan(LARGER_RIGHT + 3), 0, 200, 8, mended=True)
    assert mirrored == 199 - splits[3]
    assert smaller_items(plan(LARGER_RIGHT + 3), 0, 200, 8, mended=False) == smaller_items(
        plan(), 0, 200, 8, mended=False
    )


def test_blocks_follow_the_larger_parts() -> None:
    """Each begins a block, in which the segments of its smaller part come one after another, and then in turn."""
    root = Place(0, 0)
    assert larger_part(larger_part(root)) == Place(2, 0)
    assert larger_part(smaller_part(larger_part(root))) == Place(1, 2)
    place = smaller_part(root)
    for _ in range(40):
        place = larger_part(place)
        assert place.block == 0
        assert 1 <= place.gene < BLOCK_GENES
        assert smaller_part(place).gene not in {0, place.gene}


def test_segments_beyond_the_last_block_share_it() -> None:
    """However deep the recursion, there is a gene."""
    assert gene_at(plan(), Place(1, 3)) == 1 + BLOCK_GENES + 3
    assert gene_at(plan(), Place(9, 3)) == 1 + BLOCK_GENES + 3
