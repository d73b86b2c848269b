"""`worstsort run` as a user starts it, in a process group that a test may kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fault.harness import ROOT, until

if TYPE_CHECKING:
    from collections.abc import Sequence

WORSTSORT = [str(Path(sys.executable).parent / "worstsort")]

OPTIONS = ["--size", "60", "--generations-per-epoch", "20", "--max-epochs", "6"]
"""A run of some seconds."""

PATIENCE_SECONDS = 600
"""How long such a run may take where the counters have to be compiled first, and others want the processors, too."""


def command(
    out: Path, *options: str, program: Sequence[str] = WORSTSORT, project: Path = ROOT, **variables: str
) -> subprocess.Popen[str]:
    """Start the command in a process group of its own, in the folder of a project."""
    return subprocess.Popen(
        [*program, "run", "--out", str(out), "--json", *options], env=os.environ | variables,
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the result that the command printed at its end."""
    printed, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    return dict(json.loads(printed))


def failure(process: subprocess.Popen[str], code: int = 1) -> str:
    """Return what the command said when it failed."""
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == code, said
    assert "Traceback" not in said
    return said


def kill(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> str:
    """Send a signal to the command and everything in its group, and return what it said to the end."""
    os.killpg(process.pid, number)
    return process.communicate(timeout=30)[1]


def until_closed(out: Path, epochs: int) -> Path:
    """Wait until the only run in a folder has kept some epochs, and return the run's folder."""
    until(lambda: list(out.glob("*/input.json")), 60, "the run to begin")
    (folder,) = out.iterdir()
    until(lambda: len(list(folder.glob("state/epoch-*.npz"))) >= epochs, 120, "the epochs")
    return folder
