"""Where the first population comes from: chance, or a genome that is known to be good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from worstsort.genetic.arrays import Genomes

SEEDINGS = ("random", "constructed")
"""random: fresh genes throughout. constructed: every individual is a copy of one genome that somebody handed in."""


def copies(genome: ArrayLike, representation: str, population: int, size: int) -> Genomes:
    """Fill a first population with one genome; mutation tells them apart from the first generation on.

    Args:
        genome: At most as many genes as the representation has at this size; 0 follows where there are fewer.
        representation: A name in REPRESENTATIONS.
        population: Individuals, at least 1.
        size: Size of the arrays that the chromosomes stand for.

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
