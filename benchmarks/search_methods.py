"""The contenders of benchmarks/search.py: each searches with one fitness until its CPU time is used up.

All of them get the same counter, so that their search is compared and not their counting. Peers run their own
permutation operators with the population and rates of their documentation's examples, and evaluate a generation in one
batch.
"""

from __future__ import annotations

import itertools
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic import Lists, build_algorithm, evaluate, evolve, trusted
from worstsort.gosort import count_plain, count_population
from worstsort.runs import composition
from worstsort.runs.config import RunConfig
from worstsort.worker.warm_up import warm_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray


class TimeUp(Exception):
    """The contender's CPU time is used up."""


@dataclass
class Meter:
    """Counts comparisons for a contender, keeps its best input and when it was found, and ends it in time."""

    target: str
    size: int
    seconds: float
    start: float = 0.0
    best: int = -1
    champion: Callable[[], Sequence[int]] = tuple
    evaluations: int = 0
    trace: list[tuple[float, int]] = field(default_factory=list)

    def __call__(self, lists: NDArray[Any]) -> NDArray[np.int64]:
        """Count the comparisons on lists of integers, (individuals, size)."""
        return self.note(lists, count_population(lists, self.target, threads=1), lambda values: values.tolist())

    def note(
        self, genomes: NDArray[Any], counts: NDArray[np.int64], phenotype: Callable[[NDArray[Any]], Sequence[int]]
    ) -> NDArray[np.int64]:
        """Note what a contender counted on genomes, which `phenotype` turns into lists; raise TimeUp in time."""
        used = time.process_time() - self.start
        if used > self.seconds:
            raise TimeUp
        self.evaluations += len(counts)
        row = int(counts.argmax())
        if counts[row] > self.best:
            self.best, self.champion = int(counts[row]), partial(phenotype, genomes[row].copy())
            self.trace.append((used, self.best))
        return counts


def worstsort(**settings: str) -> Callable[[Meter, int], None]:
    """Evolve an island as a run with these settings does; an island that stops is followed by a fresh one."""

    def search(meter: Meter, seed: int) -> None:
        given = settings | {"target": meter.target, "size": meter.size, "seed": seed, "islands": 1}
        config = RunConfig.parse(given)
        count, phenotype = composition.fitness(config, threads=1), partial(composition.phenotype, config)
        algorithm = build_algorithm(config, seed, config.tuning, Lists(phenotype, trusted(meter)))

        def fitness(genomes: NDArray[Any]) -> NDArray[np.int64]:
            return meter.note(genomes, count(genomes), phenotype)

        score = trusted(fitness, count.refine)
        for island in itertools.count():
            state = evaluate(composition.first_state(config, island), score)
            while algorithm.termination(state) is None:
                state = evolve(state, algorithm, score)

    return search


def random_search(meter: Meter, seed: int) -> None:
    """Try random permutations, 256 at a time."""
    rng = np.random.default_rng(seed)
    ordered = np.tile(np.arange(meter.size), (256, 1))
    while True:
        meter(rng.permuted(ordered, axis=1))


def swap_climbing(meter: Meter, seed: int) -> None:
    """Climb from a random permutation by swaps, accepting equal ones; 16 neighbours are tried at a time."""
    rng = np.random.default_rng(seed)
    current, score = rng.permutation(meter.size), -1
    rows = np.arange(16)
    while True:
        trials = np.tile(current, (len(rows), 1))
        left, right = rng.integers(0, meter.size, (2, len(rows)))
        trials[rows, left], trials[rows, right] = trials[rows, right], trials[rows, left]
        counts = meter(trials)
        if counts.max() >= score:
            current, score = trials[counts.argmax()], int(counts.max())


def deap_permutations(meter: Meter, seed: int) -> None:
    """DEAP as in its travelling-salesman example: partially matched crossover, shuffled indices, tournaments of 3."""
    from deap import algorithms, base, creator, tools  # noqa: PLC0415 - a peer, installed for this benchmark only

    random.seed(seed)
    creator.create("Fitness", base.Fitness, weights=(1.0,))
    creator.create("Individual", list, fitness=creator.Fitness)
    toolbox = base.Toolbox()
    toolbox.register("genes", random.sample, range(meter.size), meter.size)
    toolbox.register("individual", tools.initIterate, creator.Individual, toolbox.genes)
    toolbox.register("population", tools.initRepeat, list, toolbox.individual)
    toolbox.register("mate", tools.cxPartialyMatched)
    toolbox.register("mutate", tools.mutShuffleIndexes, indpb=0.05)
    toolbox.register("select", tools.selTournament, tournsize=3)
    toolbox.register("evaluate", lambda individual: individual)
    toolbox.register("map", lambda _evaluate, group: [(int(n),) for n in meter(np.array(group))] if group else [])
    algorithms.eaSimple(toolbox.population(n=300), toolbox, 0.7, 0.2, 10**9, verbose=False)


def pygad_permutations(meter: Meter, seed: int) -> None:
    """PyGAD with genes that may not repeat: tournament, one-point crossover (which it repairs), swap mutation."""
    import pygad  # noqa: PLC0415

    pygad.GA(
        num_generations=10**9,
        num_parents_mating=50,
        sol_per_pop=100,
        num_genes=meter.size,
        gene_type=int,
        gene_space=list(range(meter.size)),
        allow_duplicate_genes=False,
        parent_selection_type="tournament",
        crossover_type="single_point",
        mutation_type="swap",
        fitness_batch_size=100,
        fitness_func=lambda _ga, solutions, _rows: meter(np.asarray(solutions, dtype=np.int64)).tolist(),
        random_seed=seed,
        suppress_warnings=True,
    ).run()


def pymoo_permutations(meter: Meter, seed: int) -> None:
    """Pymoo's GA for permutations: order crossover, inversion mutation, no duplicates, population 100."""
    from pymoo.algorithms.soo.nonconvex.ga import GA  # noqa: PLC0415
    from pymoo.core.problem import Problem  # noqa: PLC0415
    from pymoo.operators.crossover.ox import OrderCrossover  # noqa: PLC0415
    from pymoo.operators.mutation.inversion import InversionMutation  # noqa: PLC0415
    from pymoo.operators.sampling.rnd import PermutationRandomSampling  # noqa: PLC0415
    from pymoo.optimize import minimize  # noqa: PLC0415

    class Comparisons(Problem):  # type: ignore[misc]
        def _evaluate(self, genomes: NDArray[Any], out: dict[str, Any], *_args: Any, **_kwargs: Any) -> None:
            out["F"] = -meter(genomes.astype(np.int64))

    algorithm = GA(
        pop_size=100,
        sampling=PermutationRandomSampling(),
        crossover=OrderCrossover(),
        mutation=InversionMutation(),
        eliminate_duplicates=True,
    )
    problem = Comparisons(n_var=meter.size, n_obj=1, xl=0, xu=meter.size - 1, vtype=int)
    minimize(problem, algorithm, ("n_gen", 10**9), seed=seed)


METHODS: Mapping[str, Callable[[Meter, int], None]] = {
    "strong": worstsort(preset="strong"),
    "strong, distinct": worstsort(preset="strong", values="distinct"),
    "blackbox": worstsort(preset="blackbox"),
    "permutation": worstsort(preset="permutation"),
    "classic": worstsort(preset="classic"),
    "random search": random_search,
    "swap climbing": swap_climbing,
    "DEAP": deap_permutations,
    "PyGAD": pygad_permutations,
    "pymoo": pymoo_permutations,
}
"""The contenders by name."""

KNOWING = ("strong", "strong, distinct")
"""Those that know the sort; they are shown apart from the others."""


def run(method: str, target: str, size: int, seed: int, seconds: float) -> Meter:
    """Let a contender search for some CPU seconds, after everything is compiled.

    Raises:
        AssertionError: The champion's recount differs from the count that the contender was given.
    """
    warm_up([target])
    meter = Meter(target, size, seconds, start=time.process_time())
    with suppress(TimeUp):
        METHODS[method](meter, seed)
    recount = count_plain(meter.champion(), target) if meter.trace else meter.best  # nothing was counted in time
    if recount != meter.best:
        raise AssertionError(f"{method} on {target}, {size}, seed {seed}: {meter.best} recounted as {recount}")
    return meter
