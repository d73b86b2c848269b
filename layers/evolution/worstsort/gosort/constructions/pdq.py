"""Builds inputs on which pdqsort mends nearly every segment in vain, the costliest thing that it can be made to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort.constructions.plans import freeze_plan, play_plans
from worstsort.gosort.sorts.plan_genes import BLOCK_GENES, LARGER_RIGHT, LESS_LOPSIDED, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIED_VARIANTS = (*(caution + shift for caution in (0, LESS_LOPSIDED) for shift in (0, 1, 3, 5)),)
"""What is tried as gene 0 of a plan: the caution of its splits, and how many more items the smaller part gets."""

MAX_TRIED_SIZE = 1_000
"""Larger inputs are built once, with caution and no shift: a variant takes 0.002 CPU seconds at 1,000 items."""


def mended_in_vain(size: int, target: str) -> list[int]:
    """Return a permutation of 0..size-1 for a target that plans lead.

    It is the costliest of a few variants. Which one that is depends on how the places of the samples in smaller
    segments coincide with those in larger ones.
    """
    variants = TRIED_VARIANTS if size <= MAX_TRIED_SIZE else (LESS_LOPSIDED,)
    return freeze_plan(_costliest(variants, size, target, ties=False), size, target, ties=False)


def constructed_plan(size: int, target: str, *, ties: bool) -> list[int]:
    """Return the first genes, the others being 0, of a plan to begin a search with: the costliest of all variants."""
    variants = range(VARIANTS) if size <= MAX_TRIED_SIZE else (LESS_LOPSIDED, LESS_LOPSIDED + LARGER_RIGHT)
    return _costliest(variants, size, target, ties=ties)


def _costliest(variants: Sequence[int], size: int, target: str, *, ties: bool) -> list[int]:
    """Return the costliest plan of those that differ in gene 0 only."""
    plans = np.zeros((len(variants), 1 + BLOCK_GENES), dtype=np.int16)
    plans[:, 0] = variants
    costliest: list[int] = plans[play_plans(plans, size, target, threads=1, ties=ties).argmax()].tolist()
    return costliest
