"""What a finished run says to the person who started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.gosort import standing

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


_MOST_BOUNDED = 10_000
"""The largest size whose upper bound takes seconds."""


def print_summary(console: Console, result: dict[str, Any], files: Path) -> None:
    """The champion, how it compares, why the run stopped, and where the files are."""
    comparisons, random_mean, adversary = (result[name] for name in ("comparisons", "random_mean", "antiquicksort"))
    lines = [
        f"[bold]champion: {comparisons:,} comparisons[/bold] for {result['size']} integers with {result['target']}",
        f"  random input   {random_mean:>12,.1f}   the champion takes {comparisons / random_mean:.2f} times as many",
        f"  antiquicksort  {adversary:>12,}   the champion takes {comparisons / adversary:.2f} times as many",
        *_bound(result),
        f"stopped because {result['reason']}",
        f"{result['epochs']} epochs, {result['generations']:,} generations, {result['evaluations']:,} evaluations",
        f"files: {files}/ (report.html, champion.json, champion_test.go, history.csv, input.json)",
    ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _bound(result: dict[str, Any]) -> list[str]:
    size, target, comparisons = result["size"], result["target"], result["comparisons"]
    found = standing(comparisons, size, target) if size <= _MOST_BOUNDED else None
    if found is None or found.bound is None:
        return []
    tenths = comparisons * 1000 // found.bound  # rounded down: short of the bound never reads 100 %
    share = "is proven optimal" if found.optimal else f"takes {tenths / 10:.1f} % of it"
    return [f"  upper bound    {found.bound:>12,}   no {size} distinct integers take more; the champion {share}"]
