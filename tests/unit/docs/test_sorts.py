"""docs/sorts.md and its picture are what the results say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from benchmarks.sorts import measure
from benchmarks.sorts_at_hand import ROOT, sorts
from benchmarks.sorts_report import is_quadratic, picture, replaced, title

if TYPE_CHECKING:
    from pathlib import Path

RESULTS = json.loads((ROOT / "benchmarks" / "sorts-results.json").read_text())


def test_the_page_has_the_table_of_the_results() -> None:
    """Nothing in it was written by hand."""
    page = (ROOT / "docs" / "sorts.md").read_text()
    assert replaced(page, RESULTS) == page


def test_the_picture_shows_the_results() -> None:
    """It is the one that is drawn from them, well-formed, and has colours for a dark page."""
    drawn = (ROOT / "docs" / "images" / "sorts.svg").read_text()
    assert drawn == picture(RESULTS)
    ET.fromstring(drawn)  # noqa: S314 - a file of this repository
    assert "prefers-color-scheme:dark" in drawn


def test_no_verdict_is_in_doubt() -> None:
    """A sort of n log n grows by less than 1.5 between the sizes, a quadratic one by more than 7."""
    growths = {title(found): found["growth"] for found in RESULTS}
    assert {name for name, growth in growths.items() if 1.5 <= growth <= 7} == set()


def test_the_quadratic_sorts_are_those_that_are_known() -> None:
    """Quicksorts by hand without an end, libc++'s selection, and its sort before release 14."""
    quadratic = {(title(one), one["version"].partition(".")[0]) for one in RESULTS if is_quadratic(one)}
    by_hand = {f"by hand: quicksort{rule}" for rule in (" of K&R", ", middle item", ", median of three")}
    assert {name for name, _ in quadratic if name.startswith("by hand")} == by_hand
    libcxx = {(title(one), one["version"].partition(".")[0]) for one in RESULTS if one["library"] == "libc++"}
    known = {one for one in libcxx if one[0] == "libc++: std::nth_element" or one == ("libc++: std::sort", "13")}
    assert {one for one in quadratic if not one[0].startswith("by hand")} == known


@pytest.mark.slow
def test_the_figures_come_again(tmp_path: Path) -> None:
    """The same sort gives the same line wherever it is played; here one that needs no compiler."""
    (heapsort,) = sorts(tmp_path, "transcribed: heapsort")
    assert measure(heapsort) in RESULTS
