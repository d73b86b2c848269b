"""A child process that plays one foreign sort, and the watch over it.

The child is forked, which takes some ten milliseconds, from a process that has compiled callbacks and loops but has
never loaded a foreign library: a fork after that would be a fork among its threads. The parent asks by a pipe and reads
results from memory that both share, among them the count that the callback adds to: so it sees a sort that hangs, at no
cost to one that does not.
"""

from __future__ import annotations

import os
import select
import signal
import struct
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort.foreign.address import COMMANDS, SORT
from worstsort.foreign.playing import context, serving
from worstsort.foreign.playing.loading import CANNOT_LOAD, TRAPPED
from worstsort.foreign.playing.room import Room
from worstsort.plain_text import visible

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from worstsort.foreign.library import Library
    from worstsort.foreign.limits import Limits
    from worstsort.foreign.playing.room import Need

_POLL_SECONDS = 0.05
_OUTPUT_BYTES = 300
"""Of what a sort has printed, the beginning and the end are shown."""

_MEMORY_SHARE = 0.75
"""A crash after having taken this share of the memory that is allowed is put down to the memory."""

_CRASHES: dict[int, str] = {
    signal.SIGSEGV: "it crashed: it reached for memory that is not its own (SIGSEGV)",
    signal.SIGBUS: "it crashed: it reached for memory that is not there (SIGBUS)",
    signal.SIGABRT: "it aborted (SIGABRT)",
    signal.SIGFPE: "it crashed in an arithmetic operation (SIGFPE)",
    signal.SIGILL: "it crashed: it ran into what is no instruction of this processor (SIGILL)",
}


@dataclass(frozen=True)
class Code:
    """The code of a foreign sort.

    Attributes:
        library: What is called in it.
        content: The library's bytes; None for the C library, which is loaded already; a command as JSON.
        given: What the user called it; empty where it came from a record.
    """

    library: Library
    content: bytes | None
    given: str = ""

    @property
    def address(self) -> str:
        """What to give --target to have it, as far as that is known."""
        if self.given:
            return self.given
        library = self.library
        if self.is_program:
            return f"{COMMANDS.get(library.convention, COMMANDS[SORT])} {library.file}"
        form = "" if library.convention == SORT else f"@{library.convention}"
        return f"./{library.file}:{library.symbol}{form}"

    @property
    def is_program(self) -> bool:
        """Whether it is a program, whose questions are not heard one by one."""
        return self.library.kind == "cmd"


class ChildEnded(Exception):
    """A child is no more: the sort crashed, was stopped or could not be loaded.

    Attributes:
        kind: One word for it.
        words: What happened.
        output: What the sort had printed.
    """

    def __init__(self, kind: str, words: str, output: str) -> None:
        super().__init__(words)
        self.kind, self.words, self.output = kind, words, output


class Child:
    """One process that plays one sort."""

    def __init__(self, code: Code, need: Need, limits: Limits, stack_bytes: int | None = None) -> None:
        """Fork it and wait until it has loaded the library; raises ChildEnded if that fails."""
        self.room, self._limits, self._size = Room(need), limits, 0
        self._is_program, self._is_sandboxed, self._is_loaded = code.is_program, code.library.kind == "wasm", False
        self._owner, self._inherited_kib = os.getpid(), _anonymous_kib()
        asked, self._ask = os.pipe()
        self._answered, answer = os.pipe()
        self._output = os.memfd_create("output")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads; they hold nothing here
            self._pid = os.fork()
        if self._pid == 0:
            serving.serve(code, self.room, (asked, answer, self._output), limits, stack_bytes or limits.stack_bytes)
        os.close(asked)
        os.close(answer)
        self._watch_from()
        try:
            self._wait_until_loaded(limits.load_seconds)
        except ChildEnded:
            self.close()
            raise
        self._is_loaded = True

    @property
    def about(self) -> str:
        """What the sort says about itself."""
        return self.room.about

    @property
    def is_inherited(self) -> bool:
        """Whether it belongs to the process that this one was forked from."""
        return self._owner != os.getpid()

    def fileno(self) -> int:
        """Return the descriptor that can be read when the child has answered."""
        return self._answered

    def send(self, form: int, rows: NDArray[Any], size: int) -> None:
        """Have a batch of rows played, which the room must hold; `receive` gets the result."""
        data, _, _ = self.room.batch(form, *rows.shape)
        data[:] = rows
        self._size, self._form, self._shape = size, form, rows.shape
        self.room.context[context.SIZE], self.room.context[context.COUNT] = size, 0
        self.room.context[context.ROW] = 0
        self._watch_from()
        os.write(self._ask, struct.pack("<3q", form, *rows.shape))

    def is_ready(self, seconds: float = _POLL_SECONDS) -> bool:
        """Wait for an answer; return False if there is none yet. Raises ChildEnded if the child is no more."""
        if select.select([self._answered], [], [], seconds)[0]:
            if os.read(self._answered, 1):
                return True
            raise self._ended()
        return False

    def watch(self) -> None:
        """Stop the sort if it has gone on for too long; raises ChildEnded then, or if the child is no more."""
        if os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            raise self._ended()  # although something that it has started holds its pipe open
        row, comparisons = int(self.room.context[context.ROW]), int(self.room.context[context.COUNT])
        limit = self._limits.max_comparisons(self._size)
        if comparisons > limit:
            raise self._stopped("comparisons", f"it was stopped after more than {limit:,} comparisons")
        if (row, comparisons) != self._seen:
            self._watch_from()
            return
        cpu, wall = self.cpu_seconds() - self._cpu, time.monotonic() - self._wall
        # Of a program that answers itself the comparisons are not seen before the end of the row.
        grace = self._limits.grace_seconds(self._size) if self._is_program and not self._form & context.ASK else 0.0
        if cpu > self._limits.silent_cpu_seconds + grace or wall > self._limits.silent_seconds + grace:
            raise self._stopped("hang", f"it was stopped: for {wall:.1f} seconds it had neither compared nor ended")

    def receive(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the counts and verdicts of the batch that was sent last, views of the room."""
        _, counts, verdicts = self.room.batch(self._form, *self._shape)
        return counts, verdicts

    def close(self) -> None:
        """End the child, and whatever it has started, unless another process has forked it."""
        if self._pid and not self.is_inherited:
            self._reap()
        for descriptor in (self._ask, self._answered, self._output):
            os.close(descriptor)

    def _wait_until_loaded(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > deadline:
                what = "write the line that programs begin with" if self._is_program else "load"
                raise self._stopped("load", f"it did not {what} within {seconds:g} seconds")

    def _watch_from(self) -> None:
        self._seen = int(self.room.context[context.ROW]), int(self.room.context[context.COUNT])
        self._cpu, self._wall = self.cpu_seconds(), time.monotonic()

    def cpu_seconds(self) -> float:
        """Return the processor time that who sorts has taken, by the clock that Linux has for each process."""
        process = int(self.room.context[context.PROGRAM]) or self._pid
        try:
            return time.clock_gettime((~process << 3) | 2)
        except OSError:
            return 0.0

    def _reap(self) -> tuple[int, int]:
        """Kill the child and its process group, and return its status and the most memory that it held, in KiB."""
        pid, self._pid = self._pid, 0
        try:
            os.killpg(pid, signal.SIGKILL)  # first: until it is waited for, nobody else can get its number
        except (ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        return status, usage.ru_maxrss

    def _stopped(self, kind: str, words: str) -> ChildEnded:
        self._reap()
        return ChildEnded(kind, words, self._said())

    def _ended(self) -> ChildEnded:
        os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)  # it is to end by itself before it is killed
        status, kib = self._reap()
        if os.WIFEXITED(status):
            code = os.WEXITSTATUS(status)
            if code == CANNOT_LOAD and not self._is_loaded:
                return ChildEnded("load", f"it cannot be loaded: {self._said()}", "")
            if code == TRAPPED and self._is_sandboxed:
                return ChildEnded("crash", f"it crashed: {self._said()}", "")
            return ChildEnded("exit", f"it ended its process, with exit code {code}", self._said())
        number = os.WTERMSIG(status)
        words = _CRASHES.get(number, f"its process was ended by {signal.Signals(number).name}")
        kib -= self._inherited_kib
        if kib * 1024 > _MEMORY_SHARE * self._limits.memory_bytes:
            return ChildEnded("memory", f"{words}, having taken {kib // 1024:,} MiB of memory", self._said())
        return ChildEnded("crash" if number in _CRASHES else "killed", words, self._said())

    def _said(self) -> str:
        size = os.fstat(self._output).st_size
        text = os.pread(self._output, _OUTPUT_BYTES, 0)
        if size > _OUTPUT_BYTES:  # what has failed is in the last line, as of a traceback
            text += b" ... " + os.pread(self._output, _OUTPUT_BYTES, max(_OUTPUT_BYTES, size - _OUTPUT_BYTES))
        return visible(" ".join(text.decode("utf-8", "replace").split()))


def _anonymous_kib() -> int:
    """Return the memory that this process holds and that a fork of it counts as its own."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
