"""Numba stays out of the way: absent, unused, or without a place to keep its machine code."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numba
import pytest

if TYPE_CHECKING:
    from pathlib import Path

COUNT = (
    "import numpy; from worstsort.gosort import count_population;"
    "print(count_population(numpy.array([[3, 1, 2]]), 'stable')[0])"
)
"""Counts with the sort that compiles fastest."""


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"} | environment
    return subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the machine code of `COUNT`, for tests to copy."""
    folder = tmp_path_factory.mktemp("compiled")
    assert run(COUNT, NUMBA_CACHE_DIR=str(folder)).stdout.strip() == "3"
    return folder


def test_plain_counting_imports_neither_numba_nor_numpy() -> None:
    """Counting one input pays for neither."""
    code = (
        "import sys; from worstsort.gosort import TARGETS, count_plain, count_comparisons;"
        "count_plain([3, 1, 2], 'go1.24'); count_comparisons([3, 1, 2]);"
        "print('numba' in sys.modules, 'numpy' in sys.modules)"
    )
    assert run(code).stdout.split() == ["False", "False"]


def test_everything_works_without_numba() -> None:
    """Without Numba populations are counted and played in plain Python, with the same result."""
    code = (
        "import sys; sys.modules['numba'] = None; import numpy as np; import importlib.util as u;"
        "find = u.find_spec; u.find_spec = lambda name, *a: None if name == 'numba' else find(name, *a);"
        "from worstsort.gosort import count_population, play_population, freeze;"
        "print(count_population(np.array([[1, 6, 3, 4, 5, 2]]))[0]);"
        "print(play_population(np.zeros((1, 99), np.uint8), 100, 'go1.12')[0])"
    )
    assert run(code).stdout.split() == ["12", "1332"]


@pytest.mark.long
def test_machine_code_is_kept_where_numba_is_told(compiled: Path) -> None:
    """The first process compiles into NUMBA_CACHE_DIR; the second only reads."""
    kept = {path: path.stat().st_mtime_ns for path in compiled.rglob("*.nb?")}
    assert kept
    assert run(COUNT, NUMBA_CACHE_DIR=str(compiled)).stdout.strip() == "3"
    assert {path: path.stat().st_mtime_ns for path in compiled.rglob("*.nb?")} == kept


@pytest.mark.long
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize(
    "damage", [b"", b"no pickle", pickle.dumps(numba.__version__) + b"cworstsort.gosort.operations.blocks\nGone\n."]
)
def test_machine_code_that_cannot_be_read_is_made_anew(
    compiled: Path, tmp_path: Path, kind: str, damage: bytes
) -> None:
    """Kept files that are cut short, damaged, or name what this version no longer has, cost a compilation only."""
    shutil.copytree(compiled, tmp_path, dirs_exist_ok=True)
    (kept,) = tmp_path.rglob(f"*.{kind}")
    kept.write_bytes(damage)
    assert run(COUNT, NUMBA_CACHE_DIR=str(tmp_path)).stdout.strip() == "3"
    assert len(kept.read_bytes()) > len(damage)


@pytest.mark.long
def test_counting_works_where_nothing_can_be_written() -> None:
    """Without any writable folder the machine code is kept in memory only."""
    code = (
        "import numba.core.caching as caching;"
        "caching._CacheLocator.ensure_cache_path = lambda self: open('/nowhere/nothing', 'w');" + COUNT
    )
    assert run(code).stdout.strip() == "3"


@pytest.mark.parametrize(("switch", "compiled"), [("1", False), ("0", True), ("", True)])
def test_whoever_switches_numba_off_gets_the_same_counts_from_plain_python(switch: str, compiled: object) -> None:
    """By Numba's own variable, which is read when a process imports Numba."""
    asked = f"from worstsort.machine_code.compilation import available; print(available()); {COUNT}"
    assert run(asked, NUMBA_DISABLE_JIT=switch).stdout.split() == [str(compiled), "3"]


@pytest.mark.long
def test_of_processes_that_miss_the_same_machine_code_one_makes_it(tmp_path: Path) -> None:
    """The others wait for it and read it, as the islands of a machine's first run do."""
    code = (
        "import worstsort.machine_code.kernel_cache as cache; save = cache._KernelCache.save_overload\n"
        "def told(*arguments): print('made'); save(*arguments)\n"
        f"cache._KernelCache.save_overload = told; {COUNT}"
    )
    variables = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    both = [subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(process.communicate()[0] for process in both) == ["3\n", "made\n3\n"]
