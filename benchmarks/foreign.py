"""What a foreign sort costs beside a transcribed one: python -m benchmarks.foreign.

The same C source as a library and in WebAssembly, for which it takes cc and clang, and transcribed sorts, on the same
rows in turn. CPU time of the thread that counts, or of the child that plays, so that other processes spoil little; the
least of all rounds counts.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from worstsort.foreign.targets import open_target, player_of
from worstsort.gosort import count_population, play_population

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15
ROWS = {100: 200, 1_000: 20}
_ROOT = Path(__file__).parents[1]
_SOURCE = _ROOT / "examples" / "targets" / "c_sorts.c"
_LINKED = "-Wl,--no-entry,--export-dynamic,--export-table,--growable-table"
_WASM = ("--target=wasm32", "-nostdlib", "-fvisibility=default", _LINKED)
"""How the first lines of the source have it compiled."""

GENERATION = (32, 1_000)
"""Rows and items of the generation that a call's own cost is a share of."""


def targets(folder: Path) -> dict[str, str]:
    """Return the names of the contenders by what they are called in the table."""
    library, module = folder / "sorts.so", folder / "sorts.wasm"
    for command in (["cc", "-shared", "-fPIC", "-o", str(library)], ["clang", *_WASM, "-o", str(module)]):
        subprocess.run([*command, "-O2", f"-I{_ROOT}/layers/evolution/worstsort/foreign", str(_SOURCE)], check=True)
    played = {
        f"{sort}, {form}": open_target(f"{file}:{symbol}").name
        for sort, symbol in (("heapsort", "heapsort"), ("quicksort", "quick_middle"))
        for form, file in (("a library", library), ("WebAssembly", module))
    }
    transcribed = {"`go1.12`, transcribed": "go1.12", "heapsort, transcribed": "heapsort"}
    return transcribed | played | {"`libc:qsort_r`": open_target("libc:qsort_r").name}


def seconds(target: str) -> float:
    """Return the CPU time that counting this target has taken so far."""
    player = player_of(target)
    return time.thread_time() if player is None else player.cpu_seconds()


def nanoseconds(play: Callable[[str], np.ndarray], names: list[str]) -> dict[str, float]:
    """Return the CPU time of a comparison by target."""
    counts = {name: int(play(name).sum()) for name in names}
    best = dict.fromkeys(names, np.inf)
    for _ in range(ROUNDS):
        for name in names:
            before = seconds(name)
            play(name)
            best[name] = min(best[name], seconds(name) - before)
    return {name: 1e9 * best[name] / counts[name] for name in names}


def _play(choices: np.ndarray, size: int, target: str) -> np.ndarray:
    return play_population(choices, size, target, threads=1)


def _count(values: np.ndarray, target: str) -> np.ndarray:
    return count_population(values, target, threads=1)


def of_a_generation(target: str) -> tuple[float, float]:
    """Return the CPU time of a call that plays nothing much, in both processes, and of a generation, in seconds."""
    rows, size = GENERATION
    choices = np.random.default_rng(1).integers(0, 4, (rows, size - 1), np.uint8)

    def least(genes: np.ndarray, items: int) -> float:
        def taken() -> float:
            return time.thread_time() + seconds(target)

        play_population(genes, items, target, threads=1)
        found = []
        for _ in range(10 * ROUNDS):
            before = taken()
            play_population(genes, items, target, threads=1)
            found.append(taken() - before)
        return min(found)

    return least(choices[:1, :1], 2), least(choices, size)


def main() -> None:
    """Print the table and the share of a generation."""
    with tempfile.TemporaryDirectory() as folder:
        named = targets(Path(folder))
        columns = []
        for size, rows in ROWS.items():
            random = np.random.default_rng(size)
            choices = random.integers(0, 4, (rows, size - 1), np.uint8)
            choices *= random.random(choices.shape) < 0.1
            values = random.permuted(np.tile(np.arange(size), (rows, 1)), axis=1)
            names = list(named.values())
            columns.append(nanoseconds(partial(_play, choices, size), names))
            columns.append(nanoseconds(partial(_count, values), names))
        for title, name in named.items():
            print(f"| {title} | {' | '.join(f'{column[name]:.1f}' for column in columns)} |")
        call, generation = of_a_generation(named["heapsort, a library"])
        print(f"a call {1e6 * call:.0f} us, a generation {1e3 * generation:.2f} ms: {100 * call / generation:.1f} %")


if __name__ == "__main__":
    main()
