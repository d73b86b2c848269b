"""What the zygote imports ahead, and who gets to see it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from worstsort_embedded.processes import ChildProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE = "import os\nmade_by = os.getpid()\nwarmed = []\n"
PROGRAM = "import os, ahead.part\nprint(ahead.part.made_by == os.getpid(), ahead.part.warmed)\n"


@pytest.fixture
def processes() -> Iterator[ChildProcesses]:
    processes = ChildProcesses()
    yield processes
    processes.close(0)


def package(folder: Path, content: str = MODULE) -> Path:
    """Make a package with one module; return the folder that holds the package."""
    (folder / "ahead").mkdir(parents=True)
    (folder / "ahead" / "__init__.py").touch()
    (folder / "ahead" / "part.py").write_text(content)
    return folder


def output(processes: ChildProcesses, packages: Path, folder: Path) -> str:
    """Return what the program prints: whether it imported the module by itself, and what it finds there."""
    program = folder / "program.py"
    program.write_text(PROGRAM)
    reading, writing = os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(packages)}
    child = processes.spawn([sys.executable, str(program)], environment, folder, (nothing, writing))
    os.close(nothing)
    os.close(writing)
    child.wait(60)
    with os.fdopen(reading, encoding="utf-8") as printed:
        return printed.read()


def test_a_program_finds_its_package_imported_and_warm(processes: ChildProcesses, tmp_path: Path) -> None:
    """With the same folder on its path, it imports nothing and sees what the call has left."""
    packages = package(tmp_path / "packages", MODULE + "def warm(word): warmed.append(word)\n")
    processes.preload([packages], "ahead", ("ahead.part", "warm", "up"))
    assert output(processes, packages, tmp_path) == "False ['up']\n"


def test_a_program_whose_package_has_changed_imports_it_anew(processes: ChildProcesses, tmp_path: Path) -> None:
    """It runs what the files say when it starts, as it would without anything ahead."""
    packages = package(tmp_path / "packages")
    processes.preload([packages], "ahead")
    assert output(processes, packages, tmp_path) == "False []\n"
    (packages / "ahead" / "part.py").write_text(MODULE + "warmed.append('changed')\n")
    assert output(processes, packages, tmp_path) == "True ['changed']\n"


def test_a_program_with_another_package_of_the_name_gets_its_own(processes: ChildProcesses, tmp_path: Path) -> None:
    """The search path decides, as for a new version of a stack, whose layer is in another folder."""
    processes.preload([package(tmp_path / "packages")], "ahead")
    other = package(tmp_path / "other", MODULE + "warmed.append('other')\n")
    assert output(processes, other, tmp_path) == "True ['other']\n"


def test_a_package_that_cannot_be_imported_fails_its_program_alone(processes: ChildProcesses, tmp_path: Path) -> None:
    """What is wrong with it is said by the program; others start as ever."""
    packages = package(tmp_path / "packages", "raise ValueError('not today')\n")
    processes.preload([packages], "ahead")
    assert "not today" in output(processes, packages, tmp_path)
    assert output(processes, package(tmp_path / "sound"), tmp_path) == "True []\n"
