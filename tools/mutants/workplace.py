"""Copies of the house in which faults are tried, each with an environment of its own."""

from __future__ import annotations

import fnmatch
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tools.mutants.mutant import ROOT, Mutant

if TYPE_CHECKING:
    from collections.abc import Sequence

QUICK = "not slow and not fault and not oracle"
"""What `make test` runs."""


class Workplace:
    """A copy of the house, whose environment runs the copy's code.

    Attributes:
        folder: Where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT, folder, ignore=_left_out, symlinks=True)
        # Hard links cost no space; what names the environment's folder is written anew.
        shutil.copytree(ROOT / ".venv", folder / ".venv", symlinks=True, copy_function=os.link)
        site = next((folder / ".venv" / "lib").glob("python*/site-packages"))
        for file in (*(folder / ".venv" / "bin").iterdir(), *site.glob("*.pth"), folder / ".venv" / "pyvenv.cfg"):
            _point_to(file, folder)

    def notice(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> bool:
        """Return whether tests fail, or do not end in time, with a fault in its place."""
        target = self.folder / mutant.path
        original = target.read_bytes()
        target.write_text(mutant.text, encoding="utf-8")
        try:
            return not self.passes(tests, seconds)
        finally:
            target.write_bytes(original)

    def passes(self, tests: Sequence[str], seconds: float) -> bool:
        """Return whether tests pass in time."""
        process = subprocess.Popen(
            [
                ".venv/bin/python",
                "-B",
                "-m",
                "pytest",
                "-x",
                "-q",
                "-n",
                "0",
                "-p",
                "no:cacheprovider",
                "-m",
                QUICK,
                *tests,
            ],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(self.folder / ".hypothesis")},
        )
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end_group(process.pid)
            process.wait()


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Return what no test of a copy needs: environments, build products, and the results of runs."""
    return set(fnmatch.filter(names, ".venv*")) | {".aws-sam", "runs"} if Path(folder) == ROOT else set()


def _point_to(file: Path, folder: Path) -> None:
    """Replace the house's folder in a file by the copy's."""
    if file.is_symlink() or not file.is_file():
        return
    content = file.read_bytes()
    if bytes(ROOT) in content:
        mode = file.stat().st_mode
        file.unlink()
        file.write_bytes(content.replace(bytes(ROOT), bytes(folder)))
        file.chmod(mode)


def _end_group(group: int) -> None:
    """End whatever a test run has left behind."""
    for signalled in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, signalled)
        except ProcessLookupError:
            return
        time.sleep(0.2)
