"""The Go test file, as text; tests/oracle has it compiled by real Go."""

from __future__ import annotations

import pytest

from worstsort.artefacts.go_test_file import GoTest
from worstsort.artefacts.go_versions import Releases, minor_version, releases
from worstsort.gosort import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_says_its_releases_in_a_way_that_is_understood(name: str) -> None:
    """Ranges that the generated file can test for."""
    understood = releases(TARGETS[name])
    assert understood.first < understood.last


def test_the_releases_of_the_targets_are_those_of_the_design() -> None:
    """1.12 to 1.18, 1.19 to 1.23, 1.24 and newer."""
    assert releases(TARGETS["go1.12"]) == Releases(12, 18)
    assert releases(TARGETS["go1.19"]) == Releases(19, 23)
    assert 24 in releases(TARGETS["go1.24"])
    assert 23 not in releases(TARGETS["go1.24"])
    assert -1 in releases(TARGETS["stable"])


@pytest.mark.parametrize(
    ("said", "minor"),
    [
        ("go1.19.8", 19),
        ("go version go1.27.3 linux/amd64", 27),
        ("go1.18 gccgo (Debian) 12.2.0", 18),
        ("unknown", None),
    ],
)
def test_the_minor_version_is_found_in_what_a_compiler_says(said: str, minor: int | None) -> None:
    """Or None."""
    assert minor_version(said) == minor


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
