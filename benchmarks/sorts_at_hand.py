"""The sorts that can be played here: Go's transcriptions, the C library's, and the adapters of examples/targets."""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from worstsort.foreign.targets import open_target
from worstsort.gosort import find_target
from worstsort_cli.tools import go_toolchain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[1]
ADAPTERS_FOLDER = ROOT / "examples" / "targets"
HEADER = ROOT / "layers" / "evolution" / "worstsort" / "foreign" / "worstsort.h"

ANY_MINOR, BEFORE_SLICES, WITH_SLICES, WITH_EXPORTS = range(1000), range(21), range(21, 1000), range(24, 1000)
"""Minor releases of Go: 1.21 brought package slices, 1.24 exported functions of WebAssembly modules."""

_HOMES = ("~/.cargo/bin",)
"""Where compilers are that are not on the path."""

BY_HAND: Final = "by hand"
"""The library of sorts that nobody releases, which have no version."""

_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Adapter:
    """A source in examples/targets, and what builds it.

    Attributes:
        source: The file, whose first lines have the command.
        compiler: The command's first word.
        library: Whose sorts they are.
        sorts: What each function is called there.
        also: Other files that the command needs.
        names: A pattern of the names under which the compiler may be there.
        makes: What the file is called at its end that comes of it.
        minors: The minor releases of Go that can build it.
    """

    source: str
    compiler: str
    library: str
    sorts: Mapping[str, str] = field(hash=False)
    also: tuple[str, ...] = ()
    names: str = ""
    makes: str = "so"
    minors: range = ANY_MINOR

    def command(self) -> list[str]:
        """Return the command that builds it, as its first lines say it."""
        lines = (line.strip("/!*\t ") for line in (ADAPTERS_FOLDER / self.source).read_text().splitlines())
        begins = re.compile(rf"(\w+=\w+ )*{re.escape(self.compiler)} .*\.{self.makes}\b")
        return shlex.split(next(line for line in lines if begins.match(line)))

    def compilers(self) -> list[Compiler]:
        """Return the compilers of this machine that can build it, one per version."""
        if self.compiler == "go":
            found = [one for one in go_toolchain.find() if not one.is_gccgo and one.minor in self.minors]
            return [Compiler(one.command, one.name) for one in found]
        path = os.pathsep.join((os.environ["PATH"], *map(os.path.expanduser, _HOMES)))
        names = {entry.name for folder in path.split(os.pathsep) for entry in _entries(folder)}
        wanted = re.compile(self.names or re.escape(self.compiler))
        commands = [shutil.which(name, path=path) for name in sorted(names) if wanted.fullmatch(name)]
        by_version = {version(command): command for command in commands if command and self._serves(command)}
        return [Compiler(command, named) for named, command in by_version.items()]

    def run(self, compiler: str, folder: Path, *, check: bool) -> subprocess.CompletedProcess[bytes]:
        """Run the command with a compiler in a folder that has the sources."""
        words = self.command()
        at = words.index(self.compiler)
        assigned = dict(word.split("=") for word in words[:at])
        environment = os.environ | {"GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": ""} | assigned
        command = [compiler, *words[at + 1 :]]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=check)

    def _serves(self, compiler: str) -> bool:
        """Return whether a compiler has the library and the linker that the command asks for; clang may lack both."""
        if not self.compiler.startswith("clang"):
            return True
        with tempfile.TemporaryDirectory(prefix="worstsort-compiler-") as folder:
            text = "#include <algorithm>\n" if self.source.endswith(".cpp") else ""
            (Path(folder) / self.source).write_text(text)
            return self.run(compiler, Path(folder), check=False).returncode == 0


@dataclass(frozen=True)
class Program:
    """A program in examples/targets.

    Attributes:
        source: The file, whose first lines say how it is a target.
        library: Whose sort it plays.
        sort: What that is called there.
    """

    source: str
    library: str
    sort: str

    def interpreter(self) -> Compiler | None:
        """Return what runs it, None where that is missing."""
        command = shutil.which(self._words()[0])
        return Compiler(command, version(command)) if command else None

    def address(self) -> str:
        """Return what --target is given, from any folder."""
        words = (str(ADAPTERS_FOLDER / word) if word == self.source else word for word in self._words())
        return f"cmd: {shlex.join(words)}"

    def _words(self) -> list[str]:
        (words,) = re.findall(r'--target "cmd: (.*?)"', (ADAPTERS_FOLDER / self.source).read_text())
        return shlex.split(words)


@dataclass(frozen=True)
class Compiler:
    """A compiler, or an interpreter, of this machine."""

    command: str
    version: str


@dataclass(frozen=True)
class Sort:
    """A sort that can be played.

    Attributes:
        name: What programmers call it.
        library: Where it comes from.
        version: Of that, empty if it has none.
        target: Its name as a target.
        is_selection: Whether it selects, as std::nth_element does.
    """

    name: str
    library: str
    version: str
    target: str
    is_selection: bool = False


_CPP = {
    "std_sort": "std::sort",
    "std_stable_sort": "std::stable_sort",
    "std_sort_heap": "std::sort_heap",
    "std_nth_element@nth": "std::nth_element",
}
_GO = {"go_sort": "sort.Sort", "go_slice": "sort.Slice", "go_stable": "sort.Stable"}


ADAPTERS = (
    Adapter(
        "c_sorts.c",
        "cc",
        BY_HAND,
        {
            "quick_kr": "quicksort of K&R",
            "quick_middle": "quicksort, middle item",
            "quick_three": "quicksort, median of three",
            "quick_middle_capped": "quicksort, middle item, capped",
            "introsort": "introsort",
            "heapsort": "heapsort",
            "merge_sort": "merge sort",
        },
    ),
    Adapter("cpp_sorts.cpp", "c++", "libstdc++", _CPP),
    Adapter("cpp_sorts.cpp", "clang++", "libc++", _CPP, names=r"clang\+\+(-\d+)?"),
    Adapter("rust_sorts.rs", "rustc", "Rust", {"rust_sort": "sort_by", "rust_sort_unstable": "sort_unstable_by"}),
    Adapter("go_sorts.go", "go", "Go", _GO, minors=BEFORE_SLICES),
    Adapter(
        "go_slices.go",
        "go",
        "Go",
        _GO | {"go_slices_sort_func": "slices.SortFunc"},
        also=("go_sorts.go",),
        minors=WITH_SLICES,
    ),
)

WASM_ADAPTERS = (
    Adapter("c_sorts.c", "clang", BY_HAND, {"quick_kr": "quicksort of K&R", "introsort": "introsort"}, makes="wasm"),
    Adapter("cpp_sorts.cpp", "clang++", "libc++", _CPP, makes="wasm"),
    Adapter("go_wasm.go", "go", "Go", {"go_sort": "sort.Sort"}, makes="wasm", minors=WITH_EXPORTS),
)
"""The same sorts as WebAssembly modules, which have no line of their own in the table.

One of Go's is enough: each child that plays it compiles all of Go's runtime, which takes three seconds of CPU time.
"""

PROGRAMS = (
    Program("python_sort.py", "Python", "list.sort"),
    Program("node_sort.js", "Node", "Array.sort"),
    Program("JavaSort.java", "Java", "Arrays.sort"),
    Program("ruby_sort.rb", "Ruby", "Array#sort!"),
    Program("perl_sort.pl", "Perl", "sort"),
)

TRANSCRIBED = ("go1.12", "go1.19", "go1.24", "stable", "heapsort")


def sorts(folder: Path, only: str = "") -> Iterator[Sort]:
    """Build and open the sorts that this machine can play.

    Args:
        folder: Where libraries are built.
        only: A part of the names, or of the libraries' names, of those that are asked for.
    """
    for symbol in ("qsort", "qsort_r"):
        if only in f"C library: {symbol}":
            yield Sort(symbol, "C library", _libc(), open_target(f"libc:{symbol}").name)
    for adapter in ADAPTERS:
        wanted = {symbol: name for symbol, name in adapter.sorts.items() if only in f"{adapter.library}: {name}"}
        for compiler in adapter.compilers() if wanted else ():
            library = build(adapter, compiler, folder)
            for symbol, name in wanted.items():
                target = open_target(f"{library}:{symbol}").name
                released = "" if adapter.library == BY_HAND else compiler.version
                yield Sort(name, adapter.library, released, target, symbol.endswith("@nth"))
    for program in PROGRAMS:
        interpreter = program.interpreter() if only in f"{program.library}: {program.sort}" else None
        if interpreter:
            yield Sort(program.sort, program.library, interpreter.version, open_target(program.address()).name)
    for target in TRANSCRIBED:
        if only in f"transcribed: {target}":
            releases = find_target(target).title.partition(" of ")[2]
            yield Sort(target, "transcribed", releases.removesuffix(" release"), target)


def _libc() -> str:
    """Return the C library's name and version."""
    return " ".join(platform.libc_ver())


def build(adapter: Adapter, compiler: Compiler, folder: Path) -> Path:
    """Build an adapter with the command in its first lines, in a folder of its own, and return the library.

    Raises:
        subprocess.CalledProcessError: The compiler reports errors.
    """
    parts = (Path(adapter.source).stem, adapter.makes, Path(compiler.command).name, compiler.version.replace(" ", "-"))
    place = folder / "-".join(parts)
    place.mkdir()
    for source in (ADAPTERS_FOLDER / adapter.source, *(ADAPTERS_FOLDER / other for other in adapter.also), HEADER):
        shutil.copy(source, place)
    adapter.run(compiler.command, place, check=True)
    (library,) = place.glob(f"*.{adapter.makes}")
    return library


def version(command: str) -> str:
    """Return what a compiler says its version is, without all that it says beside it."""
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    found = _VERSION.search(said.stdout or said.stderr)
    return found[0] if found else "?"


def _entries(folder: str) -> list[Path]:
    try:
        return list(Path(folder).iterdir())
    except OSError:
        return []
