"""Writes docs/search.md and docs/images/search.svg from the results of benchmarks/search.py."""

from __future__ import annotations

import math
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.search_methods import KNOWING
from worstsort.analysis.comparison import MIN_RUNS, SIGNIFICANT_P
from worstsort.analysis.statistics import mann_whitney, summarise
from worstsort.artefacts.pictures import BLUE, GREEN, GREY, ORANGE, Axis, Line, lines_svg
from worstsort.gosort import antiquicksort, count_plain, find_target, upper_bound
from worstsort.runs.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Run = dict[str, Any]
START, KNOWING_START = "<!-- results: benchmarks/search.py -->", "<!-- results of strong: benchmarks/search.py -->"
END = "<!-- end of results -->"
USUAL_RUNS = 10
"""Runs of each method; another number is noted."""

MAX_UNNOTED_P = 0.001
"""The p value up to which a difference is beyond doubt and not noted."""

FIRST_SECONDS = 0.1
"""Where the time axis of the picture begins."""

COLOURS = {"blackbox": BLUE, "classic": ORANGE}
"""Of the project's own methods; the others are grey."""


def write(results: list[Run], docs: Path) -> None:
    """Replace the results in docs/search.md, and draw the convergence where most contenders met."""
    knowing = [run for run in results if run["method"] in KNOWING]
    blind = [run for run in results if run["method"] not in KNOWING]
    page = docs / "search.md"
    text = _replaced(page.read_text(), KNOWING_START, tables(knowing))
    page.write_text(_replaced(text, START, tables(blind)))
    cells = {cell: list(runs) for cell, runs in groupby(sorted(blind, key=_cell), key=_cell)}
    if cells:
        picture(cells[max(cells, key=partial(_interest, cells))], docs / "images" / "search.svg")


def _replaced(text: str, start: str, blocks: list[str]) -> str:
    """Replace what a page has between a mark and the end of results."""
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(END)
    return before + start + "\n\n" + "\n\n".join(blocks) + "\n\n" + END + after


def _interest(cells: dict[tuple[float, str, int], list[Run]], cell: tuple[float, str, int]) -> tuple[int, bool, Any]:
    """Rank a cell by how many contenders met there; among equals go1.12, where all begin by chance, is preferred."""
    return len({run["method"] for run in cells[cell]}), cell[1] == "go1.12", cell


def tables(results: list[Run]) -> list[str]:
    """Make a table per CPU time and target, with the sizes side by side."""
    ordered = sorted(results, key=_cell)
    return [_table(*key, list(runs)) for key, runs in groupby(ordered, key=lambda run: _cell(run)[:2])]


def _cell(run: Run) -> tuple[float, str, int]:
    return run["seconds"], run["target"], run["size"]


def _table(seconds: float, target: str, runs: list[Run]) -> str:
    """Show what each method found at each size, the best at the largest size first, and antiquicksort last."""
    sizes = sorted({run["size"] for run in runs})
    bests: dict[str, dict[int, list[int]]] = {run["method"]: {} for run in runs}
    for run in runs:
        bests[run["method"]].setdefault(run["size"], []).append(run["best"])
    rows = [
        f"**`{target}`, {seconds:g} CPU seconds per run**",
        "",
        "| method | " + " | ".join(f"{size:,} items" for size in sizes) + " |",
        "| --- |" + " --- |" * len(sizes),
    ]
    for method in sorted(bests, key=lambda method: -float(np.median(bests[method].get(sizes[-1], [0])))):
        blackbox = bests.get("blackbox", {}) if method != "blackbox" else {}
        found = (_result(bests[method].get(size, []), blackbox.get(size, [])) for size in sizes)
        rows.append(f"| {method} | " + " | ".join(found) + " |")
        if method in KNOWING:
            rows.append(f"| its bound | {_row(upper_bound(size, target, _values(method)) for size in sizes)} |")
    if bests.keys() <= set(KNOWING):
        return "\n".join(rows)
    return "\n".join(
        [*rows, f"| antiquicksort | {_row(count_plain(antiquicksort(size, target), target) for size in sizes)} |"]
    )


def _row(numbers: Iterable[int | None]) -> str:
    return " | ".join(f"{number:,}" for number in numbers)


def _values(method: str) -> str:
    return "distinct" if method.endswith("distinct") else "any"


def _result(scores: list[int], blackbox: list[int]) -> str:
    """Write the median and the quartiles, with notes."""
    if not scores:
        return ""
    _, _, low, median, high, _ = summarise(scores)
    if median < 0:
        return "none in time"
    notes = [counted(len(scores), "run")] * (len(scores) != USUAL_RUNS) + _verdict(scores, blackbox)
    return f"{median:,.0f} ({low:,.0f} to {high:,.0f})" + "".join(f", {note}" for note in notes)


def _verdict(scores: list[int], blackbox: list[int]) -> list[str]:
    """Return how sure the difference from blackbox is by the two-sided Mann-Whitney test; nothing if beyond doubt."""
    if not blackbox:
        return []
    if min(len(blackbox), len(scores)) < MIN_RUNS:
        return ["too few to say"]
    p = mann_whitney(blackbox, scores).p
    if p > SIGNIFICANT_P:
        return ["within noise"]
    return [f"p = {p:.1g}"] * (p > MAX_UNNOTED_P)


def picture(runs: list[Run], path: Path) -> None:
    """Draw the median best over CPU time with its quartiles, both axes logarithmic, a line per method, as SVG."""
    seconds, target, size = _cell(runs[0])
    times = np.geomspace(FIRST_SECONDS, seconds, 60)
    drawn = [_curve(method, runs, times) for method in dict.fromkeys(run["method"] for run in runs)]
    lines = sorted((line for line in drawn if line), key=lambda line: -line.ys[-1])
    adversary = count_plain(antiquicksort(size, target), target)
    level = Line(f"antiquicksort: {adversary:,}", GREEN, [FIRST_SECONDS, seconds], [adversary] * 2, dashed=True)
    title = f"The worst input of {size:,} integers so far: {find_target(target).title}"
    svg = lines_svg(title, "CPU seconds", "comparisons", [level, *lines], x_axis=Axis.LOG, y_axis=Axis.LOG, beside=True)
    path.write_text(svg, encoding="utf-8")


def _curve(method: str, runs: list[Run], times: np.ndarray) -> Line | None:
    """Return the median of a method's runs and quartiles from where all have found something; None if some never do."""
    curves = np.array([_best_at(run, times) for run in runs if run["method"] == method])
    has_all = ~np.isnan(curves).any(axis=0)
    if not has_all.any():
        return None
    low, median, high = np.percentile(curves[:, has_all], [25, 50, 75], axis=0)
    colour = COLOURS.get(method, GREY)
    name = f"{method}: {median[-1]:,.0f}"
    return Line(
        name, colour, times[has_all].tolist(), median.tolist(), thin=colour == GREY, band=(low.tolist(), high.tolist())
    )


def _best_at(run: Run, times: np.ndarray) -> np.ndarray:
    """Return the best of a run at each time, NaN before its first."""
    found, bests = np.array(run["trace"] or [(math.inf, 0)]).T
    places = np.searchsorted(found, times, side="right") - 1
    return np.where(places >= 0, bests[places], np.nan)
