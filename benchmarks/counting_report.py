"""Writes what benchmarks/counting.py measured."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUSY = (
    "Lines without figures for two threads were measured while other work kept the processors busy. CPU time is "
    "comparable all the same."
)
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Row:
    """A line of the table: how fast each contender counts one population."""

    target: str
    size: int
    kind: str
    comparisons: float
    """The mean per individual."""
    speeds: dict[str, float]
    """Evaluations per CPU second by contender; those of `CLOCKED` per second, where they were measured at all."""


def line(row: Row, newest: str) -> str:
    """Show a row on a terminal."""
    ratio = row.speeds["1 thread"] / row.speeds[newest]
    speed = f"{row.speeds['1 thread']:12,.0f} per second"
    return f"{row.target:9}{row.kind:14}{row.size:6}{speed}, {ratio:5.2f} times {newest}"


def machine() -> str:
    """Name processor and cores, as far as the system tells."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.*)", info)
    name = model[1] if model else platform.processor() or platform.machine()
    wide = ", AVX-512" if "avx512bw" in info else ", AVX2" if "avx2" in info else ""
    return f"{name} ({os.cpu_count()} cores{wide}), {platform.system()}"


def table(rows: Sequence[Row], newest: str, gccgo: str | None) -> str:
    """Lay out the evaluations per second and the ratios."""
    head = ["target", "input", "n", "comparisons", "1 thread", "2 threads", newest, gccgo or "gccgo", "plain Python"]
    head += ["**x newest Go**", "x gccgo", "threads 2:1", "ns per comparison"]
    lines = ["| " + " | ".join(head) + " |", "| --- | --- |" + " ---: |" * 11]
    for row in rows:
        speed, own = row.speeds, row.speeds["1 thread"]
        old = speed.get(gccgo or "")
        twice = speed["2 threads"] / speed["1 thread, wall"] if "2 threads" in speed else None
        cells = [
            *(
                row.target,
                row.kind,
                row.size,
                f"{row.comparisons:,.0f}",
                f"{own:,.0f}",
                f"{own * twice:,.0f}" if twice else "",
            ),
            *(f"{speed[newest]:,.0f}", f"{old:,.0f}" if old else "", f"{speed['plain Python']:,.0f}"),
            *(f"**{own / speed[newest]:.2f}**", f"{own / old:.2f}" if old else ""),
            *(f"{twice:.2f}" if twice else "", f"{1e9 / own / row.comparisons:.2f}"),
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def write(
    path: Path,
    rows: Sequence[Row],
    plays: Mapping[str, float],
    compilers: Sequence[str],
) -> None:
    """Put the measured part between the marks of the document."""
    gccgo = next((name for name in compilers if name.startswith("gccgo")), None)
    load = os.getloadavg()[0]
    versions = f"Python {platform.python_version()}, Numba {version('numba')}, numpy {version('numpy')}"
    played = ", ".join(f"`{target}` {speed:,.0f}" for target, speed in plays.items())
    parts = [
        f"Machine: {machine()}; load average at the end {load:.1f}. {versions}; {', '.join(compilers)}.",
        *([] if all("2 threads" in row.speeds for row in rows) else [BUSY]),
        table(rows, compilers[0], gccgo),
        f"Plays against random decisions at n = 1000, per CPU second: {played}.",
    ]
    text = path.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    path.write_text(before + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + END + after, encoding="utf-8")
