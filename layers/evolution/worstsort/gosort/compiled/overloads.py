"""What compiled code calls instead of two plain functions: one that depends on types, one on machine words.

Imported only where Numba is about to compile.
"""

# mypy: disable-error-code="no-untyped-call"
# Numba's extension interface has no types.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba.cpython.unsafe.numbers import trailing_zeros
from numba.extending import overload

from worstsort.gosort.operations import compare, partial_order, segment_order

if TYPE_CHECKING:
    from collections.abc import Callable

REPLACED: tuple[Callable[..., Any], ...] = (compare.answer, partial_order.lowest_member)

ANSWERS: dict[type, Callable[..., bool]] = {
    partial_order.Order: compare.answer_by_order,
    segment_order.SegmentOrder: compare.answer_within_segment,
}
"""What answers by the type of the game; a `Game` answers by value."""


def register(options: Any) -> None:
    """Let compiled code call these in place of the functions in REPLACED."""
    overload(compare.answer, strict=False, jit_options=options)(answer_for)
    overload(partial_order.lowest_member, strict=False, jit_options=options)(lowest_member_for)


def answer_for(_data: Any, game: Any, _i: Any, _j: Any) -> Callable[..., bool]:
    """Choose the answer by the type of the game."""
    answer = ANSWERS.get(game.instance_class, compare.answer_by_value)

    def compiled_answer(data: Any, game: Any, i: int, j: int) -> bool:
        return answer(data, game, i, j)

    return compiled_answer


def lowest_member_for(_word: Any) -> Callable[[int], int]:
    """Return code that asks the processor for the lowest bit."""
    count_zeros: Any = trailing_zeros

    def compiled_lowest_member(word: int) -> int:
        return count_zeros(word)  # type: ignore[no-any-return]

    return compiled_lowest_member
