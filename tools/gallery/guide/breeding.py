"""Pictures of one generation of a genetic algorithm, all of the same one: its parents, children and survivors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.gallery.guide.drawing import Picture
from worstsort.artefacts.pictures import BLUE, GREEN, GREY, ORANGE
from worstsort.genetic import Streams, evolve
from worstsort.genetic.algorithm import evaluate
from worstsort.gosort.ranks import dense_ranks
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.genetic import IslandState
    from worstsort.genetic.arrays import Genomes, Indices
    from worstsort.genetic.operators.survival import Candidates

SEED, TOURNAMENT = 7, 3
"""Of the generation that is shown."""

CONFIG = RunConfig.parse({
    "target": "go1.12", "preset": "classic", "size": 16, "population": 12, "islands": 1, "seed": SEED,
    "tournament_size": TOURNAMENT, "mutation_ratio": 2,
})  # fmt: skip


@dataclass
class Generation:
    """What happened in one generation.

    Attributes:
        before: The island before it.
        first: The first parent of each child.
        second: The second one.
        crossed: The children before mutation, (children, genes).
        mutated: The numbers of those that were mutated.
        children: The children after it.
        candidates: Parents and children.
        survivors: The numbers of those that survived, each as often as it was picked.
    """

    before: IslandState
    first: Indices
    second: Indices
    crossed: Genomes
    mutated: Indices
    children: Genomes
    candidates: Candidates
    survivors: Indices


@lru_cache(maxsize=1)
def generation() -> Generation:
    """Evolve the first generation of the run with the project's own operators, and note what each of them did."""
    ours, score = algorithm(CONFIG, 1), fitness(CONFIG, 1)
    before = evaluate(first_state(CONFIG, 0), score)
    seen: dict[str, Any] = {}

    def cross(genomes: Genomes, first: Indices, second: Indices, streams: Streams) -> Genomes:
        children = ours.crossover(genomes, first, second, streams)
        seen.update(first=first, second=second, crossed=children.copy())
        return children

    def mutate(children: Genomes, rows: Indices, representation: Any, streams: Streams) -> None:
        ours.mutation(children, rows, representation, streams)
        seen.update(mutated=rows, children=children.copy())

    def survive(candidates: Candidates, streams: Streams) -> Indices:
        survivors = ours.survival(candidates, streams)
        seen.update(candidates=candidates, survivors=survivors)
        return survivors

    evolve(before, replace(ours, crossover=cross, mutation=mutate, survival=survive), score)
    return Generation(before, **seen)


def chromosome() -> Picture:
    """Draw an individual of the first population: a list of integers, and its fitness."""
    now = generation().before
    best = int(now.fitnesses.argmax())
    genes, count = now.genomes[best], int(now.fitnesses[best])
    said = f"Sixteen bars of different heights, one for each integer of a list. Sorting it takes {count} comparisons."
    picture = Picture(560, 170, "A chromosome: one list of 16 integers", said)
    picture.bars(24, 120, _ranks(genes), [BLUE] * len(genes), step=20, unit=4)
    for place, rank in enumerate(_ranks(genes)):
        picture.text(33 + 20 * place, 138, str(rank + 1), "s m")
    picture.text(24, 158, f"1 is the smallest: {int(genes.min()):,}", "s")
    picture.text(370, 80, f"fitness {count}", "b")
    picture.text(370, 100, "comparisons that the sort makes", "s")
    return picture


def selection() -> Picture:
    """Draw three tournaments: who was drawn, and who won."""
    now, tournaments = generation(), 3
    fitnesses = now.before.fitnesses
    drawn = Streams(SEED, 0, 1).below(len(fitnesses), "parents", tournaments, TOURNAMENT)
    said = "Twelve bars, one for each individual's fitness, three times over. Each time three are drawn, and the " + (
        "highest of them is picked: "
        + "; ".join(
            f"of {', '.join(str(int(fitnesses[one])) for one in entrants)} comparisons, {int(fitnesses[winner])}"
            for entrants, winner in zip(drawn, now.first, strict=False)
        )
    )
    picture = Picture(560, 300, "Selection: three are drawn, the fittest becomes a parent", said)
    low = int(fitnesses.min()) - 4
    for row, entrants in enumerate(drawn.tolist()):
        winner = int(now.first[row])
        if winner != max(entrants, key=lambda one: int(fitnesses[one])):
            raise AssertionError("a tournament was drawn otherwise than it was held")
        colours = [ORANGE if one == winner else BLUE if one in entrants else GREY for one in range(len(fitnesses))]
        bottom = 110 + 85 * row
        picture.text(16, bottom - 20, f"draw {row + 1}", "s")
        picture.bars(70, bottom, (fitnesses - low).tolist(), colours, step=30, unit=1.2)
        for one, count in enumerate(fitnesses.tolist()):
            if one in entrants:
                picture.text(84 + 30 * one, bottom + 14, str(count), "s m")
        picture.text(440, bottom - 20, f"picked: {int(fitnesses[winner])}", "b")
    return picture


def crossover() -> Picture:
    """Draw a child of two parents, each gene in the colour of the parent it came from."""
    now = generation()
    child = next(row for row in range(len(now.crossed)) if 5 <= _cut(now, row) <= 11)
    mother, father = now.before.genomes[now.first[child]], now.before.genomes[now.second[child]]
    head = _is_head_of_first(now, child)
    cut = _cut(now, child)
    heads = ORANGE if head else BLUE
    said = (
        f"Two lists of sixteen bars, and a third whose first {cut} bars are one parent's and whose others the other's."
    )
    picture = Picture(560, 330, "Crossover: the head of one parent, the tail of the other", said)
    tails = BLUE if head else ORANGE
    rows = (("one parent", mother, [ORANGE] * 16), ("the other", father, [BLUE] * 16))
    ranks = _ranks(np.concatenate([mother, father]))
    for row, (name, _, colours) in enumerate(rows):
        picture.text(16, 80 + 95 * row, name)
        picture.bars(130, 115 + 95 * row, ranks[16 * row : 16 * row + 16], colours, step=22, unit=2)
    by_value = dict(zip(np.concatenate([mother, father]).tolist(), ranks, strict=True))
    picture.text(16, 270, "their child")
    genes = [by_value[value] for value in now.crossed[child].tolist()]
    picture.bars(130, 305, genes, [heads] * cut + [tails] * (16 - cut), step=22, unit=2)
    x = 129 + 22 * cut
    picture.line([(x, 44), (x, 312)])
    picture.text(x, 324, "cut", "s m")
    return picture


def _is_head_of_first(now: Generation, child: int) -> bool:
    return bool(now.crossed[child][0] == now.before.genomes[now.first[child]][0])


def _cut(now: Generation, child: int) -> int:
    """Return where a child changes from one parent to the other; 0 if it is a copy of one."""
    first, second = now.before.genomes[now.first[child]], now.before.genomes[now.second[child]]
    head = first if _is_head_of_first(now, child) else second
    same = (now.crossed[child] == head).tolist()
    return same.index(False) if False in same else 0


def mutation() -> Picture:
    """Draw a child before and after mutation."""
    now = generation()
    child = max(now.mutated.tolist(), key=lambda row: int(abs(now.crossed[row] - now.children[row]).max()))
    before, after = now.crossed[child], now.children[child]
    changed = int((before != after).argmax())
    said = (
        f"A list of sixteen bars twice. Only bar {changed + 1} differs: {before[changed]} has become {after[changed]}."
    )
    picture = Picture(560, 240, "Mutation: one integer is replaced by a random one", said)
    ranks = _ranks(np.concatenate([before, after]))
    for row, name in enumerate(("before", "after")):
        colours = [GREEN if place == changed else GREY for place in range(16)]
        picture.text(16, 80 + 95 * row, name)
        picture.bars(130, 115 + 95 * row, ranks[16 * row : 16 * row + 16], colours, step=22, unit=2)
        value = (before, after)[row][changed]
        picture.text(140 + 22 * changed, 130 + 95 * row, str(int(value)), "s m")
    return picture


def survivors() -> Picture:
    """Draw all candidates by fitness, and how often each survives."""
    now = generation()
    fitnesses, parents = now.candidates.fitnesses, len(now.candidates.parents)
    times = np.bincount(now.survivors, minlength=len(fitnesses))
    order = np.argsort(-fitnesses, kind="stable")
    before, after = fitnesses[:parents].mean(), fitnesses[now.survivors].mean()
    said = (
        f"{len(fitnesses)} bars, one for each parent and child, the fittest first. Those that survive are coloured, "
        f"and are mostly on the left. The mean rises from {before:.1f} to {after:.1f} comparisons."
    )
    picture = Picture(560, 210, "Survivors: parents and children compete for twelve places", said)
    low = int(fitnesses.min()) - 4
    colours = [GREY if times[one] == 0 else BLUE if one < parents else ORANGE for one in order]
    picture.bars(24, 130, (fitnesses[order] - low).tolist(), colours, step=21, unit=1.3)
    for place, one in enumerate(order.tolist()):
        if times[one]:
            picture.text(33 + 21 * place, 146, f"{times[one]}", "s m")
    for place, (colour, name) in enumerate(((BLUE, "parent"), (ORANGE, "child"), (GREY, "does not survive"))):
        picture.box(24 + 110 * place, 164, 12, 12, colour)
        picture.text(42 + 110 * place, 175, name, "s")
    picture.text(24, 198, f"the number below says how often; mean fitness: {before:.1f} before, {after:.1f} after", "s")
    return picture


def _ranks(values: Sequence[int] | np.ndarray) -> list[int]:
    return [int(rank) for rank in dense_ranks(np.asarray(values).tolist())]
