"""What a finished run tells the person who started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.artefacts.known_counts import best_known
from worstsort.gosort import find_target
from worstsort.gosort.assessment import percent
from worstsort.runs.baselines import adversary_name
from worstsort.runs.results.champion import Champion
from worstsort.runs.wording import counted, ratio
from worstsort_cli.output import print_wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_FILES = ("report.html", "champion.json", "champion_test.go", "history.csv", "data.csv", "input.json")
"""In the order in which a person wants them; a sort that is not in Go has no Go test."""


def print_summary(console: Console, result: dict[str, Any], folder: Path) -> None:
    """Print the champion, how it compares, why the run ended, and where the files are."""
    champion = Champion.model_validate_json((folder / "champion.json").read_bytes())
    work = [counted(result[name], name.removesuffix("s")) for name in ("epochs", "generations", "evaluations")]
    comparisons = counted(champion.comparisons, "comparison")
    title = f"champion: {comparisons} for {champion.size:,} integers with {find_target(champion.target).title}"
    assessment = champion.assessment()
    if assessment and assessment.optimal:
        worse = "no distinct integers are worse" if assessment.values == "distinct" else "nothing worse is possible"
        print_wrapped(f"{title}, proven optimal: {worse}", console, style="bold green")
    else:
        print_wrapped(title, console, style="bold")
    lines = [
        *_comparisons(champion, result),
        f"finished: {result['reason']}",
        ", ".join(work),
        f"files: {folder}/ ({', '.join(name for name in _FILES if (folder / name).exists())})",
    ]
    for line in lines:
        print_wrapped(line, console)


def _comparisons(champion: Champion, result: dict[str, Any]) -> list[str]:
    mean, adversary = champion.baselines.random_mean, champion.baselines.antiquicksort
    spread = f"mean of {result['random_inputs']}, standard deviation {result['random_deviation']:,.1f}"
    return [
        f"  random inputs  {mean:>12,.1f}   {_times(champion, mean)}; {spread}",
        f"  {adversary_name(champion.target):<13}  {adversary:>12,}   {_times(champion, adversary)}",
        *_known(champion),
        *_bound(champion),
    ]


def _times(champion: Champion, baseline: float) -> str:
    return f"the champion takes {ratio(champion.comparisons, baseline)} times as many"


def _known(champion: Champion) -> list[str]:
    """Compare the champion with the worst input that is known, unless it is proven that nothing is worse."""
    known, assessment = best_known(champion.size, champion.target, champion.kind_of_values), champion.assessment()
    if known is None or (assessment and assessment.optimal):
        return []
    share = f"takes {percent(champion.comparisons, known)} of it"
    if champion.comparisons >= known:
        share = "is as bad" if champion.comparisons == known else "takes more than any that was known"
    return [f"  best known     {known:>12,}   built, or found by long searches; the champion {share}"]


def _bound(champion: Champion) -> list[str]:
    assessment = champion.assessment()
    if assessment is None:
        return []
    share = "is proven optimal" if assessment.optimal else f"takes {assessment.percent} of it"
    kind = "distinct integers" if assessment.values == "distinct" else "integers"
    return [f"  upper bound    {assessment.bound:>12,}   no {champion.size:,} {kind} take more; the champion {share}"]
