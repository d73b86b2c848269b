"""Plans of pdqsort's recursion: genes in, inputs and counts out."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tests.support.plan_champions import champions, name
from worstsort.gosort import (
    InvalidInput,
    UnknownTarget,
    count_plain,
    count_population,
    freeze_plan,
    play_plans,
    refine_plans,
    upper_bound,
)
from worstsort.gosort.constructions.pdq import TRIED_VARIANTS
from worstsort.gosort.constructions.plans import MAX_PLANNED_SIZE, SHUFFLES, inputs_of, plain_game, split_tables
from worstsort.gosort.sorts.pdq_planned import PLAY_WORK_SIZE, play
from worstsort.gosort.sorts.plan_genes import BLOCK_GENES, LARGER_RIGHT, SKIPS_TIE, Plan
from worstsort.machine_code import compilation

SIZES = [0, 1, 2, 12, 13, 49, 50, 64, 100, 130, 200]


def draw_plans(size: int, individuals: int) -> np.ndarray:
    """Draw plans with every anchor, of which half of the genes are those of the construction."""
    random = np.random.default_rng(size)
    shape = (individuals, 1 + BLOCK_GENES * 12)
    genes = 2 * (1024 * random.integers(-1, 9, shape) + random.integers(-20, 20, shape)) + random.integers(0, 2, shape)
    return (genes * random.integers(0, 2, shape)).astype(np.int16)


@pytest.mark.parametrize("target", SHUFFLES)
@pytest.mark.parametrize("size", SIZES)
def test_compiled_and_plain_plays_lead_to_the_same_inputs(
    target: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bit for bit, with ties and without; what was not compiled works on one long integer per item."""
    plans = draw_plans(size, 4)
    compiled = [inputs_of(plans, size, target, ties=ties, threads=1) for ties in (False, True)]
    monkeypatch.setattr(compilation, "available", lambda: False)
    plain = [inputs_of(plans, size, target, ties=ties, threads=1) for ties in (False, True)]
    assert np.array_equal(compiled, plain)


@pytest.mark.parametrize("target", SHUFFLES)
@pytest.mark.parametrize("size", SIZES)
def test_inputs_are_dense_ranks(target: str, size: int) -> None:
    """Each of 0..size-1 once without ties; with them no rank is left out."""
    plans = draw_plans(size, 6)
    for ranks in inputs_of(plans, size, target, ties=False, threads=1):
        assert sorted(ranks.tolist()) == list(range(size))
    for ranks in inputs_of(plans, size, target, ties=True, threads=1):
        assert set(ranks.tolist()) == set(range(len(set(ranks.tolist()))))


@pytest.mark.parametrize("ties", [False, True])
def test_a_plan_scores_what_its_input_costs(ties: bool) -> None:  # noqa: FBT001
    """Counted by the independent recount."""
    plans = draw_plans(100, 6)
    counts = play_plans(plans, 100, "pdqsort", ties=ties)
    assert counts.tolist() == [count_plain(freeze_plan(plan, 100, "go1.24", ties=ties), "go1.24") for plan in plans]


def test_threads_do_not_change_the_result() -> None:
    """Any number of threads leads to the same inputs."""
    plans = draw_plans(64, 37)
    expected = inputs_of(plans, 64, "go1.24", ties=True, threads=1)
    for threads in (2, 3, None):
        assert np.array_equal(inputs_of(plans, 64, "go1.24", ties=True, threads=threads), expected)


def words(individuals: int) -> np.ndarray:
    """Draw what changes are drawn from."""
    return np.random.default_rng(individuals).integers(0, 2**64, individuals, dtype=np.uint64)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_refined_plans_are_the_same_compiled_and_plain(
    size: int,
    ties: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bit for bit, whatever they were before."""
    plans, drawn = draw_plans(size, 2), words(2)
    compiled = refine_plans(plans, drawn, size, "go1.19", 1, ties=ties, steps=6)
    monkeypatch.setattr(compilation, "available", lambda: False)
    assert np.array_equal(refine_plans(plans, drawn, size, "go1.19", 1, ties=ties, steps=6), compiled)


@pytest.mark.parametrize("target", SHUFFLES)
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("size", [20, 100, 300])
def test_refined_plans_cost_more(target: str, ties: bool, size: int) -> None:  # noqa: FBT001
    """None costs less than before, on average they cost a tenth more, and what was handed in is left as it was."""
    plans = draw_plans(size, 8)
    before, given = play_plans(plans, size, target, ties=ties), plans.copy()
    after = play_plans(refine_plans(plans, words(8), size, target, ties=ties, steps=50), size, target, ties=ties)
    assert (after >= before).all()
    assert after.mean() > 1.1 * before.mean()
    assert np.array_equal(plans, given)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_a_play_knows_what_its_input_costs(size: int, ties: bool) -> None:  # noqa: FBT001
    """To the last comparison: so what changes win can be told without sorting the input."""
    plans = draw_plans(size, 6)
    for plan, count in zip(plans, play_plans(plans, size, "go1.24", ties=ties), strict=True):
        game = plain_game(Plan(plan.tolist(), split_tables(size), ties), size, SHUFFLES["go1.24"])
        work = [0] * PLAY_WORK_SIZE
        play([0] * size, work, game, None)
        assert work[0] == count


def test_threads_do_not_change_what_is_refined() -> None:
    """Each plan has a random number of its own."""
    plans, drawn = draw_plans(64, 9), words(9)
    expected = refine_plans(plans, drawn, 64, "go1.24", 1, ties=True, steps=20)
    for threads in (2, 3, None):
        assert np.array_equal(refine_plans(plans, drawn, 64, "go1.24", threads, ties=True, steps=20), expected)


def test_no_steps_change_nothing() -> None:
    """Neither do plans whose input is too short to be split."""
    plans = draw_plans(100, 3)
    assert np.array_equal(refine_plans(plans, words(3), 100, "go1.24", ties=True, steps=0), plans)
    assert np.array_equal(refine_plans(plans[:0], words(0), 100, "go1.24", ties=True, steps=5), plans[:0])


@pytest.mark.parametrize(("target", "best"), [("go1.24", 3009), ("go1.19", 2970)])
def test_genes_of_zero_are_the_construction(target: str, best: int) -> None:
    """Whatever the number of blocks, and gene 0 chooses the variant."""
    for blocks in (1, 12):
        plans = np.zeros((len(TRIED_VARIANTS), 1 + blocks * BLOCK_GENES), dtype=np.int16)
        plans[:, 0] = TRIED_VARIANTS
        assert play_plans(plans, 100, target, ties=False).max() == best


def test_a_tie_has_a_segment_mended_once_more() -> None:
    """With the larger parts right, a pivot that equals the item before costs far more, and genes can forbid it."""
    plan = np.full((1, 1 + BLOCK_GENES), SKIPS_TIE, dtype=np.int16)
    plan[0, 0] = LARGER_RIGHT + 10
    forbidden = inputs_of(plan, 500, "go1.24", ties=True)
    assert np.array_equal(forbidden, inputs_of(plan, 500, "go1.24", ties=False))
    plan[0, 1:] = 0
    tied = inputs_of(plan, 500, "go1.24", ties=True)
    assert 480 < len(set(tied[0].tolist())) < 500
    assert count_population(tied, "go1.24")[0] > 1.4 * count_population(forbidden, "go1.24")[0]


@pytest.mark.parametrize(
    ("plans", "size", "target", "message"),
    [
        ([[0] * 17], 20, "heapsort", "go1.19 or go1.24, got heapsort"),
        ([[0] * 17], MAX_PLANNED_SIZE + 1, "go1.24", "0 to 10,000 for plans, got 10,001"),
        ([[0, 2**15]], 20, "go1.24", "-32,768 to 32,767, got 0 to 32768"),
        ([[0]], 20, "go1.24", "1 + blocks * 16), got 1 genes"),
        ([[0] * 18], 20, "go1.24", "1 + blocks * 16), got 18 genes"),
    ],
)
def test_what_is_no_plan_is_refused(plans: list[list[int]], size: int, target: str, message: str) -> None:
    """The message says what is expected and what was given."""
    with pytest.raises(InvalidInput, match=re.escape(message)):
        play_plans(plans, size, target, ties=True)


@pytest.mark.parametrize("champion", champions(), ids=name)
def test_the_best_inputs_found_cost_what_is_claimed(champion: dict[str, Any]) -> None:
    """Counted by the independent recount, and below the bound for their kind."""
    values, target = champion["input"], champion["target"]
    distinct = champion["values"] == "distinct"
    assert count_plain(values, target) == champion["comparisons"]
    assert champion["comparisons"] <= (upper_bound(len(values), target, champion["values"]) or 0)
    assert (len(set(values)) == len(values)) == distinct


def test_an_unknown_target_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(UnknownTarget):
        play_plans([[0] * 17], 20, "go1.2", ties=True)


@pytest.mark.parametrize(
    ("drawn", "steps", "message"),
    [
        (words(2), 5, r"words of shape \(3,\), one for each plan"),
        (words(3), -1, "steps of 0 to"),
        (words(3), 1.5, "steps of"),
    ],
)
def test_what_refining_cannot_use_is_refused(drawn: np.ndarray, steps: Any, message: str) -> None:
    """Before a compiled loop would read beyond its end."""
    with pytest.raises(InvalidInput, match=message):
        refine_plans(draw_plans(20, 3), drawn, 20, "go1.24", ties=True, steps=steps)
