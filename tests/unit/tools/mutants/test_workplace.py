"""How faults are tried: in copies of a small house, with real test runs."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tools.mutants.mutant import Mutant, make
from tools.mutants.trying import Trial
from tools.mutants.workplace import CRASHES, HANGS, FailsAnyway, Selection, Stopped, Workplace

pytestmark = pytest.mark.long

SOURCE = "def value():\n    return 1\n"
SETTINGS = "[pytest]\npythonpath = .\nmarkers =\n    slow\n    fault\n    oracle\n"
TESTS = """
import pytest
from module import value

def test_looks_away():
    assert callable(value)

def test_looks():
    assert value() == 1

@pytest.mark.slow
def test_takes_long():
    assert value() != 3
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a house with one function, three tests, and an environment that has what this one has."""
    folder = tmp_path_factory.mktemp("small") / "house"
    packages = folder / f".venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    packages.mkdir(parents=True)
    (packages / "given.pth").write_text(str(Path(pytest.__file__).parents[1]))
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(Path(sys.executable).resolve())
    (folder / ".venv" / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "module.py").write_text(SOURCE)
    (folder / "test_module.py").write_text(TESTS)
    return folder


@pytest.fixture(scope="module")
def workplace(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Copy the house."""
    return Workplace(tmp_path_factory.mktemp("workplaces") / "0", house)


def mutant(text: str) -> Mutant:
    return make("module.py", 2, SOURCE, text)


def test_a_fault_is_noticed_by_the_first_test_that_fails(workplace: Workplace) -> None:
    """Which passes without it; the copy is whole again then."""
    assert workplace.noticed(mutant("def value():\n    return 2\n"), Selection(["."])) == "test_module.py::test_looks"
    assert (workplace.folder / "module.py").read_text() == SOURCE


def test_a_fault_that_no_test_sees_is_noticed_by_none(workplace: Workplace) -> None:
    """Nor by one that is left out, or not marked as asked for."""
    assert workplace.noticed(mutant("def value():\n    return 1.0\n"), Selection(["."])) == ""
    other = mutant("def value():\n    return 3\n")
    assert workplace.noticed(other, Selection(["."], ["test_module.py"])) == ""
    assert workplace.noticed(other, Selection(["."], marked="slow")) == "test_module.py::test_takes_long"


def test_a_module_that_cannot_be_imported_is_noticed(workplace: Workplace) -> None:
    """By the tests that import it."""
    assert workplace.noticed(mutant("value\n"), Selection(["."])) == "test_module.py"


def test_a_process_that_dies_is_noticed(workplace: Workplace) -> None:
    """Though pytest cannot say then which test it was."""
    assert workplace.noticed(mutant("import os\ndef value():\n    os._exit(7)\n"), Selection(["."])) == CRASHES


@pytest.mark.slow
def test_a_test_that_does_not_end_is_noticed(workplace: Workplace) -> None:
    """After the time that a test may take, and nothing of it goes on."""
    endless = mutant("import time\ndef value():\n    time.sleep(999)\n")
    assert workplace.noticed(endless, Selection(["."], seconds=20)) == HANGS
    assert (workplace.folder / "module.py").read_text() == SOURCE


def test_a_test_that_fails_without_any_fault_notices_nothing(house: Path, tmp_path: Path) -> None:
    """It is named, so that it can be mended, and the others are asked."""
    copy = Workplace(tmp_path / "unsteady", house)
    (copy.folder / "test_a.py").write_text("def test_fails():\n    raise ValueError\n")
    assert copy.noticed(mutant("def value():\n    return 2\n"), Selection(["."])) == "test_module.py::test_looks"
    assert copy.unsteady == ["test_a.py::test_fails"]


def test_tests_that_cannot_be_run_notice_nothing(house: Path, tmp_path: Path) -> None:
    """A folder that is not there, for one."""
    with pytest.raises(FailsAnyway):
        Workplace(tmp_path / "copy", house).noticed(mutant("def value():\n    return 2\n"), Selection(["missing"]))


def test_a_stopped_workplace_gives_no_verdict(house: Path, tmp_path: Path) -> None:
    """Tests that were ended by somebody have noticed nothing."""
    copy = Workplace(tmp_path / "copy", house)
    copy.stop()
    with pytest.raises(Stopped):
        copy.noticed(mutant("def value():\n    return 2\n"), Selection(["."]))
    assert (copy.folder / "module.py").read_text() == SOURCE


def test_what_is_not_over_in_time_has_no_verdict(house: Path, tmp_path: Path) -> None:
    """It is broken off, so that a gate takes no longer than it may, and counts neither as noticed nor as surviving."""
    endless = mutant("import time\ndef value():\n    time.sleep(999)\n")
    copy = Workplace(tmp_path / "copy", house)
    told: list[Mutant] = []
    trial = Trial("near", time.monotonic() + 1, None)
    assert trial.try_all([endless, endless], [copy], lambda each, _: told.append(each)) == []
    assert told == []
    assert (copy.folder / "module.py").read_text() == SOURCE


def test_the_house_itself_is_never_changed(house: Path, workplace: Workplace) -> None:
    """Whatever is tried in its copy, so that a trial that is killed leaves no fault behind."""
    before = {path: path.read_bytes() for path in house.rglob("*") if path.is_file()}
    with workplace.fault(mutant("def value():\n    return 2\n")):
        assert {path: path.read_bytes() for path in house.rglob("*") if path.is_file()} == before
        assert (workplace.folder / "module.py").read_text() != SOURCE
