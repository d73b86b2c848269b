"""A signal ends a command in order, whenever and however often it comes."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, time
from worstsort_cli.interruption import ended_in_order

def kill():
    os.kill(os.getpid(), int(sys.argv[1]))
    time.sleep(0.01)

class Lost:
    def __del__(self):
        kill()

try:
    with ended_in_order():
        try:
            {body}
            time.sleep(20)
            print("too late")
        finally:
            {cleanup}
            print("undone", flush=True)
except KeyboardInterrupt:
    sys.exit(130)
print("went on")
"""

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def run(number: int, body: str, cleanup: str = "pass") -> tuple[int, str]:
    """Run a program that sends itself a signal; return its exit code and what it prints."""
    program = [sys.executable, "-c", PROGRAM.format(body=body, cleanup=cleanup), str(int(number))]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("number", SIGNALS)
def test_what_was_begun_is_undone(number: int) -> None:
    """The exit code is the one that a shell gives to a program which the signal has ended."""
    assert run(number, "kill()") == (128 + number, "undone\n")


@pytest.mark.parametrize("number", SIGNALS)
def test_one_that_comes_within_a_destructor_is_not_lost(number: int) -> None:
    """Python only prints what is raised there; it is raised again soon."""
    assert run(number, "lost = Lost(); del lost") == (128 + number, "undone\n")


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize(
    "cleanup", ["kill(); kill(); time.sleep(1.2)", "kill(); lost = Lost(); del lost; time.sleep(1.2)"]
)
def test_more_of_them_do_not_keep_it_from_being_undone(number: int, cleanup: str) -> None:
    """Nor does the exception that may have to be raised again."""
    assert run(number, "kill()", cleanup) == (128 + number, "undone\n")


def test_one_that_the_user_has_it_ignore_stays_ignored() -> None:
    """As nohup does, and a shell for what runs in the background of a script."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run(signal.SIGHUP, "kill(); raise SystemExit(7)") == (7, "undone\n")
    finally:
        signal.signal(signal.SIGHUP, before)
