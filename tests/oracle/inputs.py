"""Inputs that a sort may be wrong on: for the oracle tests, the property tests and the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort import freeze

if TYPE_CHECKING:
    from collections.abc import Callable

BORDERS = [
    0,
    1,
    2,
    3,
    6,
    7,
    8,
    11,
    12,
    13,
    14,
    19,
    20,
    21,
    31,
    32,
    33,
    39,
    40,
    41,
    42,
    48,
    49,
    50,
    51,
    52,
    63,
    64,
    65,
    127,
    128,
]


def permutations(rng: np.random.Generator, rows: int, size: int, _target: str) -> np.ndarray:
    """Random permutations."""
    return rng.permuted(np.tile(np.arange(size, dtype=np.int64), (rows, 1)), axis=1)


def values(rng: np.random.Generator, rows: int, size: int, _target: str) -> np.ndarray:
    """Random 63-bit numbers, as preset `classic` starts with."""
    return rng.integers(0, 2**63, (rows, size), dtype=np.int64, endpoint=False)


def duplicates(rng: np.random.Generator, rows: int, size: int, _target: str) -> np.ndarray:
    """Rows with 1, 2, 4, ... different numbers."""
    kinds = 2 ** rng.integers(0, 12, (rows, 1))
    return rng.integers(0, 2**40, (rows, size)) % kinds


def runs(rng: np.random.Generator, rows: int, size: int, _target: str) -> np.ndarray:
    """Ascending or descending rows, turned at a random place, with a few exchanges."""
    population = np.sort(rng.integers(0, 3 * size + 1, (rows, size)), axis=1)
    for row in population:
        if rng.random() < 0.5:
            row[:] = row[::-1].copy()
        row[:] = np.roll(row, rng.integers(0, size + 1) * (rng.random() < 0.5))
        for _ in range(rng.integers(0, 6) if size else 0):
            i, j = rng.integers(0, size, 2)
            row[i], row[j] = row[j], row[i]
    return population


def extremes(rng: np.random.Generator, rows: int, size: int, _target: str) -> np.ndarray:
    """Return the ends of the 64-bit range among a few small numbers."""
    return rng.choice(np.array([-(2**63), -(2**63) + 1, -1, 0, 1, 2**63 - 2, 2**63 - 1]), (rows, size))


def adversaries(rng: np.random.Generator, rows: int, size: int, target: str) -> np.ndarray:
    """Freeze what few or many decisions of the two-sided adversary lead to; some with ties or two items exchanged."""
    distinct = min(rows, 1 + 2000 // (size + 1))  # freezing runs in plain Python
    choices = rng.integers(0, 4, (distinct, max(size - 1, 1)), dtype=np.uint8)
    choices[rng.random(choices.shape) > rng.choice([0.02, 0.2, 1.0], (distinct, 1))] = 0
    frozen = np.array([freeze(row, size, target) for row in choices], dtype=np.int64).reshape(distinct, size)
    population = frozen[np.arange(rows) % distinct]
    for row in population[distinct:] if size else []:
        i, j = rng.integers(0, size, 2)
        row[i], row[j] = row[j], row[i]
    return np.where(rng.random((rows, 1)) < 0.3, population // 3, population)


def offspring(rng: np.random.Generator, rows: int, size: int, target: str) -> np.ndarray:
    """Return a generation of a genetic algorithm: crossed and mutated from a few random and a few frozen parents."""
    parents = np.concatenate([values(rng, 4, size, target), adversaries(rng, 2, size, target) * 2**50])
    first, second = parents[rng.integers(0, 6, rows)], parents[rng.integers(0, 6, rows)]
    children = np.where(np.arange(size) < rng.integers(0, size + 1, (rows, 1)), first, second)
    return np.where(rng.random((rows, size)) < 1 / 30, values(rng, rows, size, target), children)


KINDS: dict[str, Callable[[np.random.Generator, int, int, str], np.ndarray]] = {
    make.__name__: make for make in (permutations, values, duplicates, runs, extremes, adversaries, offspring)
}
