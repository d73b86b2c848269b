"""A test in C of a foreign sort: it compiles without anything else, and tells a bad sort from a good one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.support import foreign_sorts
from tests.support.foreign_sorts import HEADER, SOURCES, needs_cc
from worstsort.foreign.growth import fixed_games
from worstsort.foreign.targets import open_target
from worstsort.gosort import count_plain, freeze
from worstsort.runs.errors import InputRefused
from worstsort_cli.files import c_test
from worstsort_cli.files.sort_input import SortInput

pytestmark = needs_cc

SIZE = 500


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the library of sorts whose growth is known."""
    return foreign_sorts.build("sorts", tmp_path_factory.mktemp("sorts"))


def built(folder: Path, values: list[int], target: str, *source: str) -> subprocess.CompletedProcess[str]:
    """Write the test of an input, compile it with a source, strictly, and run it."""
    for ending, content in c_test.render(SortInput("worst.json", values, target, None), "worst_test").items():
        (folder / f"worst_test{ending}").write_bytes(content)
    command = ["cc", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{HEADER}", "-o", "test", "worst_test.c", *source, "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    return subprocess.run([folder / "test"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("symbol", "code"),
    [("quick", 1), ("merging", 0), ("go_heapsort", 0), ("worstsort_nth@nth", 1), ("plain_qsort@qsort", None)],
)
def test_the_test_fails_for_quadratic_sorts(library: Path, tmp_path: Path, symbol: str, code: int | None) -> None:
    """It makes the comparisons that were counted, however the function takes its items, and says them."""
    target = open_target(f"{library}:{symbol}").name
    values = freeze(fixed_games(SIZE)[0], SIZE, target)
    ran = built(tmp_path, values, target, str(SOURCES / "sorts.c"))
    assert f"{count_plain(values, target)} comparisons for {SIZE} items" in ran.stdout
    assert code in {None, ran.returncode}
    assert ran.stdout.startswith("FAIL" if ran.returncode else "ok")


@pytest.mark.parametrize("function", ["qsort", "qsort_r"])
def test_the_c_librarys_own_sorts_need_no_source(tmp_path: Path, function: str) -> None:
    """They are linked anyway."""
    target = open_target(f"libc:{function}").name
    values = np.random.default_rng(1).permutation(SIZE).tolist()
    ran = built(tmp_path, values, target)
    assert ran.returncode == 0
    assert f"ok: {count_plain(values, target)} comparisons" in ran.stdout


def test_extreme_and_equal_values_are_written_as_c_reads_them(library: Path, tmp_path: Path) -> None:
    """The smallest integer has no literal of its own."""
    target = open_target(f"{library}:go_heapsort").name
    values = [2**63 - 1, -(2**63), 0, 0, -1]
    ran = built(tmp_path, values, target, str(SOURCES / "sorts.c"))
    assert f"{count_plain(values, target)} comparisons" in ran.stdout


@pytest.mark.parametrize(
    ("values", "target", "why"), [([2, 1], "go1.24", "a sort in a library"), ([1], "libc:qsort", "at least 2")]
)
def test_what_has_no_test_in_c_is_refused(values: list[int], target: str, why: str) -> None:
    """Go's sorts have one in Go."""
    name = open_target(target).name if ":" in target else target
    with pytest.raises(InputRefused, match=why):
        c_test.render(SortInput("worst.json", values, name, None), "worst_test")


@pytest.mark.parametrize(("name", "is_name"), [("a_test.c", True), ('a".c', False), ("a.txt", False), (".c", False)])
def test_a_test_is_called_what_it_can_include(name: str, is_name: bool) -> None:  # noqa: FBT001 - a parameter
    """Its name stands between quotes in a line of it."""
    assert c_test.is_name(Path(name)) is is_name
