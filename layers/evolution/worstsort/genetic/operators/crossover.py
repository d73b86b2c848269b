"""Crossover of two parents into one child, for chromosomes whose genes are independent of each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic import loops
from worstsort.genetic.arrays import Genomes, Indices
from worstsort.machine_code.compilation import compiled

if TYPE_CHECKING:
    from worstsort.genetic.streams import Streams

Crossover: TypeAlias = Callable[[Genomes, Indices, Indices, "Streams"], Genomes]
"""(genomes, first, second, streams) to (pairs, genes): child i of parents first[i] and second[i], in a new array."""


def one_point(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
    """Cut both parents at one place, 0 to genes - 1, and join the head of one to the tail of the other.

    A coin decides which parent gives the head.
    """
    genes = genomes.shape[1]
    draws = streams.below(np.array([genes, 2]), "one-point crossover", len(first), 2)
    swapped = draws[:, 1].astype(bool)
    heads, tails, cuts = np.where(swapped, second, first), np.where(swapped, first, second), draws[:, 0]
    return graft(genomes, heads, tails, cuts, np.full(len(cuts), genes))


def two_point(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
    """Copy the first parent, but between two cuts, 0 to genes, the second one."""
    cuts = np.sort(streams.below(genomes.shape[1] + 1, "two-point crossover", len(first), 2), axis=1)
    return graft(genomes, first, second, cuts[:, 0], cuts[:, 1])


def graft(genomes: Genomes, first: Indices, second: Indices, starts: Indices, ends: Indices) -> Genomes:
    """Copy the first parents, but from start to end the second ones; all (pairs,), to (pairs, genes)."""
    children = np.empty((len(first), genomes.shape[1]), dtype=genomes.dtype)
    pairs = (loops.row_numbers(parents, len(genomes)) for parents in (first, second))
    stretches = (loops.read_only(genomes.itemsize * borders) for borders in (starts, ends))
    compiled(loops.graft_rows)(loops.row_bytes(genomes), *pairs, *stretches, children.view(np.uint8))
    return children


def uniform(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
    """Take each gene from either parent, as a coin decides."""
    genes = genomes.shape[1]
    words = streams.bits("uniform crossover", len(first), -(-genes // 64))
    coins = np.unpackbits(words.view(np.uint8), axis=1)[:, :genes].astype(bool)
    return np.where(coins, genomes[second], genomes[first])


def clone(genomes: Genomes, first: Indices, _second: Indices, _streams: Streams) -> Genomes:
    """Copy the first parent."""
    return genomes[first]


def at_rate(crossover: Crossover, rate: float) -> Crossover:
    """Cross only this share of the pairs; the other children are copies of their first parent."""

    def cross(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
        mates = np.where(streams.chance(rate, "crossed or not", len(first)), second, first)
        return crossover(genomes, first, mates, streams)

    return crossover if rate >= 1 else cross
