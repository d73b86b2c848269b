"""What a finished run says to the person who started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.runs.champion import Champion

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
        *_bound(Champion.model_validate_json((files / "champion.json").read_text())),
        f"finished: {result['reason']}",
        f"{result['epochs']} epochs, {result['generations']:,} generations, {result['evaluations']:,} evaluations",
        f"files: {files}/ (report.html, champion.json, champion_test.go, history.csv, input.json)",
    ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _bound(champion: Champion) -> list[str]:
    found = champion.assessment()
    if found is None:
        return []
    share = "is proven optimal" if found.optimal else f"takes {found.percent} of it"
    what = "distinct integers" if len(set(champion.values)) == champion.size else "integers"
    return [f"  upper bound    {found.bound:>12,}   no {champion.size} {what} take more; the champion {share}"]
