"""The adversary that keeps a partial order: answers in, inputs out, and back."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.gosort import TARGETS, InvalidInput, count_plain, freeze_answers, play_answers, read_answers
from worstsort.gosort.adversaries.answers import play_answers_plain

SIZES = [0, 1, 2, 3, 7, 12, 13, 40, 41, 63, 64, 65, 100, 130, 200]


def draw_answers(size: int, individuals: int) -> np.ndarray:
    """Draw rows of answers, from nearly all 0 to nearly all 1."""
    random = np.random.default_rng(size)
    shares = random.random((individuals, 1))
    return (random.random((individuals, 4 * size + 1)) < shares).astype(np.uint8)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", SIZES)
def test_frozen_input_costs_what_the_play_cost(target: str, size: int) -> None:
    """A play, its plain form and the input it settles on, sorted from scratch, make the same comparisons."""
    answers = draw_answers(size, 8)
    counts = play_answers(answers, size, target)
    for row, count in zip(answers, counts, strict=True):
        frozen = freeze_answers(row, size, target)
        assert sorted(frozen) == list(range(size))
        assert count_plain(frozen, target) == count == play_answers_plain(row, size, target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", SIZES)
def test_answers_read_off_an_input_lead_to_its_cost(target: str, size: int) -> None:
    """Every permutation can be had: its own answers lead to an input that costs the same."""
    values = np.random.default_rng(size).permutation(size) * 7 - 3
    answers = np.array([read_answers(values, target)], dtype=np.uint8)
    assert play_answers(answers, size, target)[0] == count_plain(values, target)


@pytest.mark.parametrize("target", TARGETS)
def test_reading_undoes_freezing(target: str) -> None:
    """The answers of a frozen input are those that froze it, as far as they were asked for."""
    row = draw_answers(50, 1)[0]
    read = read_answers(freeze_answers(row, 50, target), target)
    padded = np.concatenate([row, np.zeros(len(read), dtype=np.uint8)])
    assert read == padded[: len(read)].tolist()


@pytest.mark.parametrize("target", TARGETS)
def test_threads_do_not_change_the_result(target: str) -> None:
    """Any number of threads gives the same counts."""
    answers = draw_answers(64, 37)
    expected = play_answers(answers, 64, target, threads=1)
    for threads in (2, 3, None):
        assert np.array_equal(play_answers(answers, 64, target, threads=threads), expected)


def test_bad_answers_are_refused() -> None:
    """Answers are 0 or 1; values that repeat have no answers of their own."""
    with pytest.raises(InvalidInput, match="0 or 1, got 0 to 2"):
        play_answers(np.array([[0, 2]]), 3, "go1.24")
    with pytest.raises(InvalidInput, match="shape"):
        play_answers(np.array([0, 1]), 3, "go1.24")
    with pytest.raises(InvalidInput, match="distinct"):
        read_answers([1, 2, 1], "go1.24")
