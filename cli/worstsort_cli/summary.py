"""What a finished run says to the person who started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.gosort import upper_bound

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
    size, target = result["size"], result["target"]
    bound = upper_bound(size, target) if size <= _MOST_BOUNDED else None
    if bound is None:
        return []
    share = f"{result['comparisons'] / bound:.0%}"
    return [f"  upper bound    {bound:>12,}   no {size} distinct integers take more; the champion takes {share} of it"]
