"""`worstsort leaderboard`: the best champions by family."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import upper_bound
from worstsort.runs.champion import MAX_ASSESSED_SIZE
from worstsort_cli import options
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from worstsort.runs.records import ChampionRecord

_COLUMNS = {
    "target": "target", "size": "size", "rank": "rank", "comparisons": "fitness", "of random": "of_random",
    "of antiquicksort": "of_antiquicksort", "of bound": "of_upper_bound", "run": "run_id", "preset": "preset",
    "seed": "seed",
}  # fmt: skip
"""Headings of the table, and the fields below them."""


@click.command()
@options.target
@click.option("--size", type=click.IntRange(1), help="Only champions of this many integers.")
@click.option("--top", type=click.IntRange(1), default=5, show_default=True, help="Champions per target and size.")
@options.stack
@options.as_json
def leaderboard(target: str | None, size: int | None, top: int, stack: str | None, *, as_json: bool) -> None:
    """Show the best champions.

    Champions compete within a target and size. "of random" is the ratio to the mean of random inputs, "of
    antiquicksort" the ratio to McIlroy's adversary, "of bound" the ratio to an upper bound for inputs of distinct
    integers.

    \b
    Examples:
      worstsort leaderboard
      worstsort leaderboard --target go1.24 --size 1000 --top 20
    """  # noqa: D301 - see main
    found = connect(stack).store.leaderboard.champions(target, size)
    ranked = [
        row for _, family in groupby(found, key=lambda champion: champion.family) for row in _rank(list(family)[:top])
    ]
    if as_json:
        print_json(ranked)
    elif ranked:
        print_table(list(_COLUMNS), ([row[field] for field in _COLUMNS.values()] for row in ranked))
    else:
        print_line("there are no champions yet; every run that succeeds leaves one")


def _rank(family: list[ChampionRecord]) -> list[dict[str, Any]]:
    return [
        champion.model_dump(mode="json")
        | {
            "rank": rank,
            "of_random": round(champion.fitness / champion.random_mean, 3),
            "of_antiquicksort": round(champion.fitness / champion.antiquicksort, 3),
            "of_upper_bound": _of_bound(champion),
        }
        for rank, champion in enumerate(family, start=1)
    ]


def _of_bound(champion: ChampionRecord) -> float | None:
    bound = upper_bound(champion.size, champion.target) if champion.size <= MAX_ASSESSED_SIZE else None
    return champion.fitness * 1000 // bound / 1000 if bound else None  # never rounded up
