"""Crossover of permutations: every child holds each of 0..genes-1 once, as its parents do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Genomes, Indices
    from worstsort.genetic.streams import Streams


def order(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
    """Keep a stretch of the first parent and fill the rest, from its end, in the order of the second (Davis, 1985)."""
    children = np.empty((len(first), genomes.shape[1]), dtype=genomes.dtype)
    for child, first_parent, second_parent, (start, end) in _pairs(children, genomes, first, second, streams):
        kept = np.zeros(len(child), dtype=bool)
        kept[first_parent[start:end]] = True
        child[start:end] = first_parent[start:end]
        rolled = np.roll(second_parent, -end)
        places = np.roll(np.arange(len(child)), -end)[: len(child) - (end - start)]
        child[places] = rolled[~kept[rolled]]
    return children


def partially_mapped(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
    """Keep a stretch of the first parent and take the rest from the second, with doubles mapped through the stretch.

    (Goldberg and Lingle, 1985.)
    """
    children = np.empty((len(first), genomes.shape[1]), dtype=genomes.dtype)
    for child, first_parent, second_parent, (start, end) in _pairs(children, genomes, first, second, streams):
        stands_at = np.full(len(child), -1)
        stands_at[first_parent[start:end]] = np.arange(start, end)
        child[start:end] = first_parent[start:end]
        outside = np.r_[0:start, end : len(child)]
        genes = second_parent[outside]
        doubled = np.flatnonzero(stands_at[genes] >= 0)
        while len(doubled):
            genes[doubled] = second_parent[stands_at[genes[doubled]]]
            doubled = doubled[stands_at[genes[doubled]] >= 0]
        child[outside] = genes
    return children


def cycle(genomes: Genomes, first: Indices, second: Indices, _streams: Streams) -> Genomes:
    """Take whole cycles in turn from the first and the second parent, so that each gene stays where one of them had it.

    (Oliver, Smith and Holland, 1987.)
    """
    children = genomes[first]
    for child, first_parent, second_parent in zip(children, genomes[first], genomes[second], strict=True):
        for number, places in enumerate(_cycles(first_parent, second_parent)):
            if number % 2:
                child[places] = second_parent[places]
    return children


def _pairs(
    children: Genomes, genomes: Genomes, first: Indices, second: Indices, streams: Streams
) -> zip[tuple[NDArray[Any], NDArray[Any], NDArray[Any], list[int]]]:
    """Pair every child with its parents and with a stretch, start and end, which may be all or nothing."""
    cuts = np.sort(streams.below(genomes.shape[1] + 1, "permutation crossover", len(first), 2), axis=1)
    return zip(children, genomes[first], genomes[second], cuts.tolist(), strict=True)


def _cycles(first_parent: NDArray[Any], second_parent: NDArray[Any]) -> list[list[int]]:
    """Return the sets of places in which both parents hold the same genes, each in the order of a walk through it."""
    place_of = np.empty(len(first_parent), dtype=np.int64)
    place_of[first_parent] = np.arange(len(first_parent))
    following = place_of[second_parent].tolist()
    seen = [False] * len(following)
    cycles = []
    for start in range(len(following)):
        walk, place = [], start
        while not seen[place]:
            seen[place] = True
            walk.append(place)
            place = following[place]
        if walk:
            cycles.append(walk)
    return cycles
