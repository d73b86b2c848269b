"""What a callback finds behind `ctx`: one array of 64-bit integers in memory that the watching process reads, too.

A header, then what the way of answering needs:

    values, decisions   the value of each item (-1: none yet), then the genes
    answers             for each item a bitset of the smaller items, then one of the larger items each, then the genes
"""

from __future__ import annotations

COUNT, CANDIDATE, LOW, HIGH, ASKED, SIZE, GENES, FLAGS, ROW, WORDS, LENGTH, PROGRAM = range(12)
"""Places in the header: comparisons so far, the game's state, the items, the genes, broken rules, the row being played,
words of a bitset, the length of the whole array, and the process of the program that sorts, 0 if it is the child."""

HEADER = 16

OUT_OF_RANGE, NO_PERMUTATION, UNSORTED, UNDECIDED, BREAKS_PROTOCOL = 1, 2, 4, 8, 16
"""Bits of a verdict: what a sort did wrong."""

VALUES, DECISIONS, ANSWERS = range(3)
"""How comparisons are answered."""

ASK = 4
"""Added to these: a program is to ask here, question by question, instead of answering itself."""

FORMS = ("values", "decisions", "answers")
"""Their names, in that order."""

SORT, QSORT, QSORT_R, NTH = range(4)
"""How the function takes its items, in the order of `address.CONVENTIONS`."""

WORD_BITS = 6


def cells(form: int, size: int, genes: int) -> int:
    """Return the length of the array for a way of answering."""
    if form & ~ASK == ANSWERS:
        return HEADER + 2 * size * ((size >> WORD_BITS) + 1) + genes
    return HEADER + size + genes
