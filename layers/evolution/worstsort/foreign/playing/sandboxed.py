"""Plays a sort in WebAssembly, with the adversary in a second module: no comparison leaves the machine code.

Wasmtime bounds what the sort can reach: its own memory and nothing else. The child around it bounds its time.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from importlib import resources
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import wasmtime
from wasmtime._bindings import wasmtime_config_async_stack_size_set

from worstsort.foreign.playing import loops, module_cache
from worstsort.foreign.playing.asking import Answers
from worstsort.foreign.playing.context import ANSWERS, COUNT, DECISIONS, FLAGS, HEADER, LOW, ROW, SIZE, VALUES
from worstsort.foreign.playing.judging import judge, ranks
from worstsort.foreign.playing.loading import ABI, TRAPPED, CannotLoad

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.foreign.library import Library
    from worstsort.foreign.playing.room import Room

_ITEMS, _INITIALIZE, _TABLE = "worstsort_items", "_initialize", "__indirect_function_table"
"""What a module may export beside its sort: where items go, what Go's runtime begins with, and C's functions."""

_PAGE = 2**16
_ROWS_AT = 64
"""Where rows begin in the adversary's memory, after what it shares."""

_ABOUT_BYTES = 200

_BATCH_BYTES = 2**24
_LOOK_SECONDS = 0.02
"""Between two looks at the comparisons that a sort has made, for the process that watches."""

_STACK_RESERVE = 2**20
"""Bytes of the thread's stack that are not the sort's."""

_TRAPS = {
    "call stack exhausted": "its recursion is too deep for its stack",
    "out of bounds memory access": "it reached for memory that is not its own",
    "unreachable": "it aborted",
}


class Sandboxed:
    """A function in a module of WebAssembly."""

    def __init__(self, library: Library, content: bytes, room: Room, memory_bytes: int, stack_bytes: int) -> None:
        """Compile and start the module; raises CannotLoad, or an error of wasmtime's, if that fails."""
        configured = wasmtime.Config()
        # Wasmtime holds a stack to the bound of its asynchronous ones, too, for which its Python has no name.
        wasmtime_config_async_stack_size_set(configured.ptr(), stack_bytes)
        configured.max_wasm_stack = stack_bytes - _STACK_RESERVE
        configured.memory_may_move = False  # the comparisons are read where they are
        self._library, self._memory_bytes, self._room = library, memory_bytes, room
        self._engine = wasmtime.Engine(configured)
        self._module = module_cache.compiled(self._engine, content)
        self._store = self._opened()
        adversary = _exports(wasmtime.Instance(self._store, self._adversary(), []), self._store)
        self._memory, self._low = adversary["memory"], adversary["low"]
        self._sort = _Sort(
            self._engine, self._store, self._module, library, adversary["less"], adversary["less_with_context"]
        )
        self._play = self._driven(adversary)
        self._shared, self._first = self._view(0, 2, np.int64), 0
        room.say(self._sort.about())
        self._is_playing = threading.Event()
        threading.Thread(target=self._show, daemon=True).start()

    def play(self, form: int, rows: NDArray[Any], counts: NDArray[np.int64], verdicts: NDArray[np.int64]) -> None:
        """Play every row, and write its comparisons and its verdict, as `loops.play_rows` does."""
        try:
            if form == ANSWERS:
                for number, row in enumerate(rows):
                    counts[number], verdicts[number] = self._answered(number, row)
                return
            step = max(1, _BATCH_BYTES // (8 * self._size + rows.shape[1]))
            for self._first in range(0, len(rows), step):
                part = slice(self._first, self._first + step)
                counts[part], verdicts[part] = self._batch(form, rows[part])
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            self._end(error)

    @property
    def _size(self) -> int:
        return int(self._room.context[SIZE])

    def _opened(self) -> wasmtime.Store:
        store = wasmtime.Store(self._engine)
        store.set_limits(memory_size=self._memory_bytes)
        wasi = wasmtime.WasiConfig()
        wasi.inherit_stdout()
        wasi.inherit_stderr()
        store.set_wasi(wasi)
        return store

    def _adversary(self) -> wasmtime.Module:
        """Return what answers, under one name for each way in which sorts ask."""
        plain = _text("less.wat", NAME="less", CONTEXT="")
        with_context = _text("less.wat", NAME="less_with_context", CONTEXT="(param i32)")
        return self._helper("adversary.wat", LESS_WITH_CONTEXT=with_context, LESS=plain)

    def _helper(self, name: str, **put_in: str) -> wasmtime.Module:
        return wasmtime.Module(self._engine, bytes(wasmtime.wat2wasm(_text(name, **put_in))))

    def _driven(self, adversary: Any) -> Any:
        """Return the loop around the sort."""
        arguments = ["(local.get $items)", "(local.get $n)"]
        if self._sort.is_selection:
            arguments.append("(i32.shr_u (local.get $n) (i32.const 1))")
        if self._sort.takes_less:
            arguments += ["(local.get $less)", "(i32.const 0)"]
        parameters = " ".join("i32" for _ in arguments)
        linker = wasmtime.Linker(self._engine)
        for name in ("memory", "begin", "low"):
            linker.define(self._store, "adversary", name, adversary[name])
        linker.define(self._store, "sort", "memory", self._sort.memory)
        linker.define(self._store, "sort", "sort", self._sort.function)
        module = self._helper("driver.wat", ARGUMENTS=" ".join(arguments), PARAMETERS=parameters)
        return linker.instantiate(self._store, module).exports(self._store)["play"]

    def _view(self, start: int, length: int, kind: Any) -> NDArray[Any]:
        """Return a part of the adversary's memory as an array."""
        address = ctypes.addressof(self._memory.data_ptr(self._store).contents) + start
        size = length * np.dtype(kind).itemsize
        return np.frombuffer((ctypes.c_ubyte * size).from_address(address), kind)

    def _batch(self, form: int, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        size, number = self._size, len(rows)
        genes = rows.size if form == DECISIONS else 0
        lengths = (_ROWS_AT, -(-genes // 8) * 8, 8 * number, 8 * number, 4 * number * size)
        genes_at, counts_at, broken_at, values_at, sorted_at = accumulate(lengths)
        missing = sorted_at + 4 * number * size - self._memory.data_len(self._store)
        if missing > 0:
            self._memory.grow(self._store, -(-missing // _PAGE))
        values = self._view(values_at, number * size, np.int32).reshape(number, size)
        if form == DECISIONS:
            self._view(genes_at, genes, np.uint8)[:] = rows.ravel()
            values[:] = -1
        else:
            values[:] = ranks(rows)
        self._values = rows if form == VALUES else values
        place, length = self._sort.room(size), rows.shape[1] if form == DECISIONS else 0
        self._is_playing.set()
        self._play(
            self._store,
            place,
            size,
            number,
            length,
            self._sort.less,
            genes_at,
            values_at,
            sorted_at,
            counts_at,
            broken_at,
        )
        self._is_playing.clear()
        counts = self._view(counts_at, number, np.int64).copy()
        broken, lows = self._view(broken_at, 2 * number, np.int32).reshape(number, 2).T
        items = self._view(sorted_at, number * size, np.int32).reshape(number, size)
        is_selection = self._sort.is_selection
        verdicts = judge(self._values, items, lows if form == DECISIONS else None, is_selection=is_selection) | broken
        self._leave(number - 1, int(counts[-1]), int(lows[-1]))
        return counts, verdicts

    def _leave(self, row: int, count: int, low: int) -> None:
        """Leave the context as a sort that is played without a sandbox does."""
        state = self._room.context
        state[ROW], state[COUNT], state[LOW] = self._first + row, count, low
        state[HEADER : HEADER + self._size] = self._values[row]

    def _answered(self, number: int, row: NDArray[Any]) -> tuple[int, int]:
        """Play a row in an instance of its own that asks this process; return its count and verdict."""
        state, items, size = self._room.context, self._room.items, self._size
        loops.begin(state, ANSWERS, row)
        state[ROW] = number
        answers, store, word = Answers(ANSWERS, state), self._opened(), wasmtime.ValType.i32()
        less = wasmtime.Func(store, wasmtime.FuncType([word] * 2, [word]), lambda a, b: int(answers.compare(a, b) < 0))
        kind = wasmtime.FuncType([word] * 3, [word])
        with_context = wasmtime.Func(store, kind, lambda a, b, _: int(answers.compare(a, b) < 0))
        sort = _Sort(self._engine, store, self._module, self._library, less, with_context)
        start = len(items) - size
        items[start:] = sort.of(np.arange(size, dtype="<i4"))
        wrong = loops.judge(state, ANSWERS, items, start, 1, sort.is_selection)
        return int(state[COUNT]), int(state[FLAGS]) | wrong

    def _show(self) -> None:
        """Have the process that watches see how far the sort is."""
        while self._is_playing.wait():
            self._room.context[COUNT] = self._shared[0]
            self._room.context[ROW] = self._first + int(self._shared[1] & 0xFFFFFFFF)
            time.sleep(_LOOK_SECONDS)

    def _end(self, error: Exception) -> NoReturn:
        """End this process, and say what the sort has done."""
        if isinstance(error, wasmtime.ExitTrap):
            os._exit(error.code)
        if self._is_playing.is_set():
            self._is_playing.clear()
            self._leave(int(self._shared[1] & 0xFFFFFFFF), int(self._shared[0]), self._low.value(self._store))
        said = next((words for trap, words in _TRAPS.items() if trap in str(error)), "it did what its machine forbids")
        os.write(2, said.encode())
        os._exit(TRAPPED)


def _text(name: str, **put_in: str) -> str:
    """Return the text of a module of ours, with words put where a name stands for them."""
    text = resources.files(__package__).joinpath(name).read_text()
    for place, words in put_in.items():
        text = text.replace(place, words)
    return text


def _exports(instance: wasmtime.Instance, store: wasmtime.Store) -> Any:
    """Return what an instance exports, by name, as what it is used for."""
    return instance.exports(store)


class _Sort:
    """An instance of a module, and how its sort is called."""

    def __init__(
        self,
        engine: wasmtime.Engine,
        store: wasmtime.Store,
        module: wasmtime.Module,
        library: Library,
        less: Any,
        with_context: Any,
    ) -> None:
        """Start it, with two functions that it may ask; raises CannotLoad, or an error of wasmtime's, if that fails."""
        self._store, self.is_selection = store, library.convention == "nth"
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        linker.define(store, "worstsort", "less", less)
        self._exports = _exports(linker.instantiate(store, module), store)
        names = [export.name for export in module.exports]
        if library.symbol not in names or "memory" not in names:
            raise CannotLoad(f"expected a memory and a function {library.symbol}; it exports {', '.join(names[:20])}")
        if _INITIALIZE in names:
            self._exports[_INITIALIZE](store)
        self.function, self.memory = self._exports[library.symbol], self._exports["memory"]
        given = len(self.function.type(store).params)
        self.takes_less = given - self.is_selection == 4
        if given - self.is_selection not in {2, 4}:
            raise CannotLoad(f"{library.symbol} takes {given} numbers: expected items, n and, as in C, less and ctx")
        self.less = self._in_table(with_context) if self.takes_less else 0
        self._place = self._exports[_ITEMS] if _ITEMS in names else None
        self._held = self._own = 0

    def about(self) -> bytes:
        """Return what the module says about itself, if it is of this version of the contract; else raise CannotLoad."""
        abi, about = self._exports.get("worstsort_abi"), self._exports.get("worstsort_about")
        if abi is not None and abi(self._store) != ABI:
            raise CannotLoad(f"expected version {ABI} of worstsort.h, got {abi(self._store)}")
        if about is None:
            return b""
        start = about(self._store)
        text: bytes = bytes(self.memory.read(self._store, start, start + _ABOUT_BYTES))
        return text.partition(b"\0")[0]

    def _in_table(self, function: Any) -> int:
        """Give the sort a function to call."""
        table = self._exports.get(_TABLE)
        if table is None:
            raise CannotLoad("a sort that is given less needs its table: -Wl,--export-table,--growable-table")
        index: int = table.grow(self._store, 1, function)
        return index

    def room(self, size: int) -> int:
        """Return where so many items can be put: where the module says, or at the end of its memory."""
        if self._place is not None:
            given = [size] if self._place.type(self._store).params else []
            place: int = self._place(self._store, *given)
            return place
        if size > self._held:
            self._held, self._own = size, _PAGE * self.memory.grow(self._store, -(-4 * size // _PAGE))
        return self._own

    def of(self, items: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return items as the sort orders them."""
        size, at = len(items), self.room(len(items))
        self.memory.write(self._store, items.tobytes(), at)
        middle = [size // 2] if self.is_selection else []
        self.function(self._store, at, size, *middle, *([self.less, 0] if self.takes_less else []))
        return np.frombuffer(self.memory.read(self._store, at, at + 4 * size), np.int32)
