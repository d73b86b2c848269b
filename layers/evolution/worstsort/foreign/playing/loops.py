"""The loop that plays a sort with every row of a batch, and looks at what it leaves: Python that Numba compiles."""

from __future__ import annotations

from typing import Any

from worstsort.foreign.playing import native
from worstsort.foreign.playing.context import (
    ANSWERS,
    ASKED,
    CANDIDATE,
    COUNT,
    DECISIONS,
    FLAGS,
    GENES,
    HEADER,
    HIGH,
    LENGTH,
    LOW,
    NO_PERMUTATION,
    NTH,
    QSORT,
    ROW,
    SIZE,
    UNDECIDED,
    UNSORTED,
    VALUES,
    WORD_BITS,
    WORDS,
)

Array = Any


def play_rows(sort: Array, rows: Array, counts: Array, verdicts: Array, context: Array, items: Array) -> None:
    """Play every row, and write its comparisons and its verdict, 0 if all is well.

    Args:
        sort: Four numbers: the function's address, its convention, the callback's address, and the form.
        rows: Shape (rows, genes), of int64 for values and uint8 otherwise.
        counts: int64, shape (rows,).
        verdicts: int64, shape (rows,).
        context: What the callback is given; its SIZE says how many items there are.
        items: int32, shape (4 * size + marks,): room for pairs, whose end no sort may pass, and before it a mark each.
    """
    function, convention, less, form = sort[0], sort[1], sort[2], sort[3]
    size = context[SIZE]
    stride = 4 if convention == QSORT else 1
    first = len(items) - stride * size
    for row in range(len(rows)):
        begin(context, form, rows[row])
        context[ROW] = row
        fill(items, first, size, stride, context.ctypes.data)
        native.run_sort(function, convention, items[first:].ctypes.data, size, less, context.ctypes.data)
        counts[row] = context[COUNT]
        verdicts[row] = context[FLAGS] | judge(context, form, items, first, stride, convention == NTH)


def begin(context: Array, form: int, genes: Array) -> None:
    """Set a context up for one row."""
    size = context[SIZE]
    context[COUNT], context[ASKED], context[FLAGS] = 0, 0, 0
    context[CANDIDATE], context[LOW], context[HIGH] = 0, 0, size - 1
    if form == VALUES:
        context[GENES] = 0
        for item in range(size):
            context[HEADER + item] = genes[item]
        return
    context[GENES] = len(genes)
    start = HEADER + size
    if form == ANSWERS:
        context[WORDS] = (size >> WORD_BITS) + 1
        start = HEADER + 2 * size * context[WORDS]
    for cell in range(HEADER, start):
        context[cell] = -1 if form == DECISIONS else 0
    for gene in range(len(genes)):
        context[start + gene] = genes[gene]
    context[LENGTH] = start + len(genes)


def fill(items: Array, first: int, size: int, stride: int, context: int) -> None:
    """Put the items in order; as pairs, each with the address of the context."""
    for item in range(size):
        at = first + stride * item
        items[at] = item
        if stride > 1:
            items[at + 1] = 0
            items[at + 2] = low_half(context)
            items[at + 3] = context >> 32


def low_half(address: int) -> int:
    """Return the lower 32 bits of an address as a signed number."""
    low = address & 0xFFFFFFFF
    return low - 0x100000000 if low >= 0x80000000 else low


def judge(context: Array, form: int, items: Array, first: int, stride: int, is_selection: bool) -> int:  # noqa: FBT001 - compiled code takes no keywords
    """Return what is wrong with the order in which a sort has left the items."""
    size = context[SIZE]
    for item in range(size):
        items[item] = 0  # marks, before the room of the items
    for place in range(size):
        item = items[first + stride * place]
        if item < 0 or item >= size or items[item] != 0:
            return NO_PERMUTATION
        items[item] = 1
    if is_selection:
        return judge_selection(context, form, items, first)
    wrong, gas = 0, 0
    for place in range(size):
        item = items[first + stride * place]
        gas += 1 if form == DECISIONS and context[HEADER + item] < 0 else 0
        if place > 0 and not in_order(context, form, items[first + stride * (place - 1)], item):
            wrong |= UNDECIDED if form == ANSWERS else UNSORTED
    return wrong | (UNDECIDED if gas > 1 else 0)


def judge_selection(context: Array, form: int, items: Array, first: int) -> int:
    """Return whether some item is on the wrong side of the selected one."""
    size = context[SIZE]
    chosen = size // 2
    for place in range(size):
        low, high = (place, chosen) if place < chosen else (chosen, place)
        if low != high and not in_order(context, form, items[first + low], items[first + high]):
            return UNSORTED
    return 0


def in_order(context: Array, form: int, first: int, second: int) -> bool:
    """Return whether an item may stand before another."""
    if form == ANSWERS:
        words = context[WORDS]
        above = HEADER + context[SIZE] * words + first * words
        return bool((context[above + (second >> WORD_BITS)] >> (second & 63)) & 1 != 0)
    return bool(value_of(context, form, first) <= value_of(context, form, second))


def value_of(context: Array, form: int, item: int) -> int:
    """Return an item's value; gas has the one that is left in the middle."""
    value = context[HEADER + item]
    return context[LOW] if form == DECISIONS and value < 0 else value  # type: ignore[no-any-return]
