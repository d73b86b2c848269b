"""Writes docs/search.md and docs/search.svg from the results of benchmarks/search.py."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import mannwhitneyu

from worstsort.gosort import antiquicksort, count_plain

if TYPE_CHECKING:
    from pathlib import Path

Run = dict[str, Any]
START, END = "<!-- results: benchmarks/search.py -->", "<!-- end of results -->"
ENOUGH = 4  # runs of each, below which no outcome of the test reaches 5 %
COLOURS = ("#0b6e4f", "#c1666b", "#4059ad", "#999999", "#d4a017", "#7b2d8b", "#e07a1f", "#3aa6b9")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 70, 150, 30, 45


def write(results: list[Run], docs: Path) -> None:
    """Replace what stands between the marks in docs/search.md, and draw the convergence of the largest cell."""
    page = docs / "search.md"
    before, _, rest = page.read_text().partition(START)
    _, _, after = rest.partition(END)
    page.write_text(before + START + "\n\n" + "\n\n".join(tables(results)) + "\n\n" + END + after)
    shown = [run for run in results if run["target"] == "go1.12"]
    compared = [run for run in shown if len({other["method"] for other in shown if _cell(other) == _cell(run)}) > 1]
    if compared:
        largest = max(_cell(run) for run in compared)
        (docs / "search.svg").write_text(picture([run for run in compared if _cell(run) == largest]))


def tables(results: list[Run]) -> list[str]:
    """Make one table for each CPU time, target and size."""
    ordered = sorted(results, key=_cell)
    return [_table(cell, list(runs)) for cell, runs in groupby(ordered, key=_cell)]


def _cell(run: Run) -> tuple[float, str, int]:
    return run["seconds"], run["target"], run["size"]


def _table(cell: tuple[float, str, int], runs: list[Run]) -> str:
    """Show median and quartiles of each method, and a rank test of each against strong."""
    seconds, target, size = cell
    line = count_plain(antiquicksort(size, target), target)
    bests = {
        method: [run["best"] for run in runs if run["method"] == method]
        for method in dict.fromkeys(run["method"] for run in runs)
    }
    rows = [
        f"**`{target}`, {size:,} items, {seconds:g} CPU seconds a run** (antiquicksort: {line:,})",
        "",
        "| method | runs | lower quartile | median | upper quartile | against `strong` |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for method, scores in sorted(bests.items(), key=lambda item: -float(np.median(item[1]))):
        low, median, high = np.percentile(scores, [25, 50, 75])
        verdict = "" if method == "strong" else _verdict(bests.get("strong", []), scores)
        quartiles = f"{low:,.0f} | {median:,.0f} | {high:,.0f}" if median > 0 else "| none in time |"
        rows.append(f"| {method} | {len(scores)} | {quartiles} | {verdict} |")
    return "\n".join(rows)


def _verdict(strong: list[int], other: list[int]) -> str:
    """Say which is better by the Mann-Whitney rank test, two-sided at 5 %."""
    if not strong:
        return ""
    if min(len(strong), len(other)) < ENOUGH:
        return "too few runs to say"
    p = float(mannwhitneyu(strong, other).pvalue)
    if math.isnan(p) or p > 0.05:
        return "within noise" if math.isnan(p) else f"within noise (p = {p:.2g})"
    return f"{'below' if np.median(other) < np.median(strong) else 'above'} (p = {p:.2g})"


def picture(runs: list[Run]) -> str:
    """Draw the median best over CPU time, both axes logarithmic, one line a method, as SVG."""
    seconds, target, size = _cell(runs[0])
    times = np.geomspace(0.1, seconds, 60)
    curves = {
        method: np.median([_best_at(run, times) for run in runs if run["method"] == method], axis=0)
        for method in dict.fromkeys(run["method"] for run in runs)
    }
    curves["antiquicksort"] = np.full(len(times), float(count_plain(antiquicksort(size, target), target)))
    curves = {method: curve for method, curve in curves.items() if curve[-1] > 0}
    lowest = min(float(curve[curve > 0].min()) for curve in curves.values()) * 0.95
    highest = max(float(curve.max()) for curve in curves.values()) * 1.05

    def x(second: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(second / times[0]) / math.log(seconds / times[0])

    def y(count: float) -> float:
        share = math.log(max(count, lowest) / lowest) / math.log(highest / lowest)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [_text(LEFT, 18, f"{target}, {size:,} items: median of the best input so far, comparisons")]
    steps = [step for step in (0.1, 0.3, 1, 3, 10, 30, 60) if step <= seconds]
    parts += [_text(x(step), HEIGHT - BOTTOM + 18, f"{step:g} s", "middle") for step in steps]
    for tick in np.geomspace(lowest, highest, 6):
        parts.append(_text(LEFT - 8, y(tick) + 4, f"{tick:,.0f}", "end"))
        parts.append(f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
    placed: list[float] = []
    ranked = sorted(curves.items(), key=lambda item: -float(item[1][-1]))
    for number, (method, curve) in enumerate(ranked):
        colour = "#000" if method == "antiquicksort" else COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x(t):.1f},{y(c):.1f}" for t, c in zip(times, curve, strict=True) if c > 0)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        placed.append(max(y(float(curve[-1])) + 4, placed[-1] + 14 if placed else 0))
        parts.append(_text(WIDTH - RIGHT + 6, placed[-1], method, colour=colour))
    body = "\n".join(parts)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    return f'{head}\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'


def _best_at(run: Run, times: np.ndarray) -> np.ndarray:
    """Return the best of a run at each time, 0 before its first."""
    found, bests = np.array(run["trace"] or [(math.inf, 0)]).T
    places = np.searchsorted(found, times, side="right") - 1
    return np.where(places >= 0, bests[places], 0)


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" fill="{colour}">{text}</text>'
