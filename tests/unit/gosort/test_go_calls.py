"""Sorts by the names that Go programmers call them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from worstsort.gosort import ALIASES, TARGETS, InvalidTarget, Target, UnknownTarget, find_target, register
from worstsort.gosort.go_calls import FUNCTIONS, SORT, STABLE, GoFunction, parse_call
from worstsort.gosort.go_releases import NEWEST_CHECKED_MINOR, OLDEST_CHECKED_MINOR, parse_releases

MINORS = range(OLDEST_CHECKED_MINOR, NEWEST_CHECKED_MINOR + 1)

EXPECTED = {minor: "go1.12" if minor < 19 else "go1.19" if minor < 24 else "go1.24" for minor in MINORS}
"""The target of each release's sort.Sort, as in the table of the design."""


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("patch", ["", ".0", ".13", "rc1", "beta2"])
def test_a_release_means_its_sort_sort(minor: int, patch: str) -> None:
    """Its patch releases and candidates too."""
    assert find_target(f"go1.{minor}{patch}").name == EXPECTED[minor]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_a_function_means_that_of_the_newest_release_that_was_checked(function: GoFunction) -> None:
    """Unstable ones mean sort.Sort, stable ones sort.Stable."""
    assert find_target(function.name).name == {SORT: EXPECTED[NEWEST_CHECKED_MINOR], STABLE: "stable"}[function.sort]


@pytest.mark.parametrize("minor", MINORS)
def test_a_release_and_a_function_mean_both(minor: int) -> None:
    """A function that came later is refused, with the release that brought it."""
    for function in FUNCTIONS.values():
        name = f"go1.{minor}:{function.name}"
        if minor >= function.since:
            assert find_target(name).name == (EXPECTED[minor] if function.sort == SORT else "stable")
        else:
            with pytest.raises(UnknownTarget, match=rf"Go has {function.name} since 1\.21\)"):
                find_target(name)


def test_every_function_has_a_target_in_every_release_that_has_it() -> None:
    """No name leads nowhere."""
    assert all(f"go1.{minor}:{function.name}" in TARGETS for function in FUNCTIONS.values() for minor in MINORS
               if minor >= function.since)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("go1.11", r"Go 1\.11 is older than Go 1\.12, the oldest release that was checked"),
        ("go1.0:sort.Stable", r"Go 1\.0 is older"),
        (
            f"go1.{NEWEST_CHECKED_MINOR + 1}",
            r"Go [0-9.]+ is newer than Go [0-9.]+, the newest release",
        ),
        ("go1.999:slices.Sort", r"Go 1\.999 is newer"),
    ],
)
def test_of_another_release_it_is_said_what_is_known(name: str, known: str) -> None:
    """It is refused as any unknown name is."""
    with pytest.raises(UnknownTarget, match=rf"unknown target '{name}': it must be one of go1\.12.*\({known}"):
        find_target(name)
    assert name not in TARGETS


@pytest.mark.parametrize(
    "name",
    ["", ":", "go", "go1", "go1.", "go1.22:", ":sort.Sort", "go1.22sort.Sort", "sort", "sort.sort", "Sort", "go2.1",
     "go1.22:go1.22", "go1.22::sort.Sort", " go1.22", "go1.22\n", "GO1.22", "go1.22.", "go-1.22", "go1.22.1.1",
     "go1.\u0661\u0662"],
)  # fmt: skip
def test_what_only_looks_like_a_call_is_none(name: str) -> None:
    """No name is guessed at."""
    assert parse_call(name) is None
    assert name not in TARGETS
    with pytest.raises(UnknownTarget, match="it must be one of"):
        find_target(name)


def test_calls_are_found_but_not_listed() -> None:
    """Nothing that runs over all targets meets one twice."""
    assert "slices.Sort" in TARGETS
    assert set(TARGETS) == {"go1.12", "go1.19", "go1.24", "stable", "heapsort"}


def test_nobody_puts_another_sort_in_the_place_of_a_release() -> None:
    """A release without a known sort may be brought by a package."""
    with pytest.raises(InvalidTarget, match=r"'go1\.22' is taken"):
        register(Target(name="go1.22", sort=print))
    register(Target(name="go1.11", sort=print))
    try:
        assert find_target("go1.11").sort is print
    finally:
        del TARGETS._targets["go1.11"]  # noqa: SLF001 - only tests take a sort away again


@pytest.mark.parametrize("name", [*TARGETS, *ALIASES])
def test_every_target_has_a_title_that_a_person_understands(name: str) -> None:
    """It says the function and the releases."""
    title = TARGETS[name].title
    assert " of " in title
    assert "Go" in title
    assert title != name


def test_a_sort_from_elsewhere_is_called_by_its_name() -> None:
    """It has no release of Go."""
    assert Target(name="own", sort=print, function="sort.Sort").title == "own"


def test_the_table_of_the_readme_is_what_the_names_mean() -> None:
    """Every function, in the first and the last release of each column; an empty cell is refused."""
    section = (Path(__file__).parents[3] / "README.md").read_text().split("## Which sort")[1].split("\n## ")[0]
    header, _, *rows = [line for line in section.splitlines() if line.startswith("|")]
    columns = [parse_releases(cell.strip()) for cell in header.split("|")[2:-1]]
    listed = [
        (function, releases, cell.strip(" `"))
        for row in rows for function in re.findall(r"`(s\w+\.\w+)`", row)
        for releases, cell in zip(columns, row.split("|")[2:-1], strict=True)
    ]  # fmt: skip
    assert {function for function, _, _ in listed} == set(FUNCTIONS)
    for function, releases, target in listed:
        last = min(releases.last, NEWEST_CHECKED_MINOR)
        first = min(max(releases.first, FUNCTIONS[function].since), last)
        found = {getattr(TARGETS.get(f"go1.{minor}:{function}"), "name", "") for minor in (first, last)}
        assert found == {target}, (function, releases)
