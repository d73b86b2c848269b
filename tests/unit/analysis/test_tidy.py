"""Tidy rows of what islands recorded, and their way through CSV."""

from __future__ import annotations

from typing import Any

import pytest

from worstsort.analysis.tidy import COLUMNS, NotTidy, Row, from_csv, rows, to_csv
from worstsort.runs.config import RunConfig
from worstsort.runs.records import IslandSeries


def series(island: int, epoch: int, first: int, best: list[int], **changes: Any) -> IslandSeries:
    """Return what an island recorded in an epoch of 2 s and 1 CPU second: 10 evaluations per generation."""
    values = {
        "run_id": "r",
        "island": island,
        "epoch": epoch,
        "first_generation": first,
        "best": best,
        "mean": [comparisons - 1.5 for comparisons in best],
        "evaluations": [10] * len(best),
        "best_fitness": max(best, default=0),
        "best_generation": 1,
        "seconds": 2.0,
        "cpu_seconds": 1.0,
        "digest": "",
        "pid": 1,
    }
    return IslandSeries.model_validate(values | changes)


def made(*recorded: IslandSeries) -> list[Row]:
    """Return the rows of a run."""
    return list(rows("r", RunConfig.parse({"target": "go1.12", "seed": 5, "preset": "classic", "size": 50}), recorded))


def test_a_row_says_what_an_island_had_done_by_the_end_of_a_generation() -> None:
    """The best never falls, evaluations and seconds add up over epochs, and an epoch's seconds go by evaluations."""
    found = made(series(0, 2, 2, [6, 9], evaluations=[30, 10]), series(0, 3, 4, [8]), series(0, 1, 0, [5, 7]))
    assert [(row.generation, row.best, row.mean, row.evaluations, row.seconds, row.cpu_seconds) for row in found] == [
        (0, 5, 3.5, 10, 1.0, 0.5),
        (1, 7, 5.5, 20, 2.0, 1.0),
        (2, 7, 4.5, 50, 3.5, 1.75),
        (3, 9, 7.5, 60, 4.0, 2.0),
        (4, 9, 6.5, 70, 6.0, 3.0),
    ]
    assert found[0][:6] == ("r", "classic", 5, "go1.12", 50, 0)


def test_rows_stand_island_by_island_and_an_epoch_without_generations_has_none() -> None:
    """An island that has ended early records empty epochs."""
    found = made(series(1, 1, 0, [3]), series(0, 1, 0, [5]), series(0, 2, 1, []))
    assert [(row.island, row.generation) for row in found] == [(0, 0), (1, 0)]


def test_rows_come_back_from_csv_as_they_were() -> None:
    """Settings that have a column each are beside them."""
    written = made(series(0, 1, 0, [5, 7]))
    text = to_csv(written, {"classic": {"population": 32, "tuning.elites": None}})
    assert text.splitlines()[0] == ",".join([*COLUMNS, "population", "tuning.elites"])
    assert text.splitlines()[1].endswith(",32,")
    assert from_csv(text) == written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the first line does not begin with the columns run,configuration"),
        ("run,best\n", "the first line does not begin"),
        (",".join(COLUMNS) + "\nr,c,1,go1.12,50,0,0,many,1.0,10,1.0,1.0\n", "line 2 is not a row"),
        (",".join(COLUMNS) + "\nr,c,1\n", "line 2 is not a row"),
    ],
)
def test_what_is_no_such_table_is_refused(text: str, said: str) -> None:
    """The message says what is wrong with it."""
    with pytest.raises(NotTidy, match=said):
        from_csv(text)
