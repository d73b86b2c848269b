"""Signals that end a command in order: what it has begun is undone once, whenever and however often they come."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALLED = 128
"""What a shell adds to the number of a signal for the exit code of the program that it has ended."""

_AGAIN_SECONDS = 1.0
"""How soon an exception is raised again that was lost, as Python loses those in destructors and weak references."""

_BY_DEFAULT: dict[int, Any] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Raise what ends the command at Ctrl-C, `kill`, a service manager's stop or a closed terminal.

    A signal that comes while the command is ending already changes nothing: to end takes seconds, and half undone is
    worse than late. One that the user has this command ignore, as nohup does, stays ignored.
    """
    received: list[int] = []
    before: dict[int, Any] = {
        number: handler for number, handler in _BY_DEFAULT.items() if signal.getsignal(number) is handler
    }

    def end(number: int, _frame: object) -> None:
        if not received:
            received.append(number)
            before[signal.SIGALRM] = signal.signal(signal.SIGALRM, raise_again)
        raise_again()

    def raise_again(*_: object) -> None:
        if _is_ending(sys.exception()):
            return
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
        if received[0] == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(SIGNALLED + received[0])

    for number in tuple(before):
        signal.signal(number, end)
    try:
        yield
    finally:
        if received:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def set_when_ended() -> threading.Event:
    """Return an event that Ctrl-C, `kill`, a service manager's stop or, without nohup, a closed terminal sets.

    What serves until then has files to remove, such as the one with the secret of a served cloud.
    """
    ended = threading.Event()
    for number in _BY_DEFAULT:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: ended.set())
    return ended


def _is_ending(handled: BaseException | None) -> bool:
    """Return whether what is handled at the moment, or what it came from, ends the command."""
    while handled is not None:
        if isinstance(handled, SystemExit | KeyboardInterrupt):
            return True
        handled = handled.__context__
    return False
