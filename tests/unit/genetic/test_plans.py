"""Chromosomes that are plans."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.genetic import REPRESENTATIONS, Streams, initial_genomes, plans
from worstsort.gosort.sorts import plan_genes

STREAMS = Streams(seed=3)
ROWS = 20_000


def values(genes: np.ndarray) -> np.ndarray:
    """Return what genes say besides their ties."""
    return genes.astype(np.int64) >> 1


def test_both_sides_mean_the_same_by_a_plan() -> None:
    """What is bred and what is played have the same blocks, anchors and variants."""
    assert plans.BLOCK_GENES == plan_genes.BLOCK_GENES
    fresh = initial_genomes("plan", 32, 100, STREAMS)
    assert fresh.dtype == np.int16
    assert fresh.shape[1] % plan_genes.BLOCK_GENES == 1
    assert sorted(fresh[:, 0].tolist()) == list(range(plan_genes.VARIANTS))


def test_fresh_plans_hardly_differ_from_the_construction() -> None:
    """Two genes at most say anything."""
    assert (initial_genomes("plan", 100, 500, STREAMS)[:, 1:] != 0).sum(axis=1).max() <= 2


@pytest.mark.parametrize("gene", [0, 1, 7, -9, 2 * 1024 * 3 + 5])
def test_most_variations_are_small(gene: int) -> None:
    """A third to two thirds move the split by three at most; one in eight changes the tie, and nothing else."""
    genes = np.full(ROWS, gene, dtype=np.int16)
    varied = REPRESENTATIONS["plan"].varied(genes, STREAMS.bits("words", ROWS)[:, 0])
    assert varied.dtype == np.int16
    moved, other_tie = values(varied) - gene // 2, (varied & 1) != (gene & 1)
    assert 0.10 < other_tie.mean() < 0.14
    assert (moved[other_tie] == 0).all()
    assert 0.45 < (abs(moved[~other_tie]) <= 3).mean() < 0.9
    anchors = (values(varied)[~other_tie] + 512) // 1024
    assert set(anchors.tolist()) == set(range(8))


@pytest.mark.parametrize("gene", [-(2**15), -1024, -9, 0, 1, 7, 2 * 1024 * 3 + 5, 2**15 - 1])
def test_both_sides_vary_a_gene_alike(gene: int) -> None:
    """Bred by a nudge or refined where it is played, the same random word makes the same of it."""
    words = STREAMS.bits("words", 500)[:, 0]
    refined = [plan_genes.varied(gene, word & (2**48 - 1)) for word in words.tolist()]
    assert plans.vary(np.full(500, gene, dtype=np.int16), words).tolist() == refined


@pytest.mark.parametrize("gene", [-(2**15), 2**15 - 1, -1024, 2 * 7679])
def test_variations_stay_among_the_anchors(gene: int) -> None:
    """However far a gene has gone, nothing runs over."""
    varied = plans.vary(np.full(ROWS, gene, dtype=np.int16), STREAMS.bits("words", ROWS)[:, 0])
    assert values(varied).min() >= -512
    assert values(varied).max() < 1024 * 7 + 512


def test_changes_are_tried_where_blocks_begin() -> None:
    """Every gene can be picked; a block's first one is as often as all after the second together."""
    genes = plans.genes(200)
    picked = plans.pick(STREAMS.uniform("places", ROWS, 3), genes)
    assert set(picked.tolist()) == set(range(genes))
    within = (picked[picked > 0] - 1) % plans.BLOCK_GENES
    assert 0.35 < (within == 0).mean() < 0.45
    assert (np.diff(np.bincount(within)[:4]) < 0).all()
