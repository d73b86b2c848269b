"""The callbacks and the loop as machine code, kept on disk. Imported only where Numba is about to compile."""

# mypy: disable-error-code="no-untyped-call"
# Numba's interfaces have no types.

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.core.compiler import Flags
from numba.core.registry import cpu_target
from numba.extending import intrinsic, overload, register_jitable
from numba.np.numpy_support import carray

from worstsort.foreign.playing import answering, context, loops, native
from worstsort.foreign.playing.context import LENGTH, QSORT, QSORT_R
from worstsort.gosort.compiled import kernels
from worstsort.machine_code import kernel_cache
from worstsort.machine_code.compilation import COMPILING

if TYPE_CHECKING:
    from collections.abc import Callable

_I32: Any = types.int32
_I64: Any = types.int64
_CONTEXT = types.CPointer(_I64)
_LESS = types.int32(_I32, _I32, _CONTEXT)
_COMPARE = types.int32(types.CPointer(_I32), types.CPointer(_I32), _CONTEXT)
_COMPARE_PAIRS = types.int32(types.CPointer(_I64), types.CPointer(_I64))

_WORD = ir.IntType(64)


@intrinsic
def _call(_typing: Any, _function: Any, arguments: Any) -> Any:
    """Call the function at an address with a tuple of numbers."""

    def generate(compiling: Any, builder: Any, _signature: Any, values: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [_WORD] * len(arguments)).as_pointer()
        builder.call(builder.inttoptr(values[0], kind), cgutils.unpack_tuple(builder, values[1]))
        return compiling.get_dummy_value()

    return types.void(_I64, arguments), generate


@intrinsic
def _pointer(_typing: Any, _address: Any) -> Any:
    """Take a number for the address of a context."""

    def generate(_compiling: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return builder.inttoptr(values[0], _WORD.as_pointer())

    return _CONTEXT(_I64), generate


call_address: Any = _call
at_address: Any = _pointer
"""Compiled code does not see the first argument of the functions that these are made of."""


def _caller(_function: Any, _arguments: Any) -> Callable[..., None]:
    def call(function: int, arguments: tuple[int, ...]) -> None:
        call_address(_I64(function), arguments)

    return call


def less_of(compare: Callable[..., int], *, whole: bool) -> Callable[..., int]:
    """Build the callback `less`; `whole` hands the context on as an array instead of a pointer."""
    if whole:
        return lambda a, b, x: _I32(compare(a, b, carray(x, (x[LENGTH],))) < 0)
    return lambda a, b, x: _I32(compare(a, b, x) < 0)


def comparator_of(compare: Callable[..., int], *, whole: bool) -> Callable[..., int]:
    """Build the callback that qsort_r takes."""
    if whole:
        return lambda p, q, x: _I32(compare(p[0], q[0], carray(x, (x[LENGTH],))))
    return lambda p, q, x: _I32(compare(p[0], q[0], x))


def pair_comparator_of(compare: Callable[..., int], *, whole: bool) -> Callable[..., int]:
    """Build the callback that qsort takes, which finds the context in the items."""
    if whole:

        def callback(p: Any, q: Any) -> int:
            x = at_address(p[1])
            return _I32(compare(p[0], q[0], carray(x, (x[LENGTH],))))  # type: ignore[no-any-return]

        return callback
    return lambda p, q: _I32(compare(p[0], q[0], at_address(p[1])))


def entry_of(function: Callable[..., int], signature: Any) -> Any:
    """Make a function of C out of one that cannot fail, and return what gives compiled code its address.

    Numba's own `cfunc` calls the function as one that may raise an error and must not be inlined, which costs more than
    a comparison does.
    """

    @intrinsic
    def entry(_typing: Any) -> Any:
        def generate(compiling: Any, builder: Any, _signature: Any, _values: Any) -> Any:
            result, *arguments = map(compiling.get_value_type, (signature.return_type, *signature.args))
            name = builder.module.get_unique_name("callback")
            made = ir.Function(builder.module, ir.FunctionType(result, arguments), name)
            made.linkage = "internal"
            inside = ir.IRBuilder(made.append_basic_block("entry"))
            compiled = compiling.compile_subroutine(inside, function, signature, flags=_inlined())
            _, value = compiling.call_internal_no_propagate(inside, compiled.fndesc, signature, made.args)
            inside.ret(value)
            return builder.ptrtoint(made, _WORD)

        return _I64(), generate

    return entry


def _inlined() -> Any:
    """Return the options of a function that becomes part of its caller."""
    flags: Any = Flags()
    flags.error_model, flags.forceinline, flags.nrt = "numpy", True, True
    return flags


_COMPARES = (answering.compare_values, answering.compare_gas, answering.compare_order)
_SHAPES = {QSORT: (pair_comparator_of, _COMPARE_PAIRS), QSORT_R: (comparator_of, _COMPARE)}


@cache
def callbacks(convention: int) -> Any:
    """Compile the callbacks for a way to take items, or read their machine code from disk.

    Returns:
        A compiled function that takes a form and returns the address of the callback for it.
    """
    _make_callable()
    build, signature = _SHAPES.get(convention, (less_of, _LESS))
    values, decisions, answers = (
        entry_of(build(compare, whole=form == context.ANSWERS), signature) for form, compare in enumerate(_COMPARES)
    )

    def address(form: int) -> int:
        if form == context.VALUES:
            return values()  # type: ignore[no-any-return]
        return decisions() if form == context.DECISIONS else answers()  # type: ignore[no-any-return]

    made = njit(error_model="numpy")(address)
    kernel_cache.keep(made, f"foreign-{convention}", _sources())
    made.compile(_I64(_I64))
    return made


@cache
def loop(form: int) -> Any:
    """Compile the loop for the rows of a form, or read its machine code from disk."""
    _make_callable()
    row = types.Array(_I64 if form == context.VALUES else types.uint8, 2, "C")
    line = types.Array(_I64, 1, "C")
    made = njit(nogil=True, error_model="numpy")(loops.play_rows)
    kernel_cache.keep(made, "foreign-loop", _sources())
    made.compile(types.void(line, row, line, line, line, types.Array(_I32, 1, "C")))
    return made


def prepare(convention: int) -> None:
    """Compile all that a child may need, before it is forked."""
    with COMPILING:
        callbacks(convention)
        for form in range(len(_COMPARES)):
            loop(form)


@cache
def _make_callable() -> None:
    """Let compiled code call the plain functions."""
    kernels.make_callable()
    overload(native.call, strict=False)(_caller)
    answers: tuple[Any, ...] = (
        answering.is_question, answering.decide, answering.order_of, answering.compare_values, answering.compare_gas,
        answering.compare_order,
    )  # fmt: skip
    steps: tuple[Any, ...] = (
        native.run_sort, loops.begin, loops.fill, loops.low_half, loops.judge, loops.judge_selection, loops.in_order,
        loops.value_of,
    )  # fmt: skip
    for answer in answers:
        register_jitable(error_model="numpy", forceinline=answer is not answering.compare_order)(answer)
    for step in steps:
        register_jitable(error_model="numpy")(step)
    for numbas in (cpu_target.typing_context, cpu_target.target_context):
        numbas.refresh()  # within `compile` it takes longer: Numba times each of its steps there


def _sources() -> Any:
    """Return the modules whose functions end up in the machine code."""
    return (sys.modules[__name__], answering, context, loops, native, *kernels.modules())
