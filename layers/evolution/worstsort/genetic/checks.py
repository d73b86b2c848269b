"""What the algorithm is given from outside, checked in one place: the first genomes, and the scores of a fitness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from worstsort.genetic.arrays import Fitness, Fitnesses, Genomes
    from worstsort.genetic.representation import Representation

MAX_FITNESS = int(np.iinfo(np.int64).max)
"""The highest fitness; the lowest is 0, as -1 marks what has not been evaluated."""


class InvalidGenomes(ValueError):
    """Genomes that the representation cannot hold."""


class InvalidFitness(ValueError):
    """A fitness cannot be called, or returned something else than one integer of at least 0 per genome."""


class InvalidGenerations(ValueError):
    """A number of generations is not an integer of at least 0."""


class Refine(Protocol):
    """Improves genomes by what a fitness knows of them."""

    def __call__(self, genomes: Genomes, words: NDArray[np.uint64], steps: int) -> Genomes:
        """Return new genomes that are at least as fit, given a random word for each and how much to try."""


@dataclass(frozen=True)
class Checked:
    """A fitness whose scores are checked, and copied to int64.

    Attributes:
        fitness: What scores genomes.
        trusted: Whether it is known to depend on each genome alone, and not to write into its argument. Others evaluate
            copies of parents again, and are given an array that cannot be written to; compiled code is not, as Numba
            compiles all of it again for read-only arrays.
        refine: Improves genomes without scoring each of them anew; None if the fitness cannot.
    """

    fitness: Fitness
    trusted: bool = False
    refine: Refine | None = None

    def __call__(self, genomes: Genomes) -> Fitnesses:
        """Return (individuals,) scores of (individuals, genes); raise InvalidFitness."""
        return _checked_scores(self.fitness(genomes if self.trusted else _read_only(genomes)), len(genomes))


def checked(fitness: Fitness) -> Checked:
    """Return a fitness that checks its scores; one that does already is returned as it is.

    Raises:
        InvalidFitness: It cannot be called.
    """
    if not callable(fitness):
        raise InvalidFitness(f"fitness: given {_shown(fitness)}, allowed: a function from genomes to scores")
    return fitness if isinstance(fitness, Checked) else Checked(fitness)


def trusted(fitness: Fitness, refine: Refine | None = None) -> Checked:
    """Return a fitness that checks its scores and evaluates no copies of parents; its genomes are writable.

    Args:
        fitness: What scores each genome by itself, and writes into none.
        refine: Improves genomes by what it knows of them.
    """
    return Checked(fitness, trusted=True, refine=refine)


def check_generations(generations: Any) -> int:
    """Return a number of generations as an int; raise InvalidGenerations."""
    is_integer = isinstance(generations, (int, np.integer)) and not isinstance(generations, (bool, np.timedelta64))
    if not is_integer or generations < 0:
        raise InvalidGenerations(f"generations: given {_shown(generations)}, allowed: an integer of at least 0")
    return int(generations)


def check_genomes(genomes: Any, representation: Representation | None = None) -> None:
    """Raise InvalidGenomes unless these are integers, (individuals, genes), that a representation can hold.

    Args:
        genomes: What a caller gave.
        representation: What they have to be; None accepts any integers.
    """
    if not isinstance(genomes, np.ndarray) or genomes.ndim != 2 or not genomes.size or genomes.dtype.kind not in "iu":
        raise InvalidGenomes(f"genomes: given {_shown(genomes)}, allowed: integers in an array (individuals, genes)")
    if representation is not None and representation.is_permutation and not _are_permutations(genomes):
        raise InvalidGenomes(
            f"genomes: given rows such as {genomes[0, :6].tolist()}, "
            f"allowed for {representation.name}: each of 0 to {genomes.shape[1] - 1} once per row"
        )


def _are_permutations(genomes: Genomes) -> bool:
    if genomes.min() < 0 or genomes.max() >= genomes.shape[1]:
        return False
    seen = np.zeros(genomes.shape, dtype=bool)
    seen[np.arange(len(genomes))[:, None], genomes] = True
    return bool(seen.all())


def _read_only(genomes: Genomes) -> Genomes:
    """Copy genomes into memory that stays read-only, whatever flags are set."""
    return np.frombuffer(genomes.tobytes(), genomes.dtype).reshape(genomes.shape)


def _checked_scores(scores: ArrayLike | None, count: int) -> NDArray[np.int64]:
    """Return a copy of scores as int64, (count,); raise InvalidFitness."""
    try:
        array = np.array(scores)
    except ValueError as error:
        raise InvalidFitness(_refusal(f"rows of different lengths ({error})", count)) from error
    if array.shape != (count,) or array.dtype.kind not in "iu" or isinstance(scores, np.ma.MaskedArray):
        raise InvalidFitness(_refusal(_shown(scores), count))
    if count and not 0 <= int(array.min()) <= int(array.max()) <= MAX_FITNESS:
        raise InvalidFitness(_refusal(f"{array.min()} to {array.max()}", count))
    return array.astype(np.int64, copy=False)


def _refusal(given: str, count: int) -> str:
    return f"fitness: returned {given}, allowed: {count} integers from 0 to {MAX_FITNESS}, one per genome"


def _shown(value: Any) -> str:
    """Describe a value in a few words."""
    array = value if isinstance(value, np.ndarray) else np.asanyarray(value, dtype=object)
    if array.ndim == 0 and not isinstance(value, np.ndarray):
        return repr(value)[:40]
    kind = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
    return f"{kind} of shape {array.shape}"
