"""The commands with a sort of the user's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.support import foreign_sorts
from tests.support.command import worstsort
from tests.support.foreign_sorts import HEADER, needs_cc

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_cc


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with both libraries."""
    made = tmp_path_factory.mktemp("foreign")
    for name in ("bad", "sorts"):
        foreign_sorts.build(name, made)
    return made


def test_count_takes_a_library(folder: Path) -> None:
    """Insertion sort compares each pair of a descending list."""
    counted = worstsort("count", "--target", "./bad.so:good", cwd=folder, given="[4, 3, 2, 1]")
    assert (counted.returncode, counted.stdout) == (0, "6\n")


def test_a_sort_that_is_found_out_leaves_a_file_that_shows_it_again(folder: Path, tmp_path: Path) -> None:
    """The exit code is 1, and the command in the message finds the same again."""
    given = json.dumps(list(range(400)))
    counted = worstsort("count", "--target", f"{folder}/bad.so:crashes", cwd=tmp_path, given=given)
    assert counted.returncode == 1
    assert "was found out: it crashed" in counted.stderr
    found = json.loads((tmp_path / "counterexample.json").read_text())
    assert f"see it again with: {found['found_out']['command']}" in counted.stderr
    again = worstsort(*found["found_out"]["command"].split()[1:], cwd=tmp_path)
    assert again.returncode == 1
    assert again.stderr == counted.stderr


def test_what_is_no_sort_is_refused(folder: Path) -> None:
    """The exit code is 2, before anything is counted."""
    counted = worstsort("count", "--target", "./bad.so:loses_an_item", cwd=folder, given="[2, 1]")
    assert (counted.returncode, counted.stdout) == (2, "")
    assert "lost an item" in counted.stderr


def test_the_header_is_printed() -> None:
    """It can be piped into a file and compiled."""
    printed = worstsort("targets", "--header")
    assert printed.stdout == (HEADER / "worstsort.h").read_text()


@pytest.mark.parametrize(
    ("symbol", "code", "said"),
    [
        ("merging", 0, "it grows as n log n does"),
        ("quick", 1, "it is quadratic, or close to that"),
        ("crashes", 2, ""),
    ],
)
def test_check_tells_by_its_exit_code(folder: Path, tmp_path: Path, symbol: str, code: int, said: str) -> None:
    """0 within the bounds, 1 beyond, 2 for a sort that misbehaves."""
    library = "bad" if symbol == "crashes" else "sorts"
    checked = worstsort(
        "check", "--target", f"{folder}/{library}.so:{symbol}", "--sizes", "500,2000", "--seconds", "0", cwd=tmp_path
    )
    assert checked.returncode == code, checked.stderr
    assert said in checked.stdout
    assert (tmp_path / "worst.json").exists() is (code != 2)
    assert (tmp_path / "counterexample.json").exists() is (code == 2)


def test_check_writes_its_verdict_for_programs(folder: Path, tmp_path: Path) -> None:
    """The JSON and the JUnit file say the same of each bound, and the worst input takes what is said."""
    target = f"{folder}/sorts.so:merging"
    checked = worstsort(
        "check", "--target", target, "--sizes", "300,900", "--at-most", "0.5", "--seconds", "0", "--junit", "j.xml",
        "--json", cwd=tmp_path,
    )  # fmt: skip
    verdict = json.loads(checked.stdout)
    suite = ET.parse(tmp_path / "j.xml").getroot()  # noqa: S314 - the product's own
    failed = {case.get("name") for case in suite if case.find("failure") is not None}
    assert checked.returncode == 1
    assert (
        failed == {check["check"] for check in verdict["checks"] if not check["passes"]} == {"300 items", "900 items"}
    )
    worst = max(verdict["sizes"], key=lambda found: found["ratio"])
    counted = worstsort("count", "--target", target, "worst.json", cwd=tmp_path)
    assert counted.stdout == f"{worst['comparisons']}\n"


def test_check_compares_with_a_baseline(folder: Path, tmp_path: Path) -> None:
    """A sort that takes more than 5 % more comparisons than its former self is beyond the bounds."""
    command = ("check", "--sizes", "300", "--seconds", "0", "--at-most", "1000")
    first = worstsort(*command, "--target", f"{folder}/sorts.so:merging", "--update-baseline", cwd=tmp_path)
    same = worstsort(*command, "--target", f"{folder}/sorts.so:merging", cwd=tmp_path)
    worse = worstsort(*command, "--target", f"{folder}/sorts.so:go_heapsort", cwd=tmp_path)
    assert (first.returncode, same.returncode, worse.returncode) == (0, 0, 1)
    assert "baseline of 300 items" in worse.stderr
