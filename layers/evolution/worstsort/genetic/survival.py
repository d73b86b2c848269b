"""Survivor selection: which of the parents and their children make up the next generation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic.arrays import Fitnesses, Genomes, Indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.selection import Selection
    from worstsort.genetic.streams import Streams


@dataclass(frozen=True, eq=False)
class Candidates:
    """Everybody who may survive: the parents, numbered from 0, and after them the children.

    Attributes:
        parents: (parents, genes).
        parent_fitnesses: (parents,).
        ages: (parents,), generations that each has survived.
        children: (children, genes).
        child_fitnesses: (children,).
        first: (children,), the parent of each child that stands first in crossover.
        second: (children,), the other one.
    """

    parents: Genomes
    parent_fitnesses: Fitnesses
    ages: NDArray[np.int64]
    children: Genomes
    child_fitnesses: Fitnesses
    first: Indices
    second: Indices

    @property
    def fitnesses(self) -> Fitnesses:
        """(parents + children,)."""
        return np.concatenate([self.parent_fitnesses, self.child_fitnesses])


Survival: TypeAlias = Callable[[Candidates, "Streams"], Indices]
"""(candidates, streams) to (parents,) numbers of candidates: as many survive as there were parents."""


def by_selection(selection: Selection) -> Survival:
    """Let a selection scheme pick every survivor from parents and children alike; one may be picked many times."""

    def survive(candidates: Candidates, streams: Streams) -> Indices:
        return selection(candidates.fitnesses, len(candidates.parents), streams, "survival")

    return survive


def gather(candidates: Candidates, survivors: Indices) -> Genomes:
    """Copy the survivors' genomes to a new array, (survivors, genes)."""
    count = len(candidates.parents)
    genomes = np.empty((len(survivors), candidates.parents.shape[1]), dtype=candidates.parents.dtype)
    old, new = np.flatnonzero(survivors < count), np.flatnonzero(survivors >= count)
    genomes[old] = candidates.parents[survivors[old]]
    genomes[new] = candidates.children[survivors[new] - count]
    return genomes
