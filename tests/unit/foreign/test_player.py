"""Foreign sorts are counted and played as Go's are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.foreign_sorts import needs_cc
from worstsort.gosort import count_plain, count_population, freeze, freeze_answers, play_answers, play_population
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort.foreign.player import LibraryPlayer

    Make = Callable[[str], LibraryPlayer]

pytestmark = needs_cc

SIZES = (2, 3, 12, 13, 100, 333)


@pytest.mark.parametrize("size", SIZES)
def test_a_library_counts_as_the_transcription_does(sorts: Path, player: Make, size: int) -> None:
    """Heapsort in C and heapsort transcribed from Go make the same comparisons, on values and in both games."""
    random, sort = np.random.default_rng(size), player(f"{sorts}:go_heapsort")
    values = random.integers(-50, 50, (20, size))
    choices = random.integers(0, 4, (20, max(size - 1, 1)), np.uint8)
    answers = random.integers(0, 2, (5, 7 * size * size.bit_length()), np.uint8)
    assert sort.count(values).tolist() == count_population(values, "heapsort").tolist()
    assert sort.play(choices, size).tolist() == play_population(choices, size, "heapsort").tolist()
    assert sort.answer(answers, size).tolist() == play_answers(answers, size, "heapsort").tolist()


@pytest.mark.parametrize("size", SIZES)
def test_a_library_freezes_what_the_transcription_does(sorts: Path, player: Make, size: int) -> None:
    """The inputs are the same, too."""
    random, sort = np.random.default_rng(size), player(f"{sorts}:go_heapsort")
    choices = random.integers(0, 4, max(size - 1, 1)).tolist()
    answers = random.integers(0, 2, 7 * size * size.bit_length()).tolist()
    assert sort.freeze(choices, size)[0] == freeze(choices, size, "heapsort")
    assert sort.freeze_answers(answers, size)[0] == freeze_answers(answers, size, "heapsort")


@pytest.mark.parametrize(
    "address", ["quick", "merging", "worstsort_nth@nth", "plain_qsort@qsort", "libc:qsort", "libc:qsort_r"]
)
def test_a_frozen_input_costs_what_the_game_did(sorts: Path, player: Make, address: str) -> None:
    """However a function takes its items, the input that a game leads to takes the comparisons of the game."""
    sort = player(address if address.startswith("libc") else f"{sorts}:{address}")
    choices = np.random.default_rng(1).integers(0, 4, (10, 99), np.uint8)
    frozen = [sort.freeze(row, 100) for row in choices.tolist()]
    counted = sort.play(choices, 100).tolist()
    assert [count for _, count in frozen] == counted
    assert sort.count(np.array([values for values, _ in frozen])).tolist() == counted


def test_both_functions_of_the_c_library_compare_alike(player: Make) -> None:
    """That qsort finds the context in its items, and qsort_r is given it, makes no difference."""
    values = np.random.default_rng(1).integers(0, 1000, (10, 200))
    assert player("libc:qsort").count(values).tolist() == player("libc:qsort_r").count(values).tolist()


def test_children_share_the_rows(sorts: Path, player: Make) -> None:
    """Three children count what one does, in the order of the rows."""
    values = np.random.default_rng(1).integers(0, 1000, (400, 500))
    sort = player(f"{sorts}:quick")
    assert sort.count(values, threads=3).tolist() == sort.count(values, threads=1).tolist()


@pytest.mark.parametrize("size", [0, 1])
def test_what_needs_no_sorting_costs_nothing(sorts: Path, player: Make, size: int) -> None:
    """A sort is never asked to sort less than two items."""
    sort = player(f"{sorts}:quick")
    assert sort.count(np.zeros((3, size), np.int64)).tolist() == [0, 0, 0]
    assert sort.recount([0] * size) == 0


@pytest.mark.parametrize("convention", ["quick", "plain_qsort@qsort", "worstsort_nth@nth"])
def test_a_sort_is_counted_without_numba(
    sorts: Path, player: Make, convention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain Python answers as compiled code does."""
    values = np.random.default_rng(1).integers(0, 100, (3, 40))
    choices = np.random.default_rng(1).integers(0, 4, (3, 39), np.uint8)
    compiled = player(f"{sorts}:{convention}")
    expected = compiled.count(values).tolist(), compiled.play(choices, 40).tolist()
    compiled.close()
    monkeypatch.setattr(compilation, "available", lambda: False)
    plain = player(f"{sorts}:{convention}")
    assert (plain.count(values).tolist(), plain.play(choices, 40).tolist()) == expected


def test_a_recount_is_made_apart(sorts: Path, player: Make) -> None:
    """A child of its own finds the same count."""
    values = np.random.default_rng(1).permutation(100)
    sort = player(f"{sorts}:go_heapsort")
    assert sort.recount(values.tolist()) == count_plain(values, "heapsort")
