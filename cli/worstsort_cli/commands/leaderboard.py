"""`worstsort leaderboard`: the best champions by family."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from worstsort.artefacts.known_counts import best_known
from worstsort.gosort.assessment import percent, thousandths
from worstsort.gosort.validation import VALUES
from worstsort.runs.results.standing import standing
from worstsort_cli import options
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.this_machine import folder_of_runs, folder_option
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.output import print_json, print_line, print_table
from worstsort_cli.target_option import target_option

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.runs.records import ChampionRecord

_COLUMNS = {
    "target": "target", "size": "size", "values": "values", "rank": "rank", "comparisons": "fitness",
    "of random": "of_random", "of adversary": "of_antiquicksort", "of best known": "of_best_known",
    "of bound": "of_upper_bound", "run": "run_id", "preset": "preset", "seed": "seed",
}  # fmt: skip
"""Headings of the table, and the fields below them."""

_RATIOS = {"of_random": "random_mean", "of_antiquicksort": "antiquicksort"}
"""Ratios that the table shows, and what they are to."""

_SHARES = frozenset({"of_best_known", "of_upper_bound"})
"""Fields that the table shows in percent."""


@click.command()
@target_option()
@click.option("--size", type=click.IntRange(1), help="Only champions of this many integers.")
@click.option("--values", type=click.Choice(VALUES), help="Only champions of runs that allowed these values.")
@click.option("--top", type=click.IntRange(1), default=5, show_default=True, help="Champions per target and size.")
@folder_option
@options.stack
@options.as_json
def leaderboard(
    target: str | None,
    size: int | None,
    values: str | None,
    top: int,
    folder: Path | None,
    stack: str | None,
    *,
    as_json: bool,
) -> None:
    """Show the best champions.

    Champions compete within a target and size, those of runs for distinct values among themselves. "of random" is the
    ratio to the mean of random inputs, "of adversary" that to what McIlroy's adversary leads to: antiquicksort's
    input, or the worst of 40 fixed games for a sort that is not ours. "of best known" is the share of the worst input
    that is known at sizes such as 100 and 1,000, "of bound" that of an upper bound for such values, or "proven
    optimal" where no input can take more comparisons.

    \b
    Examples:
      worstsort leaderboard
      worstsort leaderboard --target go1.24 --size 1000 --top 20
    """  # noqa: D301 - see main
    here = folder_of_runs(folder, stack)
    asked = (target, size, values)
    found = local_runs.champions(here, *asked) if here else connect(stack).store.leaderboard.champions(*asked)
    ranked = [
        row for _, family in groupby(found, key=lambda champion: champion.family) for row in _rank(list(family)[:top])
    ]
    if as_json:
        print_json(ranked)
    elif ranked:
        print_table(list(_COLUMNS), ([_cell(field, row) for field in _COLUMNS.values()] for row in ranked))
    else:
        print_line("there are no champions yet; every run that succeeds leaves one")


def _rank(family: list[ChampionRecord]) -> list[dict[str, Any]]:
    return [
        champion.model_dump(mode="json")
        | {
            "rank": rank,
            "of_random": round(champion.fitness / champion.random_mean, 3),
            "of_antiquicksort": round(champion.fitness / champion.antiquicksort, 3),
        }
        | _known(champion)
        | _standing(champion)
        for rank, champion in enumerate(family, start=1)
    ]


def _known(champion: ChampionRecord) -> dict[str, float | None]:
    """Return a champion's share of the worst input that is known for such values; above 1 if it is worse."""
    known = best_known(champion.size, champion.target, champion.values)
    return {"of_best_known": thousandths(champion.fitness, known) / 1000 if known else None}


def _standing(champion: ChampionRecord) -> dict[str, Any]:
    """Return a champion's share of the upper bound, rounded down, and whether no input can take more comparisons."""
    found = standing(
        champion.fitness, champion.size, champion.target, champion.values, distinct=champion.distinct
    )  # fmt: skip
    share = thousandths(found.comparisons, found.bound) / 1000 if found and found.bound else None
    return {"of_upper_bound": share, "optimal": bool(found and found.optimal)}


def _cell(field: str, row: dict[str, Any]) -> object:
    """Return what the table shows: of what is proven optimal that it is, else shares in percent."""
    if field in _RATIOS:
        return 100 * row["fitness"] // row[_RATIOS[field]] / 100  # as in reports, rounded down
    if field not in _SHARES:
        return row[field]
    if field == "of_upper_bound" and row["optimal"]:
        return "proven optimal"
    return None if row[field] is None else percent(round(row[field] * 1000), 1000)
