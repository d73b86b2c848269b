"""The Go test file, as text; tests/oracle has it compiled by real Go."""

from __future__ import annotations

import re

import pytest

from worstsort.artefacts.go_test_file import GoTest
from worstsort.gosort import TARGETS


def test_values_and_count_stand_in_the_file() -> None:
    """Every value once, in order, in lines that a person can read."""
    values = [*range(200), -(2**63), 2**63 - 1]
    text = GoTest(values, "go1.12", 123, "From here.", package="mine").render()
    literal = text.split("= []int64{\n")[1].split("\n}\n")[0]
    assert [int(value) for value in literal.replace(",", " ").split()] == values
    assert "package mine\n" in text
    assert "data.comparisons != 123" in text
    assert "minor < 12 || minor > 18" in text
    assert max(map(len, text.splitlines())) <= 130
    assert "$" not in text


def test_two_champions_fit_into_one_package() -> None:
    """Their names differ by target, size and count."""
    names = {GoTest([1, 0], target, count, "").suffix for target in TARGETS for count in (1, 2)}
    assert len(names) == 2 * len(TARGETS)
    assert all(name.isalnum() for name in names)


def test_only_the_heapsort_file_carries_an_algorithm_with_its_notice() -> None:
    """Go exports the others."""
    assert "The Go Authors" in GoTest([1, 0], "heapsort", 1, "").render()
    assert "The Go Authors" not in GoTest([1, 0], "stable", 1, "").render()


@pytest.mark.parametrize(
    ("target", "functions"),
    [
        ("go1.12", ["sort.Sort", "sort.Slice"]),
        ("go1.24", ["sort.Sort", "sort.Slice"]),
        ("stable", ["sort.Stable", "sort.SliceStable"]),
        ("heapsort", ["heapsort"]),
    ],
)
def test_every_function_of_package_sort_with_that_count_is_called(target: str, functions: list[str]) -> None:
    """By the name that Go programmers call it."""
    assert re.findall(r'\{"([^"]+)", func\(data', GoTest([1, 0], target, 1, "").render()) == functions


@pytest.mark.parametrize(
    ("target", "function"),
    [
        ("go1.12", None),
        ("go1.19", "slices.SortFunc"),
        ("go1.24", "slices.SortFunc"),
        ("stable", "slices.SortStableFunc"),
        ("heapsort", None),
    ],
)
def test_package_slices_has_a_file_of_its_own(target: str, function: str | None) -> None:
    """Releases before Go 1.21 skip it; sorts that package slices never had have none."""
    text = GoTest([1, 0], target, 1, "From here.", package="mine").render_slices()
    if function is None:
        assert text is None
    else:
        assert text
        assert text.startswith("//go:build go1.21\n// +build go1.21\n\n")
        assert f"{function}(data.values" in text
        assert "From here." in text
        assert "$" not in text
