"""The search for a chain of undone steps that the items of one base allow.

Undoing a step may require that items of the base are in order. A beam search finds a chain with few requirements that
the base does not meet; then the base is changed about the items in question until it meets them all.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from worstsort.gosort.constructions.quick.base import Base
from worstsort.gosort.constructions.quick.steps import (
    LOST_ORDERS,
    Arrangement,
    Group,
    costliest_orders,
    groups_of,
    needed_order,
    partitions,
    smallest_groups,
    undo_median,
    undo_partition,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from worstsort.gosort.constructions.quick.plan import Plan, Step

BEAM_CHAINS = 24
"""How many chains are followed at once."""

CHANGES_PER_PAIR = 40
"""How many changes of the base are tried for each requirement, before a new chain is looked for."""

Pair: TypeAlias = "tuple[int, int]"
"""Two labels of the base, of which the first must be the smaller one."""


FORESEEN_STEPS = 9
"""How many of the coming steps are looked at when chains are compared."""

LIKELIHOOD_UNKNOWN = 0.6
"""How likely two items are in order of which one is still to come."""


class Chain(NamedTuple):
    """The steps undone so far.

    Attributes:
        arrangement: The segment.
        pairs: What they require of the base.
        wrong: How many of these requirements the base does not meet.
    """

    arrangement: Arrangement
    pairs: tuple[Pair, ...]
    wrong: int


def build(plan: Plan, rng: Random, rounds: int) -> list[int] | None:
    """Return a permutation that makes the sort do what is planned; None if none was found in so many rounds."""
    base = Base(plan.base, rng)
    for _ in range(rounds):
        chain = _find_chain(plan, base, rng)
        if chain is None:
            return None
        if _change_until_met(base, chain.pairs, rng):
            return _values(chain.arrangement, base, plan)
    return None


def _find_chain(plan: Plan, base: Base, rng: Random) -> Chain | None:
    """Undo all steps, the last one first, in ways of which the base allows as many as possible."""
    chains = [Chain(Arrangement(), (), 0)]
    steps = plan.steps[::-1]
    for number, step in enumerate(steps, 1):
        longer = [new for chain in chains for new in _longer(chain, step, base, rng)]
        coming = [later for later in steps[number : number + FORESEEN_STEPS] if later.right > 2]
        ranked = sorted(
            (chain.wrong + _obstacles(chain.arrangement, step.size, coming, base) + rng.random() / 2, number)
            for number, chain in enumerate(longer)
        )
        chains = [longer[number] for _, number in ranked[:BEAM_CHAINS]]
    return chains[0] if chains else None


def _obstacles(arrangement: Arrangement, size: int, steps: Sequence[Step], base: Base) -> float:
    """Estimate how many of the coming steps cannot be undone with the items where they are now."""
    return sum(
        1 - max(_likelihood(arrangement, size, group, base) for group in smallest_groups(step)) for step in steps
    )


def _likelihood(arrangement: Arrangement, size: int, group: Group, base: Base) -> float:
    """Return whether a group is in order, as far as its items are among the first `size`, which are known."""
    likelihood = 1.0
    for smaller, larger in ((group.zero, group.one), (group.one, group.two)):
        if max(smaller, larger) >= size:
            likelihood *= LIKELIHOOD_UNKNOWN
        elif base.rank(arrangement[smaller]) > base.rank(arrangement[larger]):
            return 0.0
    return likelihood


def _longer(chain: Chain, step: Step, base: Base, rng: Random) -> Iterator[Chain]:
    """Undo one more step in many ways."""
    *groups, final = groups_of(step.size)
    for exchanges, order in product(partitions(step), LOST_ORDERS):
        right_order = _any(costliest_orders(step.right), rng)
        arrangement = undo_partition(chain.arrangement, step, exchanges, right_order)
        undo_median(arrangement, final, order)
        needed = [needed_order(arrangement, group, len(base)) for group in groups]
        if None in needed:
            continue
        pairs = [pair for each in needed for pair in each or ()]
        for group in groups:
            undo_median(arrangement, group, _any(LOST_ORDERS, rng))
        yield Chain(arrangement, (*chain.pairs, *pairs), chain.wrong + len(_wrong(pairs, base)))


def _any(orders: tuple[tuple[int, ...], ...], rng: Random) -> tuple[int, ...]:
    return orders[int(rng.random() * len(orders))]


def _wrong(pairs: list[Pair] | tuple[Pair, ...], base: Base) -> list[Pair]:
    return [(smaller, larger) for smaller, larger in pairs if base.values[smaller] > base.values[larger]]


def _change_until_met(base: Base, pairs: tuple[Pair, ...], rng: Random) -> bool:
    """Change the base near items that are not in order, as long as no fewer are; return whether all are at the end."""
    wrong = _wrong(pairs, base)
    for _ in range(CHANGES_PER_PAIR * len(pairs)):
        if not wrong:
            break
        pair = wrong[int(rng.random() * len(wrong))]
        before = base.change_near(pair[rng.random() < 0.5])
        still_wrong = _wrong(pairs, base)
        if len(still_wrong) > len(wrong):
            base.restore(before)
        else:
            wrong = still_wrong
    return not wrong


def _values(arrangement: Arrangement, base: Base, plan: Plan) -> list[int]:
    """Return the items' values, from 0 on."""
    size = plan.steps[0].size if plan.steps else plan.base
    labels = [arrangement[place] for place in range(size)]
    return [base.rank(label) for label in labels]
