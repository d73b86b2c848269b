"""What a chromosome is made of: the type and range of its genes, and how fresh ones are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic import plans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Genomes
    from worstsort.genetic.streams import Streams

_INITIAL = "initial genomes"


def _anywhere(uniform: NDArray[np.float64], genes: int) -> NDArray[np.int64]:
    return (uniform[..., 0] * genes).astype(np.int64)


@dataclass(frozen=True)
class Representation:
    """A kind of chromosome.

    Attributes:
        name: Its name in a run's input.
        genes: From the size of the list to be sorted to the number of genes.
        populate: (streams, individuals, genes) to random genomes.
        draw: Random words to random genes of this representation, shape kept.
        is_permutation: Whether every chromosome holds each of 0..genes-1 once, so that only operators that
            rearrange genes may be used.
        pick: (..., 3) numbers from [0, 1), and genes, to (...) places where a change is worth trying.
        vary: (genes, random words) to genes not far from them, shape kept; None draws fresh ones.
    """

    name: str
    genes: Callable[[int], int]
    populate: Callable[[Streams, int, int], Genomes]
    draw: Callable[[NDArray[np.uint64]], NDArray[Any]]
    is_permutation: bool = False
    pick: Callable[[NDArray[np.float64], int], NDArray[np.int64]] = _anywhere
    vary: Callable[[NDArray[Any], NDArray[np.uint64]], NDArray[Any]] | None = None

    def varied(self, genes: NDArray[Any], words: NDArray[np.uint64]) -> NDArray[Any]:
        """Return genes that are not far from these ones, or fresh ones where no gene is near another."""
        return self.draw(words) if self.vary is None else self.vary(genes, words)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of a gene."""
        return self.draw(np.zeros(1, dtype=np.uint64)).dtype

    def genome_bytes(self, size: int) -> int:
        """Return the bytes that a chromosome takes in memory."""
        return self.genes(size) * self.dtype.itemsize


def initial_genomes(representation: str, population: int, size: int, streams: Streams) -> Genomes:
    """Draw the first population of an island.

    Args:
        representation: A name in REPRESENTATIONS.
        population: Individuals, at least 1.
        size: Integers in the lists that the chromosomes stand for.
        streams: Those of generation 0 of the island.

    Returns:
        (population, genes); row i depends only on the streams and i.
    """
    kind = REPRESENTATIONS[representation]
    return kind.populate(streams, population, kind.genes(size))


def _draw_values(words: NDArray[np.uint64]) -> NDArray[np.int32]:
    return (words >> np.uint64(33)).astype(np.int32)


def _draw_decisions(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return (words >> np.uint64(62)).astype(np.uint8)


def _draw_answers(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return (words >> np.uint64(63)).astype(np.uint8)


def _random_values(streams: Streams, population: int, genes: int) -> Genomes:
    return _draw_values(streams.bits(_INITIAL, population, genes))


def _random_permutations(streams: Streams, population: int, genes: int) -> Genomes:
    return np.argsort(streams.bits(_INITIAL, population, genes), axis=1, kind="stable").astype(np.int32)


def _random_decisions(streams: Streams, population: int, genes: int) -> Genomes:
    return _draw_decisions(streams.bits(_INITIAL, population, genes))


def _random_answers(streams: Streams, population: int, genes: int) -> Genomes:
    return _draw_answers(streams.bits(_INITIAL, population, genes))


_KINDS = (
    Representation("values", lambda size: size, _random_values, _draw_values),
    Representation("permutation", lambda size: size, _random_permutations, _draw_values, is_permutation=True),
    Representation("decisions", lambda size: max(size - 1, 1), _random_decisions, _draw_decisions),
    Representation("answers", lambda size: 7 * size * size.bit_length(), _random_answers, _draw_answers),
    Representation("plan", plans.genes, plans.populate, plans.draw, pick=plans.pick, vary=plans.vary),
)

REPRESENTATIONS: Mapping[str, Representation] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""The kinds of chromosomes by name.

values: The list itself, as 31-bit integers; more bits would cost memory and time and hardly avoid a tie.
permutation: The list itself, 0 to size - 1 in some order.
decisions: One number from 0 to 3 for each comparison of two items that the adversary has left open.
answers: One bit for each comparison whose outcome does not follow from the answers before it; the longest game known
    takes about six per item and bit of the size.
plan: How each segment of pdqsort's recursion is split, as changes to a construction (`plans`).
"""
