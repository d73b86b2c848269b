"""The loops over a population that Numba compiles, one per sort and way to count.

Every thread that works on a population runs the same loop and takes rows until none are left. The comparisons of a row
are added at its own place in the counts, so it does not matter which thread counted it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worstsort.gosort.compiled.threads import WorkQueue, claim
from worstsort.gosort.operations.blocks import fill
from worstsort.gosort.operations.compare import Game, start_game
from worstsort.gosort.operations.partial_order import Order, start_order
from worstsort.gosort.sorts import heap_fast
from worstsort.gosort.sorts.pdq_planned import Play, write_ranks
from worstsort.gosort.sorts.pdq_refined import RANDOM
from worstsort.gosort.sorts.plan_genes import Plan

Sort = Callable[..., Any]
Loop = Callable[..., None]
Array = Any
"""Numba's types are narrower than numpy's annotations can say."""

TOO_WIDE = -1
"""Stands for the count of a row with numbers for which `data` has too few bits."""


def count_rows(sort: Sort) -> Loop:
    """Build the loop that sorts a copy of each row; its room is (data, work)."""
    return over_rows(sort, sort_copy, leave)


def count_rows_fast(sort: Sort) -> Loop:
    """Build the loop around the sort's fast form; its room is (data, work, scratch), data with a margin (`blocks`)."""
    return over_rows(sort, sort_copy_fast, empty_heaps)


def play_rows(sort: Sort) -> Loop:
    """Build the loop that sorts gas against each row of choices; its room is (data, work, values, state)."""
    return over_rows(sort, sort_gas, leave)


def play_answer_rows(sort: Sort) -> Loop:
    """Build the loop that sorts items against each row of answers; its room is (data, work, order)."""
    return over_rows(sort, sort_unknown, leave)


def play_plan_rows(play: Sort) -> Loop:
    """Build the loop that plays each row of plan genes; its room is (data, work, game, inputs) (`pdq_planned`)."""
    return over_rows(play, play_plan, leave)


def refine_plan_rows(refine: Sort) -> Loop:
    """Build the loop that improves each row of plan genes; its room is (data, work, game, notes, seeds, extent)."""
    return over_rows(refine, refine_plan, leave)


def over_rows(sort: Sort, count_row: Callable[..., int], finish: Callable[[Any], None]) -> Loop:
    """Build the loop that all of these are: it adds what each row costs to its count, 0 at first.

    Args:
        sort: The target's sort.
        count_row: Counts one row, given the sort, the row, its number, and the room to work in.
        finish: Called with the room when no rows are left.
    """

    def loop(rows: Array, queue: WorkQueue, counts: Array, room: Any) -> None:
        batch = claim(queue)
        while len(batch) > 0:
            for row in batch:
                comparisons = count_row(sort, rows[row], row, room)  # first: it may add to the count, too
                counts[row] += comparisons
            batch = claim(queue)
        finish(room)

    return loop


def sort_copy(sort: Sort, items: Array, _row: int, room: Any) -> int:
    """Count one row by sorting a copy of it."""
    data, work = room
    work[0] = 0
    if not fill(data, items):
        return TOO_WIDE
    sort(data, work, None, None)
    return work[0]  # type: ignore[no-any-return]


def sort_copy_fast(sort: Sort, items: Array, row: int, room: Any) -> int:
    """Count one row by the fast form of its sort, which adds the cost of emptying heaps to the count by itself."""
    data, work, scratch = room
    work[0], scratch.waiting[heap_fast.CURRENT_ROW] = 0, row
    if not fill(data, items):
        return TOO_WIDE
    sort(data, work, None, scratch)
    return work[0]  # type: ignore[no-any-return]


def sort_gas(sort: Sort, choices: Array, _row: int, room: Any) -> int:
    """Count the comparisons of gas items against one row of choices."""
    data, work, values, state = room
    game = Game(values, choices, state, len(data), False)
    start_game(data, game)
    work[0] = 0
    sort(data, work, game, None)
    return work[0]  # type: ignore[no-any-return]


def sort_unknown(sort: Sort, answers: Array, _row: int, room: Any) -> int:
    """Count the comparisons of items in an unknown order against one row of answers."""
    data, work, order = room
    game = Order(order.below, order.above, order.words, order.bits, answers, order.asked, order.values, order.noted)
    start_order(data, game)
    work[0] = 0
    sort(data, work, game, None)
    return work[0]  # type: ignore[no-any-return]


def play_plan(play: Sort, genes: Array, row: int, room: Any) -> int:
    """Play one row of genes, and write the input that it leads to into the row's place in the inputs."""
    data, work, game, inputs = room
    plan = Plan(genes, game.plan.splits, game.plan.ties)
    played = Play(plan, game.order, game.tied, game.seen, game.right, game.left)
    play(data, work, played, None)
    write_ranks(data, played.tied, inputs[row])
    return 0


def refine_plan(refine: Sort, genes: Array, row: int, room: Any) -> int:
    """Improve one row of genes in place; return what it costs then."""
    data, work, game, notes, seeds, extent = room
    refined = Play(
        Plan(genes, game.plan.splits, game.plan.ties), game.order, game.tied, game.seen, game.right, game.left
    )
    notes.state[RANDOM] = seeds[row]
    comparisons: int = refine(data, work, refined, notes, *extent)
    return comparisons


def leave(_room: Any) -> None:
    """Do nothing: every row has its count."""


def empty_heaps(room: Any) -> None:
    """Count the heaps that are still waiting."""
    heap_fast.empty_heaps(room[2])
