"""What a sort's questions are answered with, as plain functions over a context, which Numba compiles to callbacks.

`decide` plays M. D. McIlroy's adversary ("A Killer Adversary for Quicksort", 1999) as `gosort.operations.compare` does,
on items instead of positions: an item's number is all that a foreign sort shows.
"""

from __future__ import annotations

from typing import Any

from worstsort.foreign.playing.context import (
    ASKED,
    CANDIDATE,
    COUNT,
    FLAGS,
    GENES,
    HEADER,
    HIGH,
    LENGTH,
    LOW,
    OUT_OF_RANGE,
    SIZE,
    WORD_BITS,
    WORDS,
)
from worstsort.gosort.operations.compare import FREEZE_LARGEST, FREEZE_OTHER
from worstsort.gosort.operations.partial_order import Order, ask

Context = Any
"""An array of int64; compiled code sees it as a pointer or an array."""


def is_question(a: int, b: int, context: Context) -> bool:
    """Count a comparison; return whether there is something to decide: two items that are there, and not the same."""
    context[COUNT] += 1
    size = context[SIZE]
    if a | b < 0 or a >= size or b >= size:
        context[FLAGS] |= OUT_OF_RANGE
        return False
    return bool(a != b)


def compare_values(a: int, b: int, context: Context) -> int:
    """Compare two items by their values: -1, 0 or 1."""
    if not is_question(a, b, context):
        return 0
    first, second = context[HEADER + a], context[HEADER + b]
    return int(first > second) - int(first < second)


def compare_gas(a: int, b: int, context: Context) -> int:
    """Compare two items of which one may have no value yet; of two that have none, one is given one first."""
    if not is_question(a, b, context):
        return 0
    if context[HEADER + a] < 0 and context[HEADER + b] < 0:
        decide(a, b, context)
    first, second = context[HEADER + a], context[HEADER + b]
    if first < 0:
        context[CANDIDATE] = a
        return -1 if second > context[HIGH] else 1
    if second < 0:
        context[CANDIDATE] = b
        return -1 if first < context[LOW] else 1
    return -1 if first < second else 1


def decide(a: int, b: int, context: Context) -> None:
    """Freeze one of two gas items, as the next gene says, and make the other the candidate."""
    asked = context[ASKED]
    gene = context[HEADER + context[SIZE] + asked] if asked < context[GENES] else 0
    is_first = (context[CANDIDATE] == a) != ((gene & FREEZE_OTHER) != 0)
    frozen, kept = (a, b) if is_first else (b, a)
    if gene & FREEZE_LARGEST:
        context[HEADER + frozen] = context[HIGH]
        context[HIGH] -= 1
    else:
        context[HEADER + frozen] = context[LOW]
        context[LOW] += 1
    context[ASKED] = asked + 1
    context[CANDIDATE] = kept


def compare_order(a: int, b: int, context: Context) -> int:
    """Compare two items by what is known of their order."""
    if not is_question(a, b, context):
        return 0
    return -1 if ask(order_of(context), a, b) else 1


def order_of(context: Context) -> Order:
    """Return a view of a context that holds a partial order."""
    size, words = context[SIZE], context[WORDS]
    above, genes = HEADER + size * words, HEADER + 2 * size * words
    nothing = context[0:0]
    return Order(
        context[HEADER:above], context[above:genes], words, WORD_BITS, context[genes : context[LENGTH]],
        context[ASKED : ASKED + 1], nothing, nothing,
    )  # fmt: skip
