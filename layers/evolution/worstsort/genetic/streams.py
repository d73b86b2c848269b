"""Random numbers without a generator: each draw is a hash of where in the run it is made.

The hash is SplitMix64's output function (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA
2014), applied once per part of the address. Nothing is consumed: draws may be made in any order, by any number of
threads, and a run that was stopped and resumed makes the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from worstsort.genetic.loops import FIRST_FACTOR, GAMMA, SECOND_FACTOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD_MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Streams:
    """The draws of one generation of one island.

    A draw's address is (seed, island, generation, step, part, purpose, individual, draw number): two draws at different
    addresses are independent, two draws at the same address are equal.
    """

    seed: int
    island: int = 0
    generation: int = 0
    step: int = 0
    part: str = ""

    def branch(self, part: str) -> Streams:
        """Return separate streams for one part of a generation, so that it can use any operator again."""
        return replace(self, part=part)

    def at(self, step: int) -> Streams:
        """Return the streams of one step within this generation, for operators that take many steps."""
        return replace(self, step=step)

    def bits(self, purpose: str, individuals: int | NDArray[np.int64], draws: int = 1) -> NDArray[np.uint64]:
        """Draw words of 64 random bits.

        Args:
            purpose: What the draws are for; another purpose is another stream.
            individuals: How many individuals draw (then they are 0, 1, ...), or their numbers.
            draws: How many numbers each of them draws.

        Returns:
            (individuals, draws) unsigned integers.
        """
        rows = (
            np.arange(individuals, dtype=np.uint64) if isinstance(individuals, int) else individuals.astype(np.uint64)
        )
        keys = mix(rows * GAMMA + self.key(purpose))
        numbers = np.arange(1, draws + 1, dtype=np.uint64) * GAMMA
        return mix(keys[:, None] + numbers)

    def key(self, purpose: str) -> np.uint64:
        """Return what all draws for this purpose start from, for loops that make their own (`loops.draw`)."""
        return _key(self.seed, self.island, self.generation, self.step, self.part + purpose)

    def below(
        self, bound: int | NDArray[np.int64], purpose: str, individuals: int | NDArray[np.int64], draws: int = 1
    ) -> NDArray[np.int64]:
        """Draw integers from 0 to bound - 1, uniform to within bound / 2**32.

        Args:
            bound: At least 1, at most 2**32; a number, or an array that broadcasts to (individuals, draws).
            purpose: As in bits.
            individuals: As in bits.
            draws: As in bits.

        Returns:
            (individuals, draws) integers.
        """
        high = self.bits(purpose, individuals, draws) >> np.uint64(32)
        high *= np.asarray(bound, dtype=np.uint64)
        high >>= np.uint64(32)
        return high.view(np.int64)

    def chance(self, probability: float, purpose: str, individuals: int | NDArray[np.int64]) -> NDArray[np.bool_]:
        """Toss a coin per individual: true with the given probability."""
        return self.uniform(purpose, individuals)[:, 0] < probability

    def uniform(self, purpose: str, individuals: int | NDArray[np.int64], draws: int = 1) -> NDArray[np.float64]:
        """Draw (individuals, draws) numbers from [0, 1), multiples of 2**-53."""
        return (self.bits(purpose, individuals, draws) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit words, a bijection (SplitMix64's finaliser); the argument is left as it is."""
    mixed = words ^ (words >> np.uint64(30))
    mixed *= FIRST_FACTOR
    mixed ^= mixed >> np.uint64(27)
    mixed *= SECOND_FACTOR
    mixed ^= mixed >> np.uint64(31)
    return mixed


@lru_cache(maxsize=4096)
def _key(seed: int, island: int, generation: int, step: int, purpose: str) -> np.uint64:
    """Fold an address into one word by repeated hashing, so that no two addresses coincide by arithmetic."""
    word = _hash_name(purpose)
    for part in (seed, island, generation, step):
        word = _mix_int((word + (part & _WORD_MASK) * int(GAMMA) + int(GAMMA)) & _WORD_MASK)
    return np.uint64(word)


@lru_cache(maxsize=256)
def _hash_name(purpose: str) -> int:
    return int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little")


def _mix_int(word: int) -> int:
    """Apply `mix` to a Python integer."""
    word = (word ^ (word >> 30)) * int(FIRST_FACTOR) & _WORD_MASK
    word = (word ^ (word >> 27)) * int(SECOND_FACTOR) & _WORD_MASK
    return word ^ (word >> 31)
