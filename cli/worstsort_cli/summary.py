"""What a finished run says to the person who started it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from worstsort.artefacts.report_data import MOST_BOUNDED
from worstsort.gosort import standing

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def print_summary(console: Console, result: dict[str, Any], files: Path) -> None:
    """The champion, how it compares, why the run stopped, and where the files are."""
    comparisons, random_mean, adversary = (result[name] for name in ("comparisons", "random_mean", "antiquicksort"))
    lines = [
        f"[bold]champion: {comparisons:,} comparisons[/bold] for {result['size']} integers with {result['target']}",
        f"  random input   {random_mean:>12,.1f}   the champion takes {comparisons / random_mean:.2f} times as many",
        f"  antiquicksort  {adversary:>12,}   the champion takes {comparisons / adversary:.2f} times as many",
        *_bound(result, files),
        f"stopped because {result['reason']}",
        f"{result['epochs']} epochs, {result['generations']:,} generations, {result['evaluations']:,} evaluations",
        f"files: {files}/ (report.html, champion.json, champion_test.go, history.csv, input.json)",
    ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _bound(result: dict[str, Any], files: Path) -> list[str]:
    size, target, comparisons = result["size"], result["target"], result["comparisons"]
    if size > MOST_BOUNDED:
        return []
    distinct = len(set(json.loads((files / "champion.json").read_text())["values"])) == size
    found = standing(comparisons, size, target, distinct=distinct)
    if found.bound is None:
        return []
    share = "is proven optimal" if found.optimal else f"takes {found.percent} of it"
    what = "distinct integers" if distinct else "integers"
    return [f"  upper bound    {found.bound:>12,}   no {size} {what} take more; the champion {share}"]
