"""Functions that only compiled code calls are compiled as parts of the loops around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import pytest
from numba.extending import register_jitable

from worstsort.machine_code.parts import PartCompiler

if TYPE_CHECKING:
    from collections.abc import Callable


def loop_over_parts(*, inlined: bool) -> Callable[[int], int]:
    """Return a function that calls a part, and a part that calls another."""

    @register_jitable(forceinline=inlined, pipeline_class=PartCompiler)
    def triple_as_part(number: int) -> int:
        return 3 * number

    @register_jitable(forceinline=inlined, pipeline_class=PartCompiler)
    def count_down_as_part(number: int) -> int:
        steps = 0
        while number > 0:
            number = triple_as_part(number) // 6
            steps += 1
        return steps

    def loop(number: int) -> int:
        return triple_as_part(number) + count_down_as_part(number)

    return loop


@pytest.mark.long
@pytest.mark.parametrize("inlined", [True, False])
def test_a_loop_computes_with_its_parts_what_python_does(*, inlined: bool) -> None:
    """Whether parts are inlined or called, the result is that of the plain functions."""
    plain = loop_over_parts(inlined=inlined)
    compiled: Any = numba.njit(plain)
    assert compiled(1000) == plain(1000) == 3010


@pytest.mark.long
def test_a_part_has_no_machine_code_of_its_own() -> None:
    """All machine code of a loop with inlined parts is that of the loop itself."""
    compiled: Any = numba.njit(loop_over_parts(inlined=True))
    compiled(1000)
    (made,) = compiled.overloads.values()
    symbols = made.library.codegen._engine._defined_symbols  # noqa: SLF001 - Numba tells nobody what it has emitted
    functions = [symbol for symbol in symbols if "loop_over_parts" in symbol and "NumbaEnv" not in symbol]
    assert functions
    assert not [symbol for symbol in functions if "_as_part" in symbol]
