"""Real Go on this machine: finding it, compiling with it, and letting it count."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from worstsort.gosort import TARGETS
from worstsort.gosort.go_releases import minor_version
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PATTERNS = ("/usr/local/go/bin/go", "/usr/lib/go-1.*/bin/go", "~/sdk/go1.*/bin/go", "~/go/bin/go1.*")
"""Where installers put Go that is not on the PATH: go.dev, Debian, golang.org/dl."""

_GCCGO = re.compile(r"^gccgo(-\d+)?$")
_GCCGO_MINOR_VERSIONS = {8: 10, 9: 12, 10: 14, 11: 16, 12: 18, 13: 18, 14: 18, 15: 18}
"""The minor version of Go whose library each major version of gccgo carries (gcc.gnu.org/gcc-N/changes.html)."""

_TIMEOUT_SECONDS = 300
"""Enough for a first compilation, which builds Go's standard library too."""

_SORTS = {"stable": "stable", "heapsort": "heapsort"}
"""What the counting program calls the sort of a target, where it is not `sort`."""

_LINKNAME_GUARD_MINOR = 23
"""Go 1.23 was the first release whose linker refuses go:linkname to the standard library's insides."""

_OFFLINE = {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GO111MODULE": "off", "GOPROXY": "off"}
"""Environment in which `go` downloads nothing."""


@dataclass(frozen=True)
class Toolchain:
    """A Go compiler.

    Attributes:
        command: Its path.
        version: What it prints when asked for its version.
        minor: The minor version of the Go library it comes with, e.g. 18 for Go 1.18.
    """

    command: str
    version: str
    minor: int

    @property
    def is_gccgo(self) -> bool:
        """Whether it is GCC's Go."""
        return _is_gccgo(self.command)

    @property
    def name(self) -> str:
        """The compiler and its release, e.g. `Go 1.24.3` or `gccgo 12.2.0`."""
        found = re.search(r"(\d+\.\d+\.\d+)$" if self.is_gccgo else r"\bgo(1\.\S+)", self.version)
        return f"{'gccgo' if self.is_gccgo else 'Go'} {found[1] if found else f'1.{self.minor}'}"

    def serves(self, target: str) -> bool:
        """Whether it runs the very sort of a target; gccgo cannot reach the heapsort inside package sort."""
        return self.minor in TARGETS[target].releases and not (self.is_gccgo and target == "heapsort")


def find(commands: Sequence[str] = ()) -> list[Toolchain]:
    """Return the Go compilers of this machine, newest first; ones that do not answer are left out.

    Args:
        commands: Look at these alone, and keep their order.
    """
    if commands:
        return list(filter(None, map(_ask, commands)))
    paths = {Path(path).resolve(): path for path in _candidates()}
    found = filter(None, map(_ask, sorted(paths.values())))
    return sorted(found, key=lambda toolchain: toolchain.minor, reverse=True)


def count(toolchain: Toolchain, inputs: Sequence[Sequence[int]], target: str) -> list[int]:
    """Return the comparisons that the compiler's own sort makes on each input.

    Raises:
        CommandFailed: The counting program could not be compiled or run.
    """
    with tempfile.TemporaryDirectory(prefix="worstsort-go-") as name:
        folder = Path(name)
        program = _build(toolchain, folder, linkname=target == "heapsort")
        text = "\n".join(" ".join(map(str, [len(values), *values])) for values in inputs)
        printed = _run([str(program), _SORTS.get(target, "sort")], folder, text)
    return [int(line) for line in printed.split()]


def compile_package(toolchain: Toolchain, folder: Path, program: Path, *, linkname: bool) -> None:
    """Compile the package in a folder.

    Args:
        toolchain: The compiler.
        folder: Holds the package, with an empty assembly file if `linkname`.
        program: The file to write.
        linkname: Whether to include heapsort.go, which reaches into package sort; gccgo cannot.

    Raises:
        CommandFailed: The compiler reports errors, or takes too long.
    """
    if toolchain.is_gccgo:
        sources = sorted(path.name for path in folder.glob("*.go") if path.name != "heapsort.go")
        _run([toolchain.command, "-O2", "-o", str(program), *sources], folder)
        return
    guard = ["-ldflags=-checklinkname=0"] if linkname and toolchain.minor >= _LINKNAME_GUARD_MINOR else []
    _run([toolchain.command, "build", *guard, "-o", str(program), "."], folder)


def _candidates() -> Iterator[str]:
    folders = [str(Path(sys.executable).parent), *os.environ.get("PATH", "").split(os.pathsep)]
    for folder in filter(Path.is_dir, map(Path, folders)):
        yield from (str(path) for path in folder.iterdir() if path.name == "go" or _GCCGO.match(path.name))
    for pattern in map(Path, map(os.path.expanduser, _PATTERNS)):
        yield from map(str, Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))


def _is_gccgo(command: str) -> bool:
    return _GCCGO.match(Path(command).name) is not None


def _ask(command: str) -> Toolchain | None:
    path = shutil.which(command)
    if path is None:
        return None
    try:
        version = _run([path, "--version" if _is_gccgo(path) else "version"], Path.cwd()).splitlines()[0]
    except (CommandFailed, IndexError):
        return None
    minor = _gccgo_minor(version) if _is_gccgo(path) else minor_version(version)
    return None if minor is None else Toolchain(path, version, minor)


def _gccgo_minor(version: str) -> int | None:
    found = re.search(r" (\d+)\.\d+\.\d+$", version)
    return _GCCGO_MINOR_VERSIONS.get(int(found[1])) if found else None


def _build(toolchain: Toolchain, folder: Path, *, linkname: bool) -> Path:
    assets = resources.files("worstsort_cli") / "assets"
    for name in ["count.go", *(["heapsort.go"] if linkname else [])]:
        (folder / name).write_text((assets / f"{name}.txt").read_text())
    (folder / "empty.s").touch()  # lets the compiler take a function without a body, which linkname provides
    program = folder / "count"
    compile_package(toolchain, folder, program, linkname=linkname)
    return program


def _run(command: list[str], folder: Path, text: str = "") -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | _OFFLINE, input=text, capture_output=True, text=True,
            timeout=_TIMEOUT_SECONDS, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise CommandFailed(f"{' '.join(command)} failed: {error.stderr.strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise CommandFailed(f"{' '.join(command)} did not finish within {_TIMEOUT_SECONDS} s") from error
    return done.stdout
