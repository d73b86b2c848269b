"""Copies of the code base in which faults are tried, each with an environment of its own."""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.mutants.mutant import ROOT, Mutant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUICK = "not slow and not fault and not oracle"
"""What `make test` runs."""

HANGS = "a test that does not end"
CRASHES = "pytest, which could not run the tests"

MAX_UNSTEADY = 3
"""More tests than this do not fail by chance."""

_ALL_PASSED, _NONE_FOUND = 0, 5
"""Exit codes of pytest."""


class Selection(NamedTuple):
    """Which tests are run.

    Attributes:
        paths: Files and folders, or single tests, in the order in which they are run.
        without: Files and folders that are left out.
        marked: An expression of marks.
        seconds: After so long without another test's end, one is taken to hang.
    """

    paths: Sequence[str]
    without: Sequence[str] = ()
    marked: str = QUICK
    seconds: float = 240


class FailsAnyway(Exception):
    """Tests fail without a fault, so that they cannot tell whether there is one."""


class Stopped(Exception):
    """Nobody waits for the tests any more."""


class Workplace:
    """A copy of a code base, whose environment runs the copy's code; the code base itself is only read.

    Attributes:
        folder: Where it is.
        unsteady: Tests that have failed without any fault, and are not asked again.
    """

    def __init__(self, folder: Path, house: Path = ROOT) -> None:
        self.folder = folder
        shutil.copytree(
            house, folder, ignore=lambda of, names: _left_out(names) if Path(of) == house else (), symlinks=True
        )
        # Hard links cost no space; what names the environment's folder is written anew.
        shutil.copytree(house / ".venv", folder / ".venv", symlinks=True, copy_function=_link)
        site = next((folder / ".venv" / "lib").glob("python*/site-packages"))
        for file in (*(folder / ".venv" / "bin").iterdir(), *site.glob("*.pth"), folder / ".venv" / "pyvenv.cfg"):
            _point_to(file, house, folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self.unsteady: list[str] = []

    def noticed(self, mutant: Mutant, tests: Selection) -> str:
        """Return the first test that fails with a fault in its place and passes without it; empty where none does.

        Raises:
            FailsAnyway: Tests fail without the fault, too, and not only a few of them.
        """
        while True:
            with self.fault(mutant):
                failed = self.first_failure(tests)
            if failed in {"", HANGS} or not self._fails_anyway(failed, tests):
                return failed
            if failed in self.unsteady or len(self.unsteady) == MAX_UNSTEADY:
                raise FailsAnyway(f"without any fault, too: {', '.join({*self.unsteady, failed})}")
            self.unsteady.append(failed)

    def _fails_anyway(self, failed: str, tests: Selection) -> bool:
        if failed == CRASHES:
            return self._run(tests, "--collect-only") == CRASHES
        return self.first_failure(tests._replace(paths=[failed], without=())) != ""

    def first_failure(self, tests: Selection) -> str:
        """Return the first of some tests that fails, `HANGS` or `CRASHES`; empty where all pass."""
        return self._run(tests)

    def stop(self) -> None:
        """End the tests that run here, whoever waits for them, and begin no others."""
        self._stopped = True
        if self._process and self._process.poll() is None:
            _end_group(self._process.pid)

    @contextmanager
    def fault(self, mutant: Mutant) -> Iterator[None]:
        """Have a fault in its place for a while."""
        target = self.folder / mutant.path
        original = target.read_bytes()
        machine_code = {file: file.read_bytes() for file in self._machine_code()}
        target.write_text(mutant.text, encoding="utf-8")
        try:
            yield
        finally:
            target.write_bytes(original)
            # What was compiled with the fault in it is of no use, and what it took the place of took long to compile.
            for file in self._machine_code():
                if file not in machine_code:
                    file.unlink()
            for file, content in machine_code.items():
                if not file.exists() or file.read_bytes() != content:
                    file.write_bytes(content)

    def _machine_code(self) -> list[Path]:
        return [file for file in (self.folder / "layers").rglob("*.nb[ic]") if file.is_file()]

    def _run(self, tests: Selection, *options: str) -> str:
        remembered = self.folder / ".pytest_cache"
        shutil.rmtree(remembered, ignore_errors=True)
        left_out = [f"--ignore={path}" for path in tests.without] + [f"--deselect={test}" for test in self.unsteady]
        command = [
            ".venv/bin/python",
            "-m",
            "pytest",
            "-x",
            "-q",
            "-n0",
            "--tb=no",
            "-m",
            tests.marked,
            *options,
            *left_out,
        ]
        code = self._end_of([*command, *tests.paths], tests.seconds)
        if code is None:
            return HANGS
        if code in {_ALL_PASSED, _NONE_FOUND}:
            return ""
        return next(iter(_failed(remembered)), CRASHES)

    def _end_of(self, command: Sequence[str], seconds: float) -> int | None:
        """Return a command's exit code, or None once it has said nothing for so long."""
        # Bytecode is known by its source's second and size, which a fault and what it replaces may share.
        variables = {"PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_STORAGE_DIRECTORY": str(self.folder / ".hypothesis")}
        with subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | variables,
        ) as process:
            self._process = process
            try:
                if self._stopped or not _ends(process, seconds):
                    return None
            finally:
                _end_group(process.pid)
                if self._stopped:
                    raise Stopped
            return process.wait()


def _failed(remembered: Path) -> list[str]:
    """Return the tests that failed, as pytest remembers them for its option --last-failed."""
    file = remembered / "v" / "cache" / "lastfailed"
    return list(json.loads(file.read_text())) if file.exists() else []


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait until a process ends or says nothing for so long; return whether it ended."""
    stream = process.stdout
    if stream is None:
        raise ValueError("the process's output must be a pipe")
    os.set_blocking(stream.fileno(), False)
    heard = time.monotonic()
    while process.poll() is None:
        if stream.read():
            heard = time.monotonic()
        if time.monotonic() - heard > seconds:
            return False
        time.sleep(0.05)
    return True


def _left_out(names: list[str]) -> set[str]:
    """Return what no test of a copy needs: environments, build products, and the results of runs."""
    return {*fnmatch.filter(names, ".venv*"), ".aws-sam", "runs"}


def _link(source: str, target: str) -> None:
    """Give a file a second name, or where the file system cannot do that, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _point_to(file: Path, house: Path, folder: Path) -> None:
    """Replace the code base's folder in a file by the copy's."""
    if file.is_symlink() or not file.is_file():
        return
    content = file.read_bytes()
    if bytes(house) in content:
        mode = file.stat().st_mode
        file.unlink()
        file.write_bytes(content.replace(bytes(house), bytes(folder)))
        file.chmod(mode)


def _end_group(group: int) -> None:
    """End whatever a test run has left behind."""
    for signalled in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, signalled)
        except ProcessLookupError:
            return
        time.sleep(0.2)
