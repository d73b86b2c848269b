"""Runs of foreign sorts, and what is done with their champions, by the command, each part in its own process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import foreign_sorts
from tests.support.command import ROOT, worstsort
from tests.support.foreign_sorts import needs_cc

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_cc, pytest.mark.slow]

SMALL = ("--size", "30", "--population", "8", "--generations-per-epoch", "2", "--max-epochs", "1", "--islands", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a library, another one with the same functions, and a run's champion for the first."""
    made = tmp_path_factory.mktemp("runs")
    foreign_sorts.build("sorts", made)
    (made / "other.so").write_bytes((made / "sorts.so").read_bytes() + b"\0")
    ran = worstsort("run", "--target", "./sorts.so:quick", *SMALL, cwd=made)
    assert ran.returncode == 0, ran.stderr
    (champion,) = made.glob("runs/*/champion.json")
    shutil.copy(champion, made / "champion.json")
    return made


def test_another_library_counts_only_where_it_is_asked_to(folder: Path) -> None:
    """`verify` refuses other bytes, and with --anyway says what they count."""
    refused = worstsort("verify", "--target", "./other.so:quick", "champion.json", cwd=folder)
    assert refused.returncode == 2
    assert "whose SHA-256 is the recorded one; or --anyway" in refused.stderr
    taken = worstsort("verify", "--anyway", "--target", "./other.so:quick", "champion.json", cwd=folder)
    assert (taken.returncode, "recorded               435" in taken.stdout) == (0, True)
    differs = worstsort("verify", "--anyway", "--target", "./other.so:merging", "--json", "champion.json", cwd=folder)
    assert differs.returncode == 1
    assert json.loads(differs.stdout)[0]["agrees"] is False


def test_a_champion_is_minimised_compared_and_exported(folder: Path) -> None:
    """With the library that it is for, like one of Go's."""
    target = ("--target", "./sorts.so:quick")
    smaller = worstsort("minimise", *target, "--budget", "2000", "champion.json", "--json", cwd=folder)
    assert smaller.returncode == 0, smaller.stderr
    compared = worstsort("transfer", *target, "champion.json", "--json", cwd=folder)
    assert "435" in compared.stdout
    exported = worstsort("export", *target, "champion.json", "--c-test", "-o", "worst_test.c", cwd=folder)
    assert exported.returncode == 0, exported.stderr
    sources = [str(foreign_sorts.SOURCES / "sorts.c"), f"-I{foreign_sorts.HEADER}", "-lm"]
    subprocess.run(["cc", "-o", "worst_test", "worst_test.c", *sources], cwd=folder, check=True)
    tested = subprocess.run([folder / "worst_test", "x"], capture_output=True, text=True, check=False)
    assert "435 comparisons for 30 items" in tested.stdout
    refused = worstsort("export", *target, "champion.json", "--go", cwd=folder)
    assert refused.returncode == 2


def test_the_report_names_what_a_foreign_sort_is_compared_with(folder: Path) -> None:
    """No antiquicksort has been played: its one game says nothing of sorts that look for runs."""
    (report,) = folder.glob("runs/*/report.html")
    assert '"adversary":"fixed games"' in report.read_text()


def test_sorts_are_swept(folder: Path) -> None:
    """All runs of a sweep play the library, and the sweep is compared."""
    swept = worstsort("sweep", "--target", "./sorts.so:go_heapsort", "--seeds", "1-2", *SMALL, "--json", cwd=folder)
    assert swept.returncode == 0, swept.stderr
    assert len(list(folder.glob("sweeps/*/*/champion.json"))) == 2


def test_a_program_is_run_and_verified(tmp_path: Path) -> None:
    """Its champion takes what was recorded when each question is heard."""
    shutil.copy(ROOT / "examples" / "targets" / "python_sort.py", tmp_path)
    target = ("--target", f"cmd: {sys.executable} python_sort.py")
    ran = worstsort("run", *target, *SMALL, "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    (champion,) = tmp_path.glob("runs/*/champion.json")
    verified = worstsort("verify", *target, str(champion), cwd=tmp_path)
    assert (verified.returncode, "the counts agree" in verified.stdout) == (0, True)


def test_a_module_is_run_and_verified(tmp_path: Path) -> None:
    """In a process of its own, like a library."""
    wasmtime = pytest.importorskip("wasmtime")
    (tmp_path / "sorts.wasm").write_bytes(wasmtime.wat2wasm(foreign_sorts.MODULE))
    ran = worstsort("run", "--target", "./sorts.wasm", *SMALL, "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    (champion,) = tmp_path.glob("runs/*/champion.json")
    assert json.loads(champion.read_text())["foreign"]["kind"] == "wasm"
    verified = worstsort("verify", "--target", "./sorts.wasm", str(champion), cwd=tmp_path)
    assert (verified.returncode, "the counts agree" in verified.stdout) == (0, True)
