"""What the console's leaderboard says of champions."""

from __future__ import annotations

import pytest

from worstsort.artefacts.known_counts import best_known
from worstsort.runs.records import ChampionRecord
from worstsort_cli.console.readings.bounds import Bounds
from worstsort_cli.console.readings.champions import rows


def champion(target: str, size: int) -> ChampionRecord:
    return ChampionRecord(
        run_id="r", key="k", family=f"{target}:{size}", fitness=3000, target=target, size=size, preset="strong",
        seed=1, random_mean=664.6, antiquicksort=941, artefact="a", found_at="2026-01-01",
    )  # fmt: skip


def test_a_champion_stands_beside_the_worst_that_is_known_of_its_kind() -> None:
    """As on the command's leaderboard."""
    (row,) = rows([("here", champion("go1.24", 100))], Bounds())
    assert row["best_known"] == best_known(100, "go1.24", row["values"]) is not None


@pytest.mark.parametrize(("target", "size"), [("go1.24", 99), ("of-another-version", 100)])
def test_where_nothing_is_known_nothing_is_said(target: str, size: int) -> None:
    """Neither for a size that nobody has searched, nor for a sort that is not installed here."""
    (row,) = rows([("here", champion(target, size))], Bounds())
    assert row["best_known"] is None
