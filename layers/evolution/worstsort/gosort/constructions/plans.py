"""Plans: chromosomes of how the recursion of pdqsort goes; counts and inputs out."""

from __future__ import annotations

from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.gosort.array_validation import as_plans, as_row
from worstsort.gosort.compiled import kernels, loops
from worstsort.gosort.compiled.threads import spread
from worstsort.gosort.constructions.pdq_plan import plan_splits
from worstsort.gosort.counting import count_population
from worstsort.gosort.errors import InvalidInput
from worstsort.gosort.operations.partial_order import WORD_BITS
from worstsort.gosort.operations.segment_order import SegmentOrder
from worstsort.gosort.registry import find_target
from worstsort.gosort.sorts.pdq import XORSHIFT_GO119, XORSHIFT_GO124
from worstsort.gosort.sorts.pdq_planned import PLAY_WORK_SIZE, Play, play, write_ranks
from worstsort.gosort.sorts.pdq_refined import KEPT_PER_ITEM, NOTE_NUMBERS, STATE_NUMBERS, Notes, refine
from worstsort.gosort.sorts.plan_genes import BLOCK_GENES, Plan
from worstsort.gosort.target import Target
from worstsort.gosort.validation import as_count, as_flag, as_size, as_threads, describe
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort.gosort.compiled.threads import WorkQueue

SHUFFLES: Mapping[str, tuple[int, int]] = MappingProxyType({"go1.19": XORSHIFT_GO119, "go1.24": XORSHIFT_GO124})
"""The sorts that plans lead, with the last shifts of their xorshift, right and left."""

CAUTIONS = (1.0, 0.95)
"""With which caution `plan_splits` is asked, without and with LESS_LOPSIDED."""

MAX_PLANNED_SIZE = 10_000
"""The largest input that is planned: playing takes memory and time as its square, and some 0.2 CPU seconds here."""

_PLAYER = Target("pdqsort-planned", play)  # type: ignore[arg-type]  # a sort with an adversary of its own

_REFINER = Target("pdqsort-refined", refine)  # type: ignore[arg-type]  # what it takes and returns is not a sort's

TRIES_PER_STEP, MAX_LOSS = 4, 20
"""Changes of smaller parts for each change on the way, and the comparisons that the first change may lose."""

_ITEMS_PER_PLAYED_ITEM = 16
"""How many items are counted in the time that one is played in."""


def play_plans(plans: Any, size: int, target: str, threads: int | None = None, *, ties: bool) -> np.ndarray:
    """Count the target's comparisons on the inputs that plans lead to.

    Args:
        plans: As in `inputs_of`.
        size: As in `inputs_of`.
        target: As in `inputs_of`.
        threads: As in `inputs_of`.
        ties: As in `inputs_of`.

    Returns:
        int64, shape (individuals,).
    """
    return count_population(inputs_of(plans, size, target, ties=ties, threads=threads), target, threads)


def freeze_plan(plan: Any, size: int, target: str, *, ties: bool) -> list[int]:
    """Return the input that one plan, shape (genes,), leads to."""
    values: list[int] = inputs_of(as_row(plan), size, target, ties=ties, threads=1)[0].tolist()
    return values


def inputs_of(plans: Any, size: int, target: str, *, ties: bool, threads: int | None = None) -> np.ndarray:
    """Return the inputs that plans lead to.

    Args:
        plans: 16-bit integers, shape (individuals, 1 + blocks * BLOCK_GENES); see `plan_genes`.
        size: Items of the input, at most MAX_PLANNED_SIZE.
        target: A name or alias in SHUFFLES.
        ties: Whether items may be equal; without, an input is a permutation of 0..size-1.
        threads: None means one per processor; the result is the same for any number.

    Returns:
        int32, shape (individuals, size): dense ranks.

    Raises:
        InvalidInput: An argument is not as described.
        UnknownTarget: There is no such target.
    """
    rows, shuffle, size, ties = (
        as_plans(plans, BLOCK_GENES),
        _shuffle(target),
        _planned_size(size),
        as_flag(ties, "ties"),
    )
    inputs = np.zeros((len(rows), size), dtype=np.int32)
    if not compilation.available():
        for genes, ranks in zip(rows.tolist(), inputs, strict=True):
            _play_plainly(Plan(genes, split_tables(size), ties), shuffle, ranks)
        return inputs
    loop = kernels.kernel(loops.play_plan_rows, _PLAYER)
    counts = np.zeros(len(rows), dtype=np.int64)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        data, work, game = _room(rows.shape[1], size, shuffle, ties=ties)
        return partial(loop, rows, queue, counts, (data, work, game, inputs))

    spread(prepare, len(rows), size * _ITEMS_PER_PLAYED_ITEM, as_threads(threads))
    return inputs


def refine_plans(
    plans: Any, words: Any, size: int, target: str, threads: int | None = None, *, ties: bool, steps: int
) -> np.ndarray:
    """Improve plans, each by itself, by changes that are tried where they take effect (`pdq_refined`).

    Args:
        plans: As in `inputs_of`.
        words: What changes are drawn from: unsigned 64-bit integers, shape (individuals,).
        size: As in `inputs_of`.
        target: As in `inputs_of`.
        threads: As in `inputs_of`.
        ties: As in `inputs_of`.
        steps: Changes that are tried on the way of the larger parts of each plan, at least 0.

    Returns:
        int16, of the plans' shape: plans whose inputs cost at least as much.

    Raises:
        InvalidInput: An argument is not as described.
        UnknownTarget: There is no such target.
    """
    rows, shuffle, size, ties = (
        as_plans(plans, BLOCK_GENES).astype(np.int16),
        _shuffle(target),
        _planned_size(size),
        as_flag(ties, "ties"),
    )
    drawn = np.asarray(words, dtype=np.uint64)
    if drawn.shape != (len(rows),):
        raise InvalidInput(f"expected words of shape ({len(rows)},), one for each plan, got {describe(drawn)}")
    seeds = (drawn >> np.uint64(1) | np.uint64(1)).astype(np.int64)
    extent = (as_count(steps, "steps"), TRIES_PER_STEP, MAX_LOSS)
    if not compilation.available():
        for row, seed in zip(rows, seeds.tolist(), strict=True):
            row[:] = _refine_plainly(Plan(row.tolist(), split_tables(size), ties), size, shuffle, seed, extent)
        return rows
    loop = kernels.kernel(loops.refine_plan_rows, _REFINER)
    counts = np.zeros(len(rows), dtype=np.int64)

    def prepare(queue: WorkQueue) -> Callable[[], None]:
        data, work, game = _room(rows.shape[1], size, shuffle, ties=ties)
        kept, bitset = KEPT_PER_ITEM * (size + 1), game.order.words
        shapes = ((2 * len(game.seen) + 1, NOTE_NUMBERS), kept, kept, (kept, bitset), (kept, bitset), STATE_NUMBERS)
        genes = (np.zeros(rows.shape[1], np.int16) for _ in range(2))
        notes = Notes(*(np.zeros(shape, np.int64) for shape in shapes), *genes)
        return partial(loop, rows, queue, counts, (data, work, game, notes, seeds, extent))

    spread(prepare, len(rows), size * _ITEMS_PER_PLAYED_ITEM * steps, as_threads(threads))
    return rows


@lru_cache(maxsize=8)
def split_tables(size: int) -> np.ndarray:
    """Return the construction's splits as `plan_genes.Plan` has them; int64, shape (2, 2, limits, size + 1)."""
    return np.array([list(zip(*plan_splits(size, caution), strict=True)) for caution in CAUTIONS])


def _play_plainly(plan: Plan, shuffle: tuple[int, int], ranks: Any) -> None:
    """Play one plan in plain Python and write the input."""
    size = len(ranks)
    data, game = [0] * size, plain_game(plan, size, shuffle)
    play(data, [0] * PLAY_WORK_SIZE, game, None)
    write_ranks(data, game.tied, ranks)


def _refine_plainly(
    plan: Plan, size: int, shuffle: tuple[int, int], seed: int, extent: tuple[int, int, int]
) -> list[int]:
    """Improve one plan in plain Python; return its genes."""
    kept, game, genes = KEPT_PER_ITEM * (size + 1), plain_game(plan, size, shuffle), plan.genes
    numbers = [[0] * NOTE_NUMBERS for _ in range(2 * len(game.seen) + 1)]
    below, above = ([[0] for _ in range(kept)] for _ in range(2))
    copies = ([0] * len(genes) for _ in range(2))
    notes = Notes(numbers, [0] * kept, [0] * kept, below, above, [0, 0, seed], *copies)
    refine([0] * size, [0] * PLAY_WORK_SIZE, game, notes, *extent)
    return list(genes)


def plain_game(plan: Plan, size: int, shuffle: tuple[int, int]) -> Play:
    """Return a game with bitsets of one long integer each."""
    order = SegmentOrder([[0] for _ in range(size)], [[0] for _ in range(size)], 1, size.bit_length(), [0], [0])
    return Play(plan, order, [0] * size, [0] * (len(plan.genes) // BLOCK_GENES), *shuffle)


def _room(genes: int, size: int, shuffle: tuple[int, int], *, ties: bool) -> tuple[Any, Any, Play]:
    """Make the room that compiled plays need: data, work, and a game, whose genes each play replaces."""
    words = (size >> WORD_BITS) + 1
    shapes = ((size, words), (size, words), words, 1, size, PLAY_WORK_SIZE, size, genes // BLOCK_GENES)
    below, above, members, answer, data, work, tied, seen = (np.zeros(shape, np.int64) for shape in shapes)
    plan = Plan(np.zeros(genes, np.int16), split_tables(size), ties)
    return data, work, Play(plan, SegmentOrder(below, above, words, WORD_BITS, members, answer), tied, seen, *shuffle)


def _shuffle(target: str) -> tuple[int, int]:
    name = find_target(target).name
    if name not in SHUFFLES:
        raise InvalidInput(f"expected a target that plans lead, {' or '.join(SHUFFLES)}, got {name}")
    return SHUFFLES[name]


def _planned_size(size: int) -> int:
    if as_size(size) > MAX_PLANNED_SIZE:
        raise InvalidInput(f"expected a size of 0 to {MAX_PLANNED_SIZE:,} for plans, got {size:,}")
    return int(size)
