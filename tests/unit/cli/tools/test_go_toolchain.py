"""Finding Go, with commands that only pretend to be compilers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from worstsort_cli.tools.go_toolchain import Toolchain, find

if TYPE_CHECKING:
    from pathlib import Path


def pretend(folder: Path, name: str, printed: str) -> str:
    """Make a command that prints a line when it is asked for its version, as Go is, or as gccgo is."""
    path = folder / name
    question = "version" if name == "go" else "--version"
    path.write_text(f"#!/bin/sh\n[ \"$*\" = {question} ] && echo '{printed}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("command", "printed", "minor", "name"),
    [
        ("go", "go version go1.19.8 linux/amd64", 19, "Go 1.19.8"),
        ("go", "go version go1.27 linux/amd64", 27, "Go 1.27"),
        ("gccgo-12", "gccgo-12 (Debian 12.2.0-14+deb12u1) 12.2.0", 18, "gccgo 12.2.0"),
        ("gccgo", "gccgo (GCC) 9.3.0", 12, "gccgo 9.3.0"),
    ],
)
def test_a_compiler_is_known_by_its_version(tmp_path: Path, command: str, printed: str, minor: int, name: str) -> None:
    """Gccgo by the version of GCC that it belongs to."""
    (found,) = find([pretend(tmp_path, command, printed)])
    assert (found.minor, found.version, found.name) == (minor, printed, name)


def test_what_does_not_answer_is_left_out(tmp_path: Path) -> None:
    """A command that is missing, broken or something else."""
    broken = tmp_path / "go"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    assert find([str(broken), str(tmp_path / "missing"), pretend(tmp_path, "gccgo", "gccgo of my own")]) == []


def test_compilers_on_the_path_are_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if folders of the path are links to each other."""
    (tmp_path / "bin").mkdir()
    pretend(tmp_path / "bin", "gccgo-12", "gccgo-12 (Debian) 12.2.0")
    (tmp_path / "again").symlink_to(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{tmp_path}/again:/usr/bin:/bin")
    assert len([found for found in find() if found.command.startswith(str(tmp_path))]) == 1


def test_the_newest_compiler_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the order of the path."""
    for folder, release in (("a", "1.19.8"), ("b", "1.30.1"), ("c", "1.9.2")):
        (tmp_path / folder).mkdir()
        pretend(tmp_path / folder, "go", f"go version go{release} linux/amd64")
    monkeypatch.setenv("PATH", f"{tmp_path}/a:{tmp_path}/b:{tmp_path}/c:/usr/bin:/bin")
    assert [found.name for found in find() if found.command.startswith(str(tmp_path))] == [
        "Go 1.30.1", "Go 1.19.8", "Go 1.9.2",
    ]  # fmt: skip


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
