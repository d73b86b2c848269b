"""Plays a foreign sort for the rest of the code, and says what it was doing when it was found out."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.foreign.errors import Finding, TargetMisbehaved, TargetRefused
from worstsort.foreign.limits import DEFAULT_LIMITS, MAX_ASKED
from worstsort.foreign.playing import context
from worstsort.foreign.playing.child import Child, ChildEnded
from worstsort.foreign.playing.crew import Crew, Stopped
from worstsort.foreign.playing.room import Need
from worstsort.machine_code import compilation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.foreign.library import Library
    from worstsort.foreign.limits import Limits
    from worstsort.foreign.playing.child import Code

_WRONG = {
    context.OUT_OF_RANGE: ("range", "it asked about an item that is not there"),
    context.BREAKS_PROTOCOL: (
        "adapter",
        "its adapter does not play by the rules: no game has this count or these values",
    ),
    context.NO_PERMUTATION: ("lost", "it lost an item or doubled one"),
    context.UNSORTED: ("unsorted", "it left the items out of order"),
    context.UNDECIDED: ("undecided", "it left items uncompared, of which nobody knows which comes first"),
}
"""What a verdict's bits mean, the gravest first."""


_MIN_REPLAYED = 100_000
"""Questions after which a program that was found out is taken to ask for ever, when it is played again: a second's."""


class LibraryPlayer:
    """Plays one function of a library; a `gosort.player.Player`.

    Every call raises TargetMisbehaved when the sort breaks the rules, and TargetRefused when it cannot be loaded.
    """

    def __init__(self, code: Code, limits: Limits = DEFAULT_LIMITS) -> None:
        self.code, self._limits = code, limits
        self._crew = Crew(code, limits)
        self._turn = threading.Lock()

    def count(self, rows: NDArray[Any], threads: int = 1) -> NDArray[np.int64]:
        """Count the comparisons on every row of integers, shape (individuals, size)."""
        return self._play(context.VALUES, np.asarray(rows, np.int64), rows.shape[1], threads)

    def play(self, choices: NDArray[Any], size: int, threads: int = 1) -> NDArray[np.int64]:
        """Count the comparisons for every row of choices; see `gosort.play_population`."""
        return self._play(context.DECISIONS, choices, size, threads)

    def answer(self, answers: NDArray[Any], size: int, threads: int = 1) -> NDArray[np.int64]:
        """Count the comparisons for every row of answers; see `gosort.play_answers`."""
        return self._play(context.ANSWERS, answers, size, threads)

    def recount(self, values: list[int]) -> int:
        """Count one input in a fresh child, twice; a program's comparisons are counted here the second time.

        Raises:
            TargetMisbehaved: The counts differ: the sort remembers something, or draws random numbers, or the adapter
                of a program counts other comparisons than those that its sort makes.
        """
        if len(values) < 2:
            return 0
        row = np.array([values], np.int64)
        crew = Crew(self.code, self._limits)
        try:
            first = int(self._guarded(crew, context.VALUES, row, len(values), 1)[0])
            is_asked = self.code.is_program and first <= MAX_ASKED
            form = context.VALUES | context.ASK if is_asked else context.VALUES
            second = int(self._guarded(crew, form, row, len(values), 1)[0])
        finally:
            crew.close()
        if first != second:
            again = "when it was asked question by question" if is_asked else "when it was given it again"
            words = f"it made {first:,} comparisons on an input, and {second:,} {again}"
            raise self.caught(Finding("state", words, len(values), "values", values, values))
        return first

    def ask(self, choices: NDArray[Any], size: int) -> NDArray[np.int64]:
        """Count as `play` does, but have a program ask question by question."""
        return self._play(context.DECISIONS | context.ASK, choices, size, 1)

    def freeze(self, choices: list[int], size: int) -> tuple[list[int], int]:
        """Return the input that these choices freeze, and its comparisons."""
        if size < 2:
            return list(range(size)), 0
        with self._turn:
            room = self._play_alone(context.DECISIONS, np.array([choices], np.uint8).reshape(1, -1), size)
            return _frozen(room.context, size), int(room.context[context.COUNT])

    def freeze_answers(self, answers: list[int], size: int) -> tuple[list[int], int]:
        """Return the input that these answers lead to, and its comparisons."""
        if size < 2:
            return list(range(size)), 0
        with self._turn:
            room = self._play_alone(context.ANSWERS, np.array([answers], np.uint8).reshape(1, -1), size)
            return _extended(room.context, size), int(room.context[context.COUNT])

    def about(self) -> str:
        """Return what the sort says about itself; raises TargetRefused if it cannot be loaded."""
        prepare(self.code.library)
        try:
            child = Child(self.code, Need(2, 1, 16, context.HEADER + 4), self._limits)
        except ChildEnded as ended:
            raise TargetRefused(self.code.address, ended.words) from ended
        try:
            return child.about
        finally:
            child.close()

    def caught(self, finding: Finding) -> TargetMisbehaved:
        """Return the error that says what the sort did."""
        return TargetMisbehaved(self.code.library.name, finding, self.code.address)

    def cpu_seconds(self) -> float:
        """Return the CPU time that the child which plays has taken so far, for benchmarks."""
        return self._crew.first.cpu_seconds()

    def close(self) -> None:
        """End all children."""
        with self._turn:
            self._crew.close()

    def _play(self, form: int, rows: NDArray[Any], size: int, threads: int) -> NDArray[np.int64]:
        if size < 2 or not len(rows):
            return np.zeros(len(rows), np.int64)  # no sort is asked to sort less than two items
        with self._turn:
            return self._guarded(self._crew, form, rows, size, threads)

    def _play_alone(self, form: int, rows: NDArray[Any], size: int) -> Any:
        """Play one row, and return the room in which its end can be read."""
        self._guarded(self._crew, form, rows, size, 1)
        return self._crew.first.room

    def _guarded(self, crew: Crew, form: int, rows: NDArray[Any], size: int, threads: int) -> NDArray[np.int64]:
        prepare(self.code.library)
        try:
            return crew.play(form, rows, size, threads)
        except ChildEnded as ended:
            raise TargetRefused(self.code.address, ended.words) from ended
        except Stopped as stopped:
            finding = self._finding(crew, stopped, form, rows, size)
            crew.close()
            raise self.caught(finding) from stopped

    def _finding(self, crew: Crew, stopped: Stopped, form: int, rows: NDArray[Any], size: int) -> Finding:
        child, number = stopped.child, stopped.first
        if stopped.ended is None:
            _, verdicts = child.receive()
            wrong = int(np.flatnonzero(verdicts)[0])
            kind, words = next(said for bit, said in _WRONG.items() if verdicts[wrong] & bit)
            number += wrong
            child = self._again(crew, form, rows[number], size) or child
            output = ""
        else:
            number += int(child.room.context[context.ROW])
            ended, asked = stopped.ended, None
            if self.code.is_program and not form & context.ASK:
                asked = self._asked_again(form, rows[number], size)
            if asked is not None and asked.ended is not None:
                child, ended = asked.child, asked.ended
            kind, words, output = ended.kind, ended.words, ended.output
        state = child.room.context
        values = _values(form, state, rows[number], size)
        comparisons = int(state[context.COUNT])
        if kind == "crash" and self._passes_with_deep_stack(form, rows[number], size):
            kind = "stack"
            words = (
                f"it crashed for want of stack: its recursion needs more than {self._limits.stack_bytes // 2**20} MiB, "
                f"and no more than {self._limits.deep_stack_bytes // 2**20} MiB"
            )
        return Finding(
            kind,
            words,
            size,
            context.FORMS[form & ~context.ASK],
            rows[number].tolist(),
            values,
            number,
            comparisons,
            output,
        )

    def _again(self, crew: Crew, form: int, row: NDArray[Any], size: int) -> Child | None:
        """Play a row again by itself, so that its end can be looked at."""
        crew.close()
        try:
            crew.play(form, row[np.newaxis], size, 1)
        except (Stopped, ChildEnded):
            return crew.first
        return None

    def _asked_again(self, form: int, row: NDArray[Any], size: int) -> Stopped | None:
        """Have a program that has failed play a row again, question by question; return how it failed then."""
        crew = Crew(self.code, replace(self._limits, min_comparisons=_MIN_REPLAYED, quadratic_share=1))
        try:
            crew.play(form | context.ASK, row[np.newaxis], size, 1)
        except Stopped as stopped:
            return stopped
        except ChildEnded:
            return None
        finally:
            crew.close()
        return None

    def _passes_with_deep_stack(self, form: int, row: NDArray[Any], size: int) -> bool:
        crew = Crew(self.code, self._limits, self._limits.deep_stack_bytes)
        try:
            crew.play(form, row[np.newaxis], size, 1)
        except (Stopped, ChildEnded):
            return False
        finally:
            crew.close()
        return True


def prepare(library: Library) -> None:
    """Compile what a child needs to play this, before it is forked."""
    if compilation.available():
        from worstsort.foreign.address import CONVENTIONS  # noqa: PLC0415 - together with what it is for
        from worstsort.foreign.playing import compiled  # noqa: PLC0415 - imports Numba

        compiled.prepare(context.QSORT_R if library.kind in {"cmd", "wasm"} else CONVENTIONS.index(library.convention))


def _values(form: int, state: NDArray[np.int64], row: NDArray[Any], size: int) -> list[int]:
    """Return the input on which a sort does what it just did."""
    form &= ~context.ASK
    if form == context.VALUES:
        return [int(value) for value in row]
    return _frozen(state, size) if form == context.DECISIONS else _extended(state, size)


def _frozen(state: NDArray[np.int64], size: int) -> list[int]:
    values = state[context.HEADER : context.HEADER + size]
    return [int(value) for value in np.where(values < 0, state[context.LOW], values)]


def _extended(state: NDArray[np.int64], size: int) -> list[int]:
    """Return each item's rank in an order that agrees with all answers: by how many are known to be smaller."""
    words = (size >> context.WORD_BITS) + 1
    below = state[context.HEADER : context.HEADER + size * words].reshape(size, words)
    smaller = np.bitwise_count(below.view(np.uint64)).sum(axis=1)
    ranks = np.empty(size, np.int64)
    ranks[np.argsort(smaller, kind="stable")] = np.arange(size)
    return [int(rank) for rank in ranks]
