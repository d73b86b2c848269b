"""What it takes to play a sort that is not written in `less` and `swap`: a library or a program of somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@runtime_checkable
class Player(Protocol):
    """Plays a sort that only answers and counts its comparisons.

    All arrays have one individual per row; the arrays that are returned have shape (individuals,).
    """

    def count(self, rows: NDArray[Any], threads: int) -> NDArray[np.int64]:
        """Count the comparisons on every row of integers, shape (individuals, size)."""

    def play(self, choices: NDArray[Any], size: int, threads: int) -> NDArray[np.int64]:
        """Count the comparisons against McIlroy's adversary for every row of choices, as `play_population` does."""

    def answer(self, answers: NDArray[Any], size: int, threads: int) -> NDArray[np.int64]:
        """Count the comparisons against a partial order for every row of answers, as `play_answers` does."""

    def recount(self, values: list[int]) -> int:
        """Count one input apart from everything counted before."""

    def freeze(self, choices: list[int], size: int) -> tuple[list[int], int]:
        """Return the input that these choices freeze, and its comparisons."""

    def freeze_answers(self, answers: list[int], size: int) -> tuple[list[int], int]:
        """Return the input that these answers lead to, and its comparisons."""
