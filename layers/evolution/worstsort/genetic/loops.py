"""The loops of the operators over a whole population, which Numba compiles.

Genes are moved and compared as bytes, so that one piece of machine code serves genes of every type.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any
"""Numba's types are narrower than numpy's annotations can say."""

GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
"""SplitMix64's constants."""

_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_HALF_WORD_BITS = np.uint64(32)

_BYTES_AT_ONCE = 256
"""How many bytes are compared before looking whether any differed."""


def mixed(word: np.uint64) -> np.uint64:
    """Scramble a word as `streams.mix` does many of them."""
    word = (word ^ (word >> _SHIFTS[0])) * FIRST_FACTOR
    word = (word ^ (word >> _SHIFTS[1])) * SECOND_FACTOR
    return word ^ (word >> _SHIFTS[2])


def row_key(key: np.uint64, row: int) -> np.uint64:
    """Return the key of one individual's draws among those of one purpose (`Streams.key`)."""
    return mixed(np.uint64(row) * GAMMA + key)


def draw(key: np.uint64, number: int) -> np.uint64:
    """Return the random word with this number, from 0, of the individual with this key."""
    return mixed(np.uint64(number + 1) * GAMMA + key)


def below(word: np.uint64, bound: np.uint64) -> np.int64:
    """Return the integer from 0 to bound - 1 that a random word stands for."""
    return np.int64(((word >> _HALF_WORD_BITS) * bound) >> _HALF_WORD_BITS)


def hold_tournaments(fitnesses: Array, entrants: int, key: np.uint64, picked: Array) -> None:
    """Fill (picks,) with the fittest of so many individuals drawn for each, among equals the first drawn."""
    count = np.uint64(len(fitnesses))
    for pick in range(len(picked)):
        own = row_key(key, pick)
        winner = below(draw(own, 0), count)
        for number in range(1, entrants):
            entrant = below(draw(own, number), count)
            if fitnesses[entrant] > fitnesses[winner]:
                winner = entrant
        picked[pick] = winner


def graft_rows(genomes: Array, first: Array, second: Array, starts: Array, ends: Array, children: Array) -> None:
    """Fill children, (pairs, bytes), with the first parents, but from start to end with the second ones."""
    for child in range(len(children)):
        one, other, to = genomes[first[child]], genomes[second[child]], children[child]
        start, end = starts[child], ends[child]
        copy_bytes(one[:start], to[:start])
        copy_bytes(other[start:end], to[start:end])
        copy_bytes(one[end:], to[end:])


def gather_rows(parents: Array, children: Array, survivors: Array, gathered: Array) -> None:
    """Fill gathered, (survivors, bytes), with the numbered rows of parents followed by children."""
    for place in range(len(survivors)):
        number = survivors[place]
        row = parents[number] if number < len(parents) else children[number - len(parents)]
        copy_bytes(row, gathered[place])


def take_over_scores(
    genomes: Array, fitnesses: Array, first: Array, second: Array, children: Array, scores: Array
) -> None:
    """Fill in the score, (children,), of every child that equals its first or second parent; leave the others."""
    for child in range(len(children)):
        if is_equal(children[child], genomes[first[child]]):
            scores[child] = fitnesses[first[child]]
        elif is_equal(children[child], genomes[second[child]]):
            scores[child] = fitnesses[second[child]]


def copy_bytes(source: Array, target: Array) -> None:
    """Copy all bytes of a row or a stretch of it."""
    for place in range(len(target)):
        target[place] = source[place]


def is_equal(one: Array, other: Array) -> bool:
    """Return whether two rows of bytes are equal."""
    for start in range(0, len(one), _BYTES_AT_ONCE):
        some, others = one[start : start + _BYTES_AT_ONCE], other[start : start + _BYTES_AT_ONCE]
        different = np.uint8(0)
        for place in range(len(some)):
            different |= some[place] ^ others[place]
        if different != 0:
            return False
    return True


def row_bytes(rows: Array) -> Array:
    """Return rows of genes as rows of bytes that cannot be written to, (rows, bytes)."""
    return read_only(rows).view(np.uint8)


def row_numbers(numbers: Any, count: int) -> Array:
    """Return numbers of rows, (picks,), as a loop takes them, which looks at no borders.

    Raises:
        IndexError: One of them is not from 0 to count - 1, as an operator from outside may have it.
    """
    checked = np.ascontiguousarray(numbers, dtype=np.int64)
    if checked.size and not 0 <= checked.min() <= checked.max() < count:
        raise IndexError(f"rows: given {checked.min()} to {checked.max()}, allowed: 0 to {count - 1}")
    return read_only(checked)


def read_only(array: Any) -> Array:
    """Return a contiguous view that cannot be written to: Numba compiles a loop again for any other kind of array."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view
