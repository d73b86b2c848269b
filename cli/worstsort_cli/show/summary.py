"""What a finished run tells the person who started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.gosort import count_population
from worstsort.runs.baselines import random_sample
from worstsort.runs.champion import Champion
from worstsort.runs.wording import counted
from worstsort_cli.output import print_line

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_FILES = ("report.html", "champion.json", "champion_test.go", "history.csv", "input.json")
"""In the order in which a person wants them; a sort that is not in Go has no Go test."""


def print_summary(console: Console, result: dict[str, Any], folder: Path) -> None:
    """Print the champion, how it compares, why the run ended, and where the files are."""
    champion = Champion.model_validate_json((folder / "champion.json").read_bytes())
    work = [counted(result[name], name.removesuffix("s")) for name in ("epochs", "generations", "evaluations")]
    comparisons = counted(champion.comparisons, "comparison")
    title = f"champion: {comparisons} for {champion.size:,} integers with {champion.target}"
    print_line(title, console, style="bold")
    lines = [
        *_comparisons(champion),
        f"finished: {result['reason']}",
        ", ".join(work),
        f"files: {folder}/ ({', '.join(name for name in _FILES if (folder / name).exists())})",
    ]
    for line in lines:
        print_line(line, console)


def _comparisons(champion: Champion) -> list[str]:
    sample = random_sample(champion.size, champion.target, champion.seed, champion.islands, count=count_population)
    spread = f"mean of {sample.inputs}, standard deviation {sample.deviation:,.1f}"
    adversary = champion.baselines.antiquicksort
    return [
        f"  random inputs  {sample.mean:>12,.1f}   {_times(champion, sample.mean)}; {spread}",
        f"  antiquicksort  {adversary:>12,}   {_times(champion, adversary)}",
        *_bound(champion),
    ]


def _times(champion: Champion, baseline: float) -> str:
    return f"the champion takes {champion.comparisons / baseline:.2f} times as many"


def _bound(champion: Champion) -> list[str]:
    assessment = champion.assessment()
    if assessment is None:
        return []
    share = "is proven optimal" if assessment.optimal else f"takes {assessment.percent} of it"
    kind = "distinct integers" if len(set(champion.values)) == champion.size else "integers"
    return [f"  upper bound    {assessment.bound:>12,}   no {champion.size:,} {kind} take more; the champion {share}"]
