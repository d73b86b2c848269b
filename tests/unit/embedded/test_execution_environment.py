"""A function's process, and what is said when it does not answer."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from worstsort_embedded.functions import ExecutionEnvironment, RuntimeEnded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from worstsort_embedded.logs import LogStream
    from worstsort_embedded.processes import ChildProcesses


class Log:
    """A log that goes nowhere."""

    def open(self) -> tuple[int, threading.Thread]:
        """Open nothing to print to."""
        thread = threading.Thread(target=int)
        thread.start()
        return os.open(os.devnull, os.O_WRONLY), thread


class Processes:
    """Starts no process: what it would answer is there already, and then it ends, or does not.

    Attributes:
        asked: The lines that it was sent, once it has ended.
    """

    def __init__(self, *answers: object, code: int = 1, ends: bool = True) -> None:
        self._answers, self._code, self._ends = answers, code, ends
        self._socket: socket.socket | None = None

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, streams: tuple[int, int]
    ) -> Processes:
        """Take the streams."""
        assert command
        assert (environment, folder) == ({"NAME": "value"}, Path())
        self._socket = socket.socket(fileno=os.dup(streams[0]))
        for answer in self._answers:
            self._socket.sendall(json.dumps(answer).encode() + b"\n")
        if self._ends:
            self._socket.shutdown(socket.SHUT_WR)
        return self

    def stop(self, grace_seconds: float) -> int:
        """Return the exit code."""
        assert grace_seconds <= 1
        assert self._socket is not None
        self._socket.close()
        return self._code


def start(processes: Processes) -> ExecutionEnvironment:
    """Start a function's process."""
    return ExecutionEnvironment(cast("ChildProcesses", processes), Path(), {"NAME": "value"}, cast("LogStream", Log()))


def test_a_process_that_answers_is_asked_again() -> None:
    """Its first line says that it is warm."""
    environment = start(Processes("warm", {"payload": 1}, {"payload": 2}))
    answers: list[Any] = [environment.ask({"event": {}}, 5) for _ in range(2)]
    assert answers == [{"payload": 1}, {"payload": 2}]
    environment.close()


@pytest.mark.parametrize(("code", "said", "killed"), [(3, "exit status 3", False), (-9, "signal 9", True)])
@pytest.mark.parametrize("answers", [(), ("warm",)])
def test_a_process_that_ends_says_how(answers: tuple[str, ...], code: int, said: str, *, killed: bool) -> None:
    """Before it was warm or after; a signal says nothing about the function."""
    environment = start(Processes(*answers, code=code))
    with pytest.raises(RuntimeEnded, match=said) as ended:
        environment.ask({"event": {}}, 5)
    assert ended.value.killed is killed


def test_a_process_that_does_not_answer_in_time_is_not_waited_for() -> None:
    """The invocation has timed out."""
    environment = start(Processes("warm", ends=False))
    with pytest.raises(TimeoutError):
        environment.ask({"event": {}}, 0.05)
    environment.close()
