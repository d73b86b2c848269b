"""The list of runs: filtered, sorted, and cut into pages."""

from __future__ import annotations

import pytest

from worstsort.runs.config import RunConfig
from worstsort.runs.records import RunRecord
from worstsort.runs.status import Status
from worstsort_cli.console.readings.overview import CLOUD, Placed, Query, select


def a_run(run_id: str, *, best: int | None, size: int = 10, status: Status = Status.SUCCEEDED, day: int = 1) -> Placed:
    """Return a run."""
    config = RunConfig.parse({"target": "go1.12", "size": size, "preset": "classic"})
    started_at = f"2026-01-{day:02d}T00:00:00+00:00"
    record = RunRecord(
        run_id=run_id,
        config=config,
        execution_arn="a",
        started_at=started_at,
        code_version="c",
        best=best,
        status=status,
    )
    return Placed(CLOUD, record)


RUNS = [
    a_run("one", best=5, day=1),
    a_run("two", best=None, day=3, status=Status.RUNNING),
    a_run("three", best=9, day=2, size=20),
]


def ids(query: Query) -> list[str]:
    """Return the ids of what is found."""
    return [placed.run.run_id for placed in select(RUNS, query)[0]]


def test_the_newest_comes_first() -> None:
    """Unless something else is asked for."""
    assert ids(Query()) == ["two", "three", "one"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("started_at", ["one", "three", "two"]),
        ("best", ["two", "one", "three"]),
        ("-best", ["three", "one", "two"]),
        ("size", ["one", "two", "three"]),
        ("run_id", ["one", "three", "two"]),
    ],
)
def test_the_list_is_sorted_by_a_field(sort: str, found: list[str]) -> None:
    """A run that has not found anything yet is the smallest."""
    assert ids(Query(sort=sort)) == found


def test_runs_are_found_by_their_id_their_sort_and_their_state() -> None:
    """In either case of letters."""
    assert ids(Query(text="THR")) == ["three"]
    assert ids(Query(text="sort.sort of go 1.12", status="RUNNING")) == ["two"]
    assert ids(Query(text="heapsort")) == []


def test_a_page_says_how_many_there_are() -> None:
    """All that were found, not all that are shown."""
    shown, total = select(RUNS, Query(offset=1, limit=1))
    assert [placed.run.run_id for placed in shown] == ["three"]
    assert total == 3
