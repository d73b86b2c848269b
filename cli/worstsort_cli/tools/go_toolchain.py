"""Real Go on this machine: finding it, and letting it count."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from worstsort.artefacts.go_versions import minor_version, releases
from worstsort.gosort import TARGETS
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLACES = ("/usr/local/go/bin/go", "/usr/lib/go-1.*/bin/go", "~/sdk/go1.*/bin/go", "~/go/bin/go1.*")
_GCCGO = re.compile(r"^gccgo(-\d+)?$")
_GCCGO_RELEASES = {8: 10, 9: 12, 10: 14, 11: 16, 12: 18, 13: 18, 14: 18, 15: 18}
"""The minor version of Go whose library each major version of gccgo carries (gcc.gnu.org/gcc-N/changes.html)."""

_SECONDS = 300
"""A first compilation builds Go's standard library too."""

_SORTS = {"stable": "stable", "heapsort": "heapsort"}
_FIRST_TO_GUARD_LINKNAME = 23
_QUIET = {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GO111MODULE": "off", "GOPROXY": "off"}


@dataclass(frozen=True)
class Toolchain:
    """A Go compiler: its command, its own words about itself, and the minor version of Go it stands for."""

    command: str
    version: str
    minor: int

    @property
    def is_gccgo(self) -> bool:
        """Whether it is GCC's Go."""
        return _GCCGO.match(Path(self.command).name) is not None

    def serves(self, target: str) -> bool:
        """Whether it runs the very sort that a target is for; gccgo cannot reach the heapsort inside package sort."""
        return self.minor in releases(TARGETS[target]) and not (self.is_gccgo and target == "heapsort")


def find(named: Sequence[str] = ()) -> list[Toolchain]:
    """The Go compilers of this machine, or those named; ones that do not answer are left out."""
    commands = named or sorted({Path(one).resolve(): one for one in _candidates()}.values())
    return [toolchain for command in commands if (toolchain := _ask(command)) is not None]


def count(toolchain: Toolchain, inputs: Sequence[Sequence[int]], target: str) -> list[int]:
    """Comparisons that the compiler's own sort makes on each input.

    Raises:
        CommandFailed: it could not compile or run the counting program.
    """
    with tempfile.TemporaryDirectory(prefix="worstsort-go-") as folder:
        program = _build(toolchain, Path(folder), linkname=target == "heapsort")
        text = "\n".join(" ".join(map(str, [len(values), *values])) for values in inputs)
        printed = _run([str(program), _SORTS.get(target, "sort")], Path(folder), text)
    return [int(line) for line in printed.split()]


def _candidates() -> Iterator[str]:
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if Path(folder).is_dir():
            yield from (str(one) for one in Path(folder).iterdir() if one.name == "go" or _GCCGO.match(one.name))
    for place in map(Path, map(os.path.expanduser, _PLACES)):
        yield from map(str, Path(place.anchor).glob(str(place.relative_to(place.anchor))))


def _ask(command: str) -> Toolchain | None:
    path = shutil.which(command)
    if path is None:
        return None
    asked = "--version" if _GCCGO.match(Path(path).name) else "version"
    try:
        said = _run([path, asked], Path.cwd()).splitlines()[0]
    except (CommandFailed, IndexError):
        return None
    gcc = re.search(r" (\d+)\.\d+\.\d+$", said)
    minor = _GCCGO_RELEASES.get(int(gcc[1])) if asked == "--version" and gcc else minor_version(said)
    return None if minor is None else Toolchain(path, said, minor)


def _build(toolchain: Toolchain, folder: Path, *, linkname: bool) -> Path:
    assets = resources.files("worstsort_cli") / "assets"
    names = ["count.go", *(["heapsort.go"] if linkname else [])]
    for name in names:
        (folder / name).write_text((assets / f"{name}.txt").read_text())
    program = folder / "count"
    if toolchain.is_gccgo:
        _run([toolchain.command, "-O1", "-o", str(program), *names], folder)
        return program
    (folder / "empty.s").touch()  # lets the compiler take a function without a body, which linkname provides
    guard = ["-ldflags=-checklinkname=0"] if linkname and toolchain.minor >= _FIRST_TO_GUARD_LINKNAME else []
    _run([toolchain.command, "build", *guard, "-o", str(program), "."], folder)
    return program


def _run(command: list[str], folder: Path, given: str = "") -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | _QUIET, input=given, capture_output=True, text=True,
            timeout=_SECONDS, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise CommandFailed(f"{' '.join(command)} failed: {error.stderr.strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise CommandFailed(f"{' '.join(command)} did not end within {_SECONDS} s") from error
    return done.stdout
