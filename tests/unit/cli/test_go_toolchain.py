"""Finding Go, with compilers that only pretend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from worstsort_cli.tools.go_toolchain import Toolchain, find

if TYPE_CHECKING:
    from pathlib import Path


def pretend(folder: Path, name: str, said: str) -> str:
    """A command that says something."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("name", "said", "minor"),
    [
        ("go", "go version go1.19.8 linux/amd64", 19),
        ("go", "go version go1.27.3 linux/amd64", 27),
        ("gccgo-12", "gccgo-12 (Debian 12.2.0-14+deb12u1) 12.2.0", 18),
        ("gccgo", "gccgo (GCC) 9.3.0", 12),
    ],
)
def test_a_compiler_is_known_by_what_it_says(tmp_path: Path, name: str, said: str, minor: int) -> None:
    """Gccgo by the version of GCC that carries it."""
    (found,) = find([pretend(tmp_path, name, said)])
    assert (found.minor, found.version) == (minor, said)


def test_what_does_not_answer_is_left_out(tmp_path: Path) -> None:
    """A command that is missing, broken or something else."""
    broken = tmp_path / "go"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    assert find([str(broken), str(tmp_path / "missing"), pretend(tmp_path, "gccgo", "gccgo of my own")]) == []


def test_compilers_on_the_path_are_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although folders of the path may be links to each other."""
    (tmp_path / "bin").mkdir()
    pretend(tmp_path / "bin", "gccgo-12", "gccgo-12 (Debian) 12.2.0")
    (tmp_path / "again").symlink_to(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{tmp_path}/again:/usr/bin:/bin")
    assert len([one for one in find() if one.command.startswith(str(tmp_path))]) == 1


@pytest.mark.parametrize(
    ("minor", "target", "serves"),
    [
        (18, "go1.12", True), (19, "go1.12", False), (19, "go1.19", True), (23, "go1.19", True), (24, "go1.19", False),
        (24, "go1.24", True), (5, "stable", True),
    ],
)  # fmt: skip
def test_a_compiler_serves_the_targets_of_its_release(minor: int, target: str, *, serves: bool) -> None:
    """No other count would be the right one."""
    assert Toolchain("/usr/bin/go", "", minor).serves(target) is serves


def test_gccgo_cannot_reach_the_heapsort_inside() -> None:
    """Go's own compiler can."""
    assert not Toolchain("/usr/bin/gccgo-12", "", 18).serves("heapsort")
    assert Toolchain("/usr/bin/go", "", 18).serves("heapsort")
