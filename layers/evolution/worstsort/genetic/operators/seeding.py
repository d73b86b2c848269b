"""Where the first population comes from: chance, or a genome known to be good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from worstsort.genetic.arrays import Genomes

SEEDINGS = ("random", "constructed")
"""random: all genes are drawn. constructed: every individual is a copy of one given genome."""


def copies(genome: ArrayLike, representation: str, population: int, size: int) -> Genomes:
    """Fill a first population with copies of one genome; from the first generation on, mutation tells them apart.

    Args:
        genome: At most as many genes as the representation has at this size; missing genes are 0.
        representation: A name in REPRESENTATIONS.
        population: Individuals, at least 1.
        size: Integers in the lists that the chromosomes stand for.

    Returns:
        (population, genes), of the representation's type.
    """
    kind = REPRESENTATIONS[representation]
    known: NDArray[Any] = np.asarray(genome)
    genomes: Genomes = np.zeros((population, kind.genes(size)), dtype=kind.dtype)
    if len(known) > genomes.shape[1]:
        raise ValueError(f"expected at most {genomes.shape[1]} genes of {representation}, got {len(known)}")
    genomes[:, : len(known)] = known
    return genomes
