"""Survivor selection: which of the parents and their children make up the next generation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic.arrays import Fitnesses, Genomes, Indices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.operators.selection import Selection
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
        picks = selection(candidates.fitnesses, len(candidates.parents), streams, "survival")
        # In rising order they can be gathered in two straight runs.
        return np.sort(picks)

    return survive


def plus(candidates: Candidates, _streams: Streams) -> Indices:
    """Keep the fittest of parents and children together, the younger ones among equals (mu + lambda, elitist)."""
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
    """Keep the fittest of the children and of the parents younger than `limit`; older ones only fill up what is left.

    The fittest of all always stays, however old.
    """

    def survive(candidates: Candidates, _streams: Streams) -> Indices:
        count = len(candidates.parents)
        fitnesses = candidates.fitnesses
        old = np.concatenate([candidates.ages + 1 >= limit, np.zeros(len(candidates.children), dtype=bool)])
        old[fitnesses.argmax()] = False
        return np.lexsort((-fitnesses, old))[:count]

    return survive


def crowding(candidates: Candidates, _streams: Streams) -> Indices:
    """Let each child take the place of its first parent if it is at least as fit; of several, the fittest does.

    A good individual so spreads by breeding only, and the population stays diverse (after deterministic crowding,
    Mahfoud, 1995).
    """
    count = len(candidates.parents)
    survivors = np.arange(count)
    # Written in rising order of fitness, the last one to write, the fittest, stays.
    order = np.argsort(candidates.child_fitnesses, kind="stable")
    fit = order[candidates.child_fitnesses[order] >= candidates.parent_fitnesses[candidates.first[order]]]
    survivors[candidates.first[fit]] = count + fit
    return survivors


def gather(candidates: Candidates, survivors: Indices) -> Genomes:
    """Copy the survivors' genomes to a new array, (survivors, genes)."""
    count = len(candidates.parents)
    genomes = np.empty((len(survivors), candidates.parents.shape[1]), dtype=candidates.parents.dtype)
    order = np.argsort(survivors, kind="stable")
    old, new = np.split(survivors[order], [np.count_nonzero(survivors < count)])
    if np.array_equal(order, np.arange(len(order))):
        # "clip" lets take write to the target without a buffer in between; no number is out of range.
        np.take(candidates.parents, old, axis=0, out=genomes[: len(old)], mode="clip")
        np.take(candidates.children, new - count, axis=0, out=genomes[len(old) :], mode="clip")
    else:
        genomes[order[: len(old)]] = candidates.parents[old]
        genomes[order[len(old) :]] = candidates.children[new - count]
    return genomes
