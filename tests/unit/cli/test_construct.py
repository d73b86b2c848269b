"""`worstsort construct`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from worstsort.gosort import antiquicksort, constructed, count_plain
from worstsort_cli.main import main


def construct(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["construct", *arguments])


@pytest.mark.parametrize("target", ["go1.12", "go1.24", "heapsort", "stable"])
def test_the_known_construction_is_printed(target: str) -> None:
    """As a JSON array, which `count` reads."""
    assert json.loads(construct("--target", target, "--size", "50").stdout) == constructed(50, target)


def test_a_sort_is_named_as_people_call_it() -> None:
    """A release stands for its sort, and what it was taken for is said beside the output."""
    result = construct("--target", "go1.15", "--size", "100")
    assert count_plain(json.loads(result.stdout), "go1.12") == 2_378
    assert "taken for go1.12" in result.stderr


def test_antiquicksort_is_printed_where_nothing_better_is_known() -> None:
    """Plans of pdqsort end at 10,000 items; standard error says so."""
    result = construct("--target", "go1.24", "--size", "10001")
    assert json.loads(result.stdout) == antiquicksort(10_001, "go1.24")
    assert "10,000 items" in result.stderr


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("sorted", [0, 1, 2, 3, 4]),
        ("reversed", [4, 3, 2, 1, 0]),
        ("equal", [0, 0, 0, 0, 0]),
        ("sawtooth", [0, 0, 0, 0, 0]),
        ("organ-pipe", [0, 1, 2, 1, 0]),
    ],
)
def test_patterns(kind: str, values: list[int]) -> None:
    """A pattern does not depend on the sort."""
    assert json.loads(construct("--size", "5", "--kind", kind).stdout) == values


def test_a_sawtooth_rises_eight_times() -> None:
    """Each tooth is as long as the others."""
    assert json.loads(construct("--size", "24", "--kind", "sawtooth").stdout) == [0, 1, 2] * 8


def test_formats_are_those_of_export() -> None:
    """A C header says where its numbers come from."""
    assert (
        "From reversed-stable-4." in construct("--target", "stable", "--size", "4", "--kind", "reversed", "--c").stdout
    )


@pytest.mark.parametrize("options", [["--size", "1000001"], ["--size", "5", "--package", "mine"], []])
def test_what_does_not_fit_is_refused(options: list[str]) -> None:
    """Too many integers, an option of the Go file without it, and no size."""
    assert construct(*options).exit_code == 2
