"""Survivor selection: which of the parents and their children make up the next generation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic import loops
from worstsort.genetic.arrays import Fitnesses, Genomes, Indices
from worstsort.machine_code.compilation import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.operators.selection import Selection
    from worstsort.genetic.streams import Streams


@dataclass(frozen=True, eq=False)
class Candidates:
    """All who may survive: the parents, numbered from 0, and after them the children.

    Attributes:
        parents: (parents, genes).
        parent_fitnesses: (parents,).
        ages: (parents,), generations that each parent has survived.
        children: (children, genes).
        child_fitnesses: (children,).
        first: (children,), the first parent of each child.
        second: (children,), the second parent.
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
        """All fitnesses, (parents + children,)."""
        return np.concatenate([self.parent_fitnesses, self.child_fitnesses])


Survival: TypeAlias = Callable[[Candidates, "Streams"], Indices]
"""(candidates, streams) to (parents,) numbers of candidates: as many survive as there were parents."""


def by_selection(selection: Selection) -> Survival:
    """Let a selection scheme pick every survivor from parents and children; a candidate may be picked repeatedly."""

    def survive(candidates: Candidates, streams: Streams) -> Indices:
        picks = selection(candidates.fitnesses, len(candidates.parents), streams, "survival")
        # In rising order they can be gathered in two straight runs.
        return np.sort(picks)

    return survive


def plus(candidates: Candidates, _streams: Streams) -> Indices:
    """Keep the fittest of parents and children, among equals the younger ones (mu + lambda, elitist)."""
    count = len(candidates.parents)
    ages = np.concatenate([candidates.ages + 1, np.zeros(len(candidates.children), dtype=np.int64)])
    return np.lexsort((ages, -candidates.fitnesses))[:count]


def generational(elites: int) -> Survival:
    """Let the fittest children replace all parents except the `elites` fittest ones."""

    def survive(candidates: Candidates, _streams: Streams) -> Indices:
        count = len(candidates.parents)
        fittest = np.argsort(-candidates.parent_fitnesses, kind="stable")
        children = count + np.argsort(-candidates.child_fitnesses, kind="stable")
        kept = max(min(elites, count), count - len(children))
        return np.concatenate([fittest[:kept], children[: count - kept]])

    return survive


def by_age(limit: int) -> Survival:
    """Keep the fittest of the children and of the parents younger than `limit`; older parents only fill what is left.

    The fittest of all stays, however old it is.
    """

    def survive(candidates: Candidates, _streams: Streams) -> Indices:
        count = len(candidates.parents)
        fitnesses = candidates.fitnesses
        old = np.concatenate([candidates.ages + 1 >= limit, np.zeros(len(candidates.children), dtype=bool)])
        old[fitnesses.argmax()] = False
        return np.lexsort((-fitnesses, old))[:count]

    return survive


def crowding(candidates: Candidates, _streams: Streams) -> Indices:
    """Let each child that is at least as fit as its first parent replace it; of several, the fittest does.

    So a good individual spreads only by breeding, and the population stays diverse (after deterministic crowding,
    Mahfoud, 1995).
    """
    count = len(candidates.parents)
    survivors = np.arange(count)
    # In rising order of fitness, the fittest child is written last.
    order = np.argsort(candidates.child_fitnesses, kind="stable")
    fit = order[candidates.child_fitnesses[order] >= candidates.parent_fitnesses[candidates.first[order]]]
    survivors[candidates.first[fit]] = count + fit
    return survivors


def gather(candidates: Candidates, survivors: Indices) -> Genomes:
    """Copy the survivors' genomes into a new array, (survivors, genes)."""
    parents, children = candidates.parents, candidates.children.astype(candidates.parents.dtype, copy=False)
    genomes = np.empty((len(survivors), parents.shape[1]), dtype=parents.dtype)
    numbers = loops.row_numbers(survivors, len(parents) + len(children))
    compiled(loops.gather_rows)(loops.row_bytes(parents), loops.row_bytes(children), numbers, genomes.view(np.uint8))
    return genomes
