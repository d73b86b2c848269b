"""A first run as a person sees it, read through a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.command import COMMAND, ROOT
from tests.support.patience import patience

if TYPE_CHECKING:
    from pathlib import Path

QUIET_SECONDS = 2.0
"""The longest silence that a person is to wait through, on a machine that does nothing else."""

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Seen:
    """What a command has shown in a terminal.

    Attributes:
        lines: All that was ever shown, frame by frame, without what moves the cursor or colours.
        quiet: The longest silence, divided by what the machine's load allowed for at that moment, in seconds.
        code: The exit code.
    """

    lines: list[str]
    quiet: float
    code: int


def watched(columns: int, arguments: list[str], **variables: str) -> Seen:
    """Run the command in a terminal of a width, and note when it shows something."""
    sizes = {"COLUMNS", "LINES"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and name not in sizes}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execve(COMMAND[0], [*COMMAND, *arguments], kept | {"TERM": "xterm-256color", **variables})  # noqa: S606
    shown, quiet, before = b"", 0.0, time.monotonic()
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        now = time.monotonic()
        quiet = max(quiet, (now - before) / patience(1.0))
        if not ready:
            continue
        before = now
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux's word for a terminal that everybody has closed
            part = b""
        if not part:
            break
        shown += part
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", _CONTROL.sub("\n", shown.decode())) if line.strip()]
    return Seen(lines, quiet, os.waitstatus_to_exitcode(status))


def check(seen: Seen, columns: int) -> None:
    """Check that a run of three epochs was shown as it should be."""
    assert seen.code == 0, seen.lines[-10:]
    assert seen.quiet <= QUIET_SECONDS
    text = "\n".join(seen.lines)
    for said in (
        "starting the cloud",
        "epoch 1 of 3",
        "epoch 3 of 3",
        "best ",
        "about 0:0",
        "% of the bound",
        "champion: ",
    ):
        assert said in text, said
    assert re.search(r"━+─* \d:\d\d:\d\d", text)
    assert [line for line in seen.lines if len(line) > columns and "/" not in line] == []


SMALL = [
    "--preset", "blackbox", "--target", "go1.12", "--size", "60", "--max-epochs", "3", "--generations-per-epoch", "40",
]  # fmt: skip


@pytest.mark.parametrize("columns", [60, 120])
def test_a_run_is_never_silent_for_two_seconds(columns: int, tmp_path: Path) -> None:
    """It says what it is doing, with bar, time and best, however narrow the terminal; the summary wraps on words."""
    seen = watched(columns, ["run", *SMALL, "--seed", str(columns), "--out", str(tmp_path)])
    check(seen, columns)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 120])
def test_the_first_run_on_a_machine_is_never_silent_either(columns: int, tmp_path: Path) -> None:
    """It says that it compiles, what for, that this is done once, and how long it may take."""
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "compiled")}
    seen = watched(columns, ["run", *SMALL, "--out", str(tmp_path)], **cache)
    check(seen, columns)
    assert any("compiling the counters of go1.12, once: about" in line for line in seen.lines)
