"""What a finished run tells the person who started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.runs.champion import Champion
from worstsort.runs.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def print_summary(console: Console, result: dict[str, Any], folder: Path) -> None:
    """Print the champion, how it compares, why the run ended, and where the files are."""
    comparisons, random_mean, adversary = (result[name] for name in ("comparisons", "random_mean", "antiquicksort"))
    work = [counted(result[name], name.removesuffix("s")) for name in ("epochs", "generations", "evaluations")]
    lines = [
        f"[bold]champion: {comparisons:,} comparisons[/bold] for {result['size']} integers with {result['target']}",
        f"  random inputs  {random_mean:>12,.1f}   the champion takes {comparisons / random_mean:.2f} times as many",
        f"  antiquicksort  {adversary:>12,}   the champion takes {comparisons / adversary:.2f} times as many",
        *_bound(Champion.model_validate_json((folder / "champion.json").read_text())),
        f"finished: {result['reason']}",
        ", ".join(work),
        f"files: {folder}/ (report.html, champion.json, champion_test.go, history.csv, input.json)",
    ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _bound(champion: Champion) -> list[str]:
    assessment = champion.assessment()
    if assessment is None:
        return []
    share = "is proven optimal" if assessment.optimal else f"takes {assessment.percent} of it"
    kind = "distinct integers" if len(set(champion.values)) == champion.size else "integers"
    return [f"  upper bound    {assessment.bound:>12,}   no {champion.size} {kind} take more; the champion {share}"]
