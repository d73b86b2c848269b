"""Plays a sort in a program that speaks the batch protocol of docs/any-sort.md, from the child that stands for it.

The adversary is in the program: a question that travels costs some ten microseconds, one that stays a hundredth of
that. Questions are asked one by one only to see whether the program plays by the rules, and what it was asking when it
failed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shlex
import signal
import struct
import subprocess  # nosec B404
import threading
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from worstsort.foreign import command as commands
from worstsort.foreign.address import NTH
from worstsort.foreign.playing import loops
from worstsort.foreign.playing.asking import Answers
from worstsort.foreign.playing.context import (
    ANSWERS,
    ASK,
    BREAKS_PROTOCOL,
    COUNT,
    DECISIONS,
    FLAGS,
    HEADER,
    LOW,
    PROGRAM,
    ROW,
    SIZE,
    VALUES,
)
from worstsort.foreign.playing.judging import gas_value, is_game, judge, ranks
from worstsort.foreign.playing.loading import CannotLoad

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from worstsort.foreign.library import Library
    from worstsort.foreign.playing.room import Room

VERSION = 1
"""Of the protocol; the program's first line says it."""

_GREETING = f"worstsort {VERSION}".encode()
_MAX_GREETING_BYTES = 200

_QUESTIONS = 2
"""The mode of a request in which the program asks; 0 and 1 are VALUES and DECISIONS."""

_REQUEST = struct.Struct("<4i")
_QUESTION, _ANSWER = struct.Struct("<2i"), struct.Struct("b")

_PIPE_BYTES = 60_000
"""Of rows that are sent at once: what a pipe takes although nobody reads. So a program and its child cannot wait for
each other, both of them writing."""

_END_SECONDS = 10
"""For a program that has closed its output to end."""

_PR_SET_PDEATHSIG = 1


class Program:
    """A program that plays a sort."""

    def __init__(self, library: Library, content: bytes, room: Room, bounds: Mapping[int, int]) -> None:
        """Start it with these resource limits, in bytes, and wait for its first line.

        Raises:
            CannotLoad, OSError: It cannot be started, or does not speak the protocol.
        """
        command = commands.recorded(content)
        if command.sha256() != library.sha256:
            raise CannotLoad("the files that the command names have changed")
        self._room, libc = room, ctypes.CDLL(None)
        self._is_selection = library.convention == NTH

        def begin() -> None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            for limit, value in bounds.items():
                hard = resource.getrlimit(limit)[1]
                resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))

        self._process = subprocess.Popen(  # nosec B603 - what the user names as the target
            command.words,
            cwd=command.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=begin,  # noqa: PLW1509 - this process has one thread
        )
        room.context[PROGRAM] = self._process.pid
        if self._process.stdin is None or self._process.stdout is None:
            raise CannotLoad("it has no standard input and output")
        self._asked, self._answers = self._process.stdin, self._process.stdout
        greeting = self._answers.readline(_MAX_GREETING_BYTES)
        if greeting[: len(_GREETING)] != _GREETING or greeting[len(_GREETING) :][:1] not in {b" ", b"\n"}:
            said = f"got {greeting.decode('utf-8', 'replace')!r}" if greeting else f"it ended: {self._wait()}"
            raise CannotLoad(
                f"expected '{_GREETING.decode()}' as the first line that {shlex.join(command.words)} writes; {said}"
            )
        room.say(greeting[len(_GREETING) :].strip())

    def play(self, form: int, rows: NDArray[Any], counts: NDArray[np.int64], verdicts: NDArray[np.int64]) -> None:
        """Play every row, and write its comparisons and its verdict, as `loops.play_rows` does."""
        if form & ASK or form == ANSWERS:
            for number, row in enumerate(rows):
                counts[number], verdicts[number] = self._question(form & ~ASK, number, row)
            return
        sent = ranks(rows) if form == VALUES else rows
        step = max(1, _PIPE_BYTES // max(1, sent[0].nbytes))
        for first in range(0, len(rows), step):
            part = sent[first : first + step]
            self._send(_REQUEST.pack(form, self._size, *part.shape) + part.tobytes())
            for number in range(first, first + len(part)):
                counts[number], verdicts[number] = self._result(form, number, rows[number])

    @property
    def _size(self) -> int:
        return int(self._room.context[SIZE])

    def _result(self, form: int, number: int, row: NDArray[Any]) -> tuple[int, int]:
        """Read what became of a row, leave it as a sort that is played here does, and return its count and verdict."""
        state, size = self._room.context, self._size
        state[COUNT], state[ROW] = 0, number
        (count,) = struct.unpack("<q", self._read(8))
        items = np.frombuffer(self._read(4 * size), "<i4")
        values = row if form == VALUES else np.frombuffer(self._read(4 * size), "<i4")
        state[COUNT], state[HEADER : HEADER + size] = count, values
        if count < 0 or (form == DECISIONS and not is_game(values)):
            return count, BREAKS_PROTOCOL
        if form == DECISIONS:
            state[LOW] = gas_value(values)
        lows = state[LOW : LOW + 1] if form == DECISIONS else None
        return count, int(judge(values[np.newaxis], items[np.newaxis], lows, is_selection=self._is_selection)[0])

    def _question(self, form: int, number: int, row: NDArray[Any]) -> tuple[int, int]:
        """Play a row by answering each question; return its count and verdict."""
        state, items, size = self._room.context, self._room.items, self._size
        loops.begin(state, form, row)
        state[ROW] = number
        answers = Answers(form, state)
        self._send(_REQUEST.pack(_QUESTIONS, size, 1, 0))
        while (question := _QUESTION.unpack(self._read(_QUESTION.size)))[0] != -1:
            self._send(_ANSWER.pack(answers.compare(*question)))
        start = len(items) - size
        items[start:] = np.frombuffer(self._read(4 * size), "<i4")
        wrong = loops.judge(state, form, items, start, 1, self._is_selection)
        return int(state[COUNT]), int(state[FLAGS]) | wrong

    def _send(self, content: bytes) -> None:
        try:
            self._asked.write(content)
            self._asked.flush()
        except BrokenPipeError:
            self._end()

    def _read(self, length: int) -> bytes:
        content = self._answers.read(length)
        if len(content) < length:
            self._end()
        return content

    def _wait(self) -> str:
        """Wait until the program has ended, a while at most, and return its exit code in words."""
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return "it closed its standard output and went on"
        return f"exit code {self._process.returncode}"

    def _end(self) -> NoReturn:
        """End as the program has ended, for the parent to see."""
        self._wait()
        code = self._process.returncode
        if code < 0:
            signal.pthread_kill(threading.get_ident(), -code)  # to this thread: another would get it later
        os._exit(code & 0xFF)
