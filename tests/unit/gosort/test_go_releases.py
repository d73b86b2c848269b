"""Ranges of Go releases."""

from __future__ import annotations

import pytest

from worstsort.gosort import TARGETS, InvalidTarget, Target
from worstsort.gosort.go_releases import Releases, minor_version, parse_releases


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_names_a_range_that_a_go_file_can_test_for(name: str) -> None:
    """From its first release to its last."""
    assert TARGETS[name].releases.first < TARGETS[name].releases.last


def test_the_releases_of_the_targets_are_those_of_the_design() -> None:
    """1.12 to 1.18, 1.19 to 1.23, 1.24 and newer."""
    assert TARGETS["go1.12"].releases == Releases(12, 18)
    assert TARGETS["go1.19"].releases == Releases(19, 23)
    assert 24 in TARGETS["go1.24"].releases
    assert 23 not in TARGETS["go1.24"].releases
    assert -1 in TARGETS["stable"].releases


def test_a_sort_that_is_not_in_go_is_run_by_no_release() -> None:
    """Not even by an unknown one."""
    nowhere = Target(name="own", sort=print).releases
    assert not any(minor in nowhere for minor in range(-1, 100))


@pytest.mark.parametrize("versions", ["", "Go 1.12", "1.12 to 1.18", "Go 1.12 to 1.18 ", "everything"])
def test_a_target_with_another_range_is_refused_when_it_is_made(versions: str) -> None:
    """The message quotes it."""
    with pytest.raises(ValueError, match="name no range"):
        parse_releases(versions)
    with pytest.raises(InvalidTarget, match=f"target own: versions '{versions}' name no range"):
        Target(name="own", sort=print, versions=versions)


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
