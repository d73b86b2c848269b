"""How a sort's worst comparisons grow with the size of the input: the figures behind `worstsort check`.

A ratio r = comparisons / (n log2 n) that grows with n tells a quadratic sort from one that takes n log n. Its growth is
measured on the same fixed games at each size, so that chance and the time that is spent have no part in it; a slope
fitted to the counts tells less, because of the sizes at which sorts change their ways.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FIXED_GAMES = 40
"""Recipes for games, the same at each size."""

KEPT_GAMES = 8
"""Of those, the worst at the smallest size are played at the larger ones: a quadratic sort takes seconds for each."""

RANDOM_INPUTS = 40

MAX_GROWTH = 2.0
"""Of r, from the smallest to the largest size. Measured from 1,000 to 16,000 items: at most 1.2 for sorts that take
n log n, at least 7.6 for quadratic ones."""

_BATCH = 16
"""Children of a step of the climb."""


class Sort(Protocol):
    """What is asked of a sort; see `gosort.player.Player`."""

    def count(self, rows: NDArray[Any], threads: int) -> NDArray[np.int64]:
        """Count inputs."""

    def play(self, choices: NDArray[Any], size: int, threads: int) -> NDArray[np.int64]:
        """Play games."""

    def freeze(self, choices: list[int], size: int) -> tuple[list[int], int]:
        """Return the input that a game leads to, and its comparisons."""


@dataclass(frozen=True)
class Worst:
    """The worst that was found at one size.

    Attributes:
        size: Items.
        comparisons: That the worst input takes.
        values: The worst input, a permutation.
        random: The mean of random inputs.
        fixed: The most comparisons of the fixed games that are kept.
        kept: The recipes of these games, the worst first.
        found_by: What found it: "fixed game", "random input" or "search".
    """

    size: int
    comparisons: int
    values: list[int]
    random: float
    fixed: int
    kept: tuple[int, ...]
    found_by: str

    @property
    def ratio(self) -> float:
        """The comparisons divided by n log2 n."""
        return self.comparisons / n_log_n(self.size)


def n_log_n(size: int) -> float:
    """Return n log2 n."""
    return size * math.log2(size)


def fixed_games(size: int, recipes: Sequence[int] = range(FIXED_GAMES)) -> NDArray[np.uint8]:
    """Return choices that are the same for each sort, shape (recipes, size - 1).

    The first are constant: all 0 is McIlroy's adversary. The others are mostly one choice, with ever more of another.
    Sorts that notice runs have to be met with several of them, as all 0 leads to a sorted list there.
    """
    games = np.zeros((len(recipes), max(size - 1, 1)), np.uint8)
    for game, recipe in zip(games, recipes, strict=True):
        random = np.random.default_rng((size, recipe))
        changed = random.random(len(game)) < (recipe // 4) / (FIXED_GAMES // 4 - 1) / 2
        game[:] = recipe % 4
        game[changed] = random.integers(0, 4, int(changed.sum()), np.uint8)
    return games


def find_worst(
    sort: Sort, size: int, seconds: float, enough: float, recipes: Sequence[int] = range(FIXED_GAMES)
) -> Worst:
    """Return the worst of the fixed games, random inputs and a climb from the worst game.

    Args:
        sort: The sort.
        size: Items, at least 2.
        seconds: How long to climb.
        enough: Comparisons beyond which nothing more has to be found.
        recipes: The fixed games.
    """
    games = fixed_games(size, recipes)
    costs = sort.play(games, size, 1)
    order = np.argsort(-costs, kind="stable")[:KEPT_GAMES]
    inputs = np.random.default_rng(size + 1).permuted(np.tile(np.arange(size), (RANDOM_INPUTS, 1)), axis=1)
    counts = sort.count(inputs, 1)
    best, cost = games[order[0]], int(costs.max())
    if cost <= enough:
        best, cost = _climb(sort, best, cost, seconds)
    found_by = "search" if cost > int(costs.max()) else "fixed game"
    values = sort.freeze(best.tolist(), size)[0]
    if int(counts.max()) > cost:
        cost, found_by, values = int(counts.max()), "random input", inputs[int(counts.argmax())].tolist()
    kept = tuple(recipes[place] for place in order)
    return Worst(size, cost, values, round(float(counts.mean()), 1), int(costs.max()), kept, found_by)


def growth(found: Sequence[Worst]) -> float:
    """Return by what factor the ratio of the fixed games grows from the first size to the last."""
    first, last = (worst.fixed / n_log_n(worst.size) for worst in (found[0], found[-1]))
    return last / first if first else math.inf


def _climb(sort: Sort, game: NDArray[np.uint8], cost: int, seconds: float) -> tuple[NDArray[np.uint8], int]:
    """Change a game again and again, as long as there is time, and keep each change that costs the sort no less."""
    size, deadline = len(game) + 1, time.monotonic() + seconds
    random = np.random.default_rng(size + 2)
    while time.monotonic() < deadline:
        children = np.repeat(game[np.newaxis], _BATCH, axis=0)
        for child in children:
            _change(child, random)
        costs = sort.play(children, size, 1)
        if int(costs.max()) >= cost:
            cost, game = int(costs.max()), children[int(costs.argmax())].copy()
    return game, cost


def _change(game: NDArray[np.uint8], random: np.random.Generator) -> None:
    """Change a few choices, or a stretch of them to one; more often early ones, which decide about more items."""
    genes = len(game)
    if random.random() < 0.5:
        for _ in range(int(random.integers(1, 4))):
            game[int(genes * random.random() ** 2)] = random.integers(4)
    else:
        start = int(genes * random.random() ** 2)
        game[start : start + int(random.integers(1, max(2, genes // 3)))] = random.integers(4)
