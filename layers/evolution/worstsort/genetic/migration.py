"""Migration between islands: which islands send elites to which, and how they settle. All are pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic.registry import Registry
from worstsort.genetic.streams import Streams

if TYPE_CHECKING:
    from worstsort.genetic.arrays import Fitnesses, Genomes
    from worstsort.genetic.state import IslandState

Topology: TypeAlias = Callable[[int, int, Streams], tuple[int, ...]]
"""(island, islands, streams of the epoch) to the islands that send migrants to this one, never itself."""


@dataclass(frozen=True, eq=False)
class Elites:
    """The fittest individuals of an island, best first.

    Attributes:
        genomes: (elites, genes).
        fitnesses: (elites,).
    """

    genomes: Genomes
    fitnesses: Fitnesses


def elites(state: IslandState, count: int) -> Elites:
    """Return an evaluated island's `count` fittest different individuals (fewer if it has fewer), best first.

    The best ever seen there comes first, even if the population has lost it; equals come in the order of the
    population.
    """
    genomes = np.concatenate([state.best_genome[None], state.genomes])
    fitnesses = np.concatenate([[state.best_fitness], state.fitnesses]).astype(np.int64)
    order = np.argsort(-fitnesses, kind="stable")
    chosen: dict[bytes, int] = {}
    for row in order.tolist():
        if len(chosen) == count:
            break
        chosen.setdefault(genomes[row].tobytes(), row)
    rows = np.fromiter(chosen.values(), dtype=np.int64, count=len(chosen))
    return Elites(genomes[rows], fitnesses[rows])


def senders(topology: str, island: int, islands: int, seed: int, epoch: int) -> tuple[int, ...]:
    """Return the islands whose elites of the epoch before this island takes in before it evolves `epoch`.

    Args:
        topology: A name in TOPOLOGIES.
        island: The receiving island.
        islands: How many there are.
        seed: The run's; only random topologies use it.
        epoch: From 1.
    """
    if islands == 1:
        return ()
    return TOPOLOGIES[topology](island, islands, Streams(seed, island, epoch))


def migrants(neighbours: Mapping[int, Elites], count: int) -> Elites | None:
    """Merge the neighbours' elites into the `count` fittest different ones, best first.

    Args:
        neighbours: By island number. Equals are ordered by island, so the mapping's order does not matter.
        count: Migrants to take, at most.

    Returns:
        The migrants, or None if there are none.
    """
    if not neighbours or count == 0:
        return None
    ordered = [neighbours[island] for island in sorted(neighbours)]
    genomes = np.concatenate([sent.genomes for sent in ordered])
    fitnesses = np.concatenate([sent.fitnesses for sent in ordered])
    order = np.argsort(-fitnesses, kind="stable")
    _, different = np.unique(genomes[order], axis=0, return_index=True)
    rows = order[np.sort(different)[:count]]
    return Elites(genomes[rows], fitnesses[rows])


def immigrate(state: IslandState, arrivals: Elites | None) -> IslandState:
    """Let migrants replace the least fit individuals.

    A migrant is turned away if the island has the same genome, or if it is not fitter than the individual that it would
    replace. The stall count and the best ever seen do not change here: the next generation notes a fitter migrant.

    Args:
        state: An evaluated state; left as it is.
        arrivals: Best first, or None.
    """
    if arrivals is None:
        return state
    known = {genome.tobytes() for genome in state.genomes}
    welcome = [row for row in range(len(arrivals.fitnesses)) if arrivals.genomes[row].tobytes() not in known]
    places = np.argsort(state.fitnesses, kind="stable")[: len(welcome)]
    settled = [
        (place, row)
        for place, row in zip(places.tolist(), welcome, strict=False)
        if arrivals.fitnesses[row] > state.fitnesses[place]
    ]
    if not settled:
        return state
    into, rows = (np.array(column, dtype=np.int64) for column in zip(*settled, strict=True))
    genomes, fitnesses, ages = state.genomes.copy(), state.fitnesses.copy(), state.ages.copy()
    genomes[into], fitnesses[into], ages[into] = arrivals.genomes[rows], arrivals.fitnesses[rows], 0
    return replace(state, genomes=genomes, fitnesses=fitnesses, ages=ages)


def ring(island: int, islands: int, _streams: Streams) -> tuple[int, ...]:
    """Receive from the island before; the first island receives from the last."""
    return ((island - 1) % islands,)


def fully_connected(island: int, islands: int, _streams: Streams) -> tuple[int, ...]:
    """Receive from every other island."""
    return tuple(other for other in range(islands) if other != island)


def random_neighbour(island: int, islands: int, streams: Streams) -> tuple[int, ...]:
    """Receive from one other island, drawn again for each epoch."""
    offset = 1 + int(streams.below(islands - 1, "random neighbour", 1)[0, 0])
    return ((island + offset) % islands,)


def isolated(_island: int, _islands: int, _streams: Streams) -> tuple[int, ...]:
    """Receive from no island."""
    return ()


TOPOLOGIES: Registry[Topology] = Registry(
    "topology", {"ring": ring, "full": fully_connected, "random": random_neighbour, "none": isolated}
)
