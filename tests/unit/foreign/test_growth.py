"""What tells a quadratic sort from one that takes n log n."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.foreign_sorts import needs_cc
from worstsort.foreign.growth import FIXED_GAMES, MAX_GROWTH, RANDOM_INPUTS, find_worst, fixed_games, growth, n_log_n

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from worstsort.foreign.player import LibraryPlayer

SIZES = (1_000, 4_000)


@needs_cc
@pytest.mark.parametrize(
    ("symbol", "is_quadratic"),
    [("quick", True), ("worstsort_nth@nth", True), ("merging", False), ("go_heapsort", False)],
)
def test_growth_tells_quadratic_sorts(
    sorts: Path,
    player: Callable[[str], LibraryPlayer],
    symbol: str,
    is_quadratic: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """The ratio of the fixed games to n log2 n grows with the size, or does not, without any search."""
    sort = player(f"{sorts}:{symbol}")
    first = find_worst(sort, SIZES[0], 0.0, 0.0)
    last = find_worst(sort, SIZES[1], 0.0, 0.0, first.kept)
    assert (growth([first, last]) > MAX_GROWTH) is is_quadratic


@needs_cc
def test_the_worst_input_costs_what_is_said(sorts: Path, player: Callable[[str], LibraryPlayer]) -> None:
    """Whatever found it, the input takes these comparisons, and no random input takes more."""
    sort = player(f"{sorts}:go_heapsort")
    found = find_worst(sort, 100, 0.2, n_log_n(100) * 5)
    assert sort.count(np.array([found.values])).tolist() == [found.comparisons]
    assert found.comparisons >= found.fixed
    assert found.comparisons >= found.random


@needs_cc
def test_the_worst_input_is_compared_with_the_mean_of_random_permutations(
    sorts: Path, player: Callable[[str], LibraryPlayer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them hold each number once, and no two are alike."""
    sort, given = player(f"{sorts}:merging"), list["NDArray[np.int64]"]()
    counted = sort.count

    def count(inputs: NDArray[np.int64], threads: int) -> NDArray[np.int64]:
        given.append(inputs.copy())
        return counted(inputs, threads)

    monkeypatch.setattr(sort, "count", count)
    found = find_worst(sort, 50, 0.0, 0.0)
    (inputs,) = given
    assert np.sort(inputs, axis=1).tolist() == [list(range(50))] * RANDOM_INPUTS
    assert len({tuple(each) for each in inputs.tolist()}) == RANDOM_INPUTS
    assert found.random == pytest.approx(float(np.mean(counted(inputs, 1))), abs=0.05)


def test_games_are_the_same_for_every_sort() -> None:
    """A recipe gives the same choices alone as among others, all 0 for the first."""
    games = fixed_games(50)
    assert games.shape == (FIXED_GAMES, 49)
    assert not games[0].any()
    assert fixed_games(50, (7, 39)).tolist() == games[[7, 39]].tolist()
