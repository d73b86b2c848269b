"""Writes docs/search.md and docs/images/search.svg from the results of benchmarks/search.py."""

from __future__ import annotations

import math
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from scipy.stats import mannwhitneyu

from worstsort.gosort import antiquicksort, count_plain

if TYPE_CHECKING:
    from pathlib import Path

Run = dict[str, Any]
START, END = "<!-- results: benchmarks/search.py -->", "<!-- end of results -->"
USUAL_RUNS = 10
"""Runs of each method; another number is noted."""

MIN_TEST_RUNS = 4
"""Runs below which no outcome of the test reaches 5 %."""

MAX_UNNOTED_P = 0.001
"""The p value up to which a difference is beyond doubt and not noted."""

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "search"  # the same results, the same file


def write(results: list[Run], docs: Path) -> None:
    """Replace the results in docs/search.md, and draw the convergence where most contenders met."""
    page = docs / "search.md"
    before, _, rest = page.read_text().partition(START)
    _, _, after = rest.partition(END)
    page.write_text(before + START + "\n\n" + "\n\n".join(tables(results)) + "\n\n" + END + after)
    cells = {cell: list(runs) for cell, runs in groupby(sorted(results, key=_cell), key=_cell)}
    if cells:
        picture(cells[max(cells, key=partial(_interest, cells))], docs / "images" / "search.svg")


def _interest(cells: dict[tuple[float, str, int], list[Run]], cell: tuple[float, str, int]) -> tuple[int, bool, Any]:
    """Rank a cell by how many contenders met there; among equals go1.12, where nothing is constructed, is preferred."""
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
    line = {size: count_plain(antiquicksort(size, target), target) for size in sizes}
    rows = [
        f"**`{target}`, {seconds:g} CPU seconds per run**",
        "",
        "| method | " + " | ".join(f"{size:,} items" for size in sizes) + " |",
        "| --- |" + " --- |" * len(sizes),
    ]
    for method in sorted(bests, key=lambda method: -float(np.median(bests[method].get(sizes[-1], [0])))):
        strong = bests.get("strong", {}) if method != "strong" else {}
        found = (_result(bests[method].get(size, []), strong.get(size, [])) for size in sizes)
        rows.append(f"| {method} | " + " | ".join(found) + " |")
    return "\n".join([*rows, "| antiquicksort | " + " | ".join(f"{line[size]:,}" for size in sizes) + " |"])


def _result(scores: list[int], strong: list[int]) -> str:
    """Write the median and the quartiles, with notes."""
    if not scores:
        return ""
    low, median, high = np.percentile(scores, [25, 50, 75])
    if median < 0:
        return "none in time"
    notes = [f"{len(scores)} runs"] * (len(scores) != USUAL_RUNS) + _verdict(scores, strong)
    return f"{median:,.0f} ({low:,.0f} to {high:,.0f})" + "".join(f", {note}" for note in notes)


def _verdict(scores: list[int], strong: list[int]) -> list[str]:
    """Return how sure the difference from strong is by the two-sided Mann-Whitney test; nothing if beyond doubt."""
    if not strong:
        return []
    if min(len(strong), len(scores)) < MIN_TEST_RUNS:
        return ["too few to say"]
    p = float(mannwhitneyu(strong, scores).pvalue)
    if math.isnan(p) or p > 0.05:
        return ["within noise"]
    return [f"p = {p:.1g}"] * (p > MAX_UNNOTED_P)


def picture(runs: list[Run], path: Path) -> None:
    """Draw the median best over CPU time with its quartiles, both axes logarithmic, a line per method, as SVG."""
    seconds, target, size = _cell(runs[0])
    times = np.geomspace(0.1, seconds, 100)
    figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
    for method in dict.fromkeys(run["method"] for run in runs):
        curves = [_best_at(run, times) for run in runs if run["method"] == method]
        low, median, high = np.percentile(curves, [25, 50, 75], axis=0)
        if np.isnan(median[-1]):
            continue
        (line,) = axes.plot(times, median, label=f"{method}: {median[-1]:,.0f}")
        axes.fill_between(times, low, high, alpha=0.25, color=line.get_color())
    adversary = count_plain(antiquicksort(size, target), target)
    axes.axhline(adversary, color="black", linestyle="--", label=f"antiquicksort: {adversary:,}")
    axes.set(xscale="log", yscale="log", xlabel="CPU seconds", ylabel="comparisons, median and quartiles")
    axes.set_title(f"The worst input for {target} of {size:,} items so far")
    order = np.argsort([-line.get_ydata()[-1] for line in axes.get_lines()])
    handles, labels = axes.get_legend_handles_labels()
    axes.legend([handles[i] for i in order], [labels[i] for i in order], loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _best_at(run: Run, times: np.ndarray) -> np.ndarray:
    """Return the best of a run at each time, NaN before its first."""
    found, bests = np.array(run["trace"] or [(math.inf, 0)]).T
    places = np.searchsorted(found, times, side="right") - 1
    return np.where(places >= 0, bests[places], np.nan)
