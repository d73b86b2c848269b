"""`worstsort leaderboard`: the best champions by family."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import upper_bound
from worstsort.runs.champion import MAX_BOUNDED_SIZE
from worstsort_cli import options
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.output import print_json, print_line, print_table

if TYPE_CHECKING:
    from worstsort.runs.records import ChampionRecord

_COLUMNS = (
    "target",
    "size",
    "rank",
    "comparisons",
    "of random",
    "of antiquicksort",
    "of bound",
    "run",
    "preset",
    "seed",
)


@click.command()
@options.target
@click.option("--size", type=click.IntRange(1), help="Integers in the input.")
@click.option("--top", type=click.IntRange(1), default=5, show_default=True, help="Champions of each target and size.")
@options.stack
@options.as_json
def leaderboard(target: str | None, size: int | None, top: int, stack: str | None, *, as_json: bool) -> None:
    """Show the best champions.

    They compete by target and size. "of random" is the ratio to the mean of random inputs, "of antiquicksort" that to
    McIlroy's adversary, "of bound" the share of what no distinct integers of that number can exceed.

    \b
    Examples:
      worstsort leaderboard
      worstsort leaderboard --target go1.24 --size 1000 --top 20
    """  # noqa: D301 - see main
    found = connect(stack).store.leaderboard.champions(target, size)
    ranked = [row for _, family in groupby(found, key=lambda one: one.family) for row in _rank(list(family)[:top])]
    if as_json:
        print_json(ranked)
    elif ranked:
        print_table(_COLUMNS, (_row(row) for row in ranked))
    else:
        print_line("no champion yet; a run that ends well leaves one")


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
    bound = upper_bound(champion.size, champion.target) if champion.size <= MAX_BOUNDED_SIZE else None
    return champion.fitness * 1000 // bound / 1000 if bound else None  # never rounded up


def _row(row: dict[str, Any]) -> tuple[object, ...]:
    names = (
        "target",
        "size",
        "rank",
        "fitness",
        "of_random",
        "of_antiquicksort",
        "of_upper_bound",
        "run_id",
        "preset",
        "seed",
    )
    return tuple(row[name] for name in names)
