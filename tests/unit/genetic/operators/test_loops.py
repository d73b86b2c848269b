"""The compiled loops of the operators: the same as in plain Python, and as numpy would have it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from worstsort.genetic import loops
from worstsort.genetic.operators import crossover, selection
from worstsort.genetic.streams import Streams, mix
from worstsort.machine_code.compilation import compiled

STREAMS = Streams(seed=4, island=2, generation=7)
GENES = 130
"""More than are compared at once, as bytes."""


def population(kind: Any = np.int32) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 100, (40, GENES)).astype(kind)


def test_single_words_are_drawn_as_arrays_of_them_are() -> None:
    """A loop draws the very words that `Streams.bits` gives, for any individual and number."""
    words = STREAMS.bits("x", 50, 4)
    with np.errstate(over="ignore"):
        drawn = [[loops.draw(loops.row_key(STREAMS.key("x"), row), number) for number in range(4)] for row in range(50)]
        assert np.array_equal(words, np.array(drawn))
        assert loops.mixed(np.uint64(12345)) == mix(np.array([12345], dtype=np.uint64))[0]


def test_a_tournament_is_the_first_of_the_fittest_drawn() -> None:
    """Among entrants drawn as by `Streams.below`, with many ties."""
    fitnesses = np.random.default_rng(6).integers(0, 4, 30)
    entrants = STREAMS.below(30, "x", 500, 5)
    expected = entrants[np.arange(500), fitnesses[entrants].argmax(axis=1)]
    assert np.array_equal(selection.tournament(5)(fitnesses, 500, STREAMS, "x"), expected)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.int64, ">i4"])
def test_genes_of_every_type_are_grafted_whole(kind: Any) -> None:
    """From start to end the second parent's genes, elsewhere the first one's."""
    genomes, (first, second) = population(kind), np.random.default_rng(8).integers(0, 40, (2, 60))
    starts, ends = np.sort(np.random.default_rng(9).integers(0, GENES + 1, (2, 60)), axis=0)
    places = np.arange(GENES)
    inside = (starts[:, None] <= places) & (places < ends[:, None])
    children = crossover.graft(genomes, first, second, starts, ends)
    assert children.dtype == genomes.dtype
    assert np.array_equal(children, np.where(inside, genomes[second], genomes[first]))


def scores_taken_over(change: int | None, *, loop: Any) -> list[int]:
    """Return the scores of copies of the first and the second parent, with one gene of each changed, or none."""
    genomes = population()
    children = genomes[[3, 8]]
    if change is not None:
        children[:, change] += 1
    parents = loops.row_numbers([3, 5], 40), loops.row_numbers([7, 8], 40)
    scores = np.full(2, -1)
    loop(loops.row_bytes(genomes), loops.read_only(np.arange(40)), *parents, loops.row_bytes(children), scores)
    return scores.tolist()


@pytest.mark.parametrize("loop", [loops.take_over_scores, compiled(loops.take_over_scores)])
def test_copies_of_either_parent_take_over_its_score(loop: Any) -> None:
    """And of nobody else: one changed gene, the first, the last or any between, makes a child new."""
    assert scores_taken_over(None, loop=loop) == [3, 8]
    assert all(scores_taken_over(gene, loop=loop) == [-1, -1] for gene in (0, 63, 64, 127, 128, GENES - 1))


@pytest.mark.parametrize("numbers", [[-1], [40], [0, 41]])
def test_rows_that_are_not_there_are_refused(numbers: list[int]) -> None:
    """Compiled loops look at no borders."""
    with pytest.raises(IndexError, match="allowed: 0 to 39"):
        loops.row_numbers(numbers, 40)


def test_without_numba_a_run_is_the_same() -> None:
    """Switched off, the loops run as plain Python, with the same champion bit for bit and without a warning."""
    code = (
        "from worstsort.runs import composition; from worstsort.runs.config import RunConfig;"
        "from worstsort.genetic import evolve_island;"
        "c = RunConfig.parse({'preset': 'classic', 'size': 12, 'population': 20, 'target': 'stable', 'seed': 3});"
        "a, f = composition.algorithm(c, 1), composition.fitness(c, 1);"
        "s, _ = evolve_island(composition.first_state(c, 0), a, f, 4);"
        "print(s.genomes.tolist(), s.fitnesses.tolist())"
    )
    plain, fast = (
        subprocess.run(
            [sys.executable, "-W", "error", "-c", f"import os; os.environ['NUMBA_DISABLE_JIT'] = '{switch}'; {code}"],
            capture_output=True,
            text=True,
            check=True,
        )
        for switch in "10"
    )
    assert plain.stdout == fast.stdout
