"""How the list of a cloud's runs is read: the newest first, and no more than may have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.runs.config import RunConfig
from worstsort.runs.records import RunRecord
from worstsort.runs.run_id import MAX_NAME_CHARACTERS, name_with_suffix
from worstsort.runs.status import Status
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console.readings.listing import Listing
from worstsort_cli.console.readings.portions import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

CONFIG = RunConfig.parse({"target": "go1.12", "size": 10})


class Store:
    """A store of runs that have succeeded, which notes what it is asked for."""

    def __init__(self, count: int) -> None:
        self.ids = [f"run-{number:04d}" for number in range(count)]
        self.lost = self.ids[0]
        self.asked: list[list[str]] = []

    def seeded_run_ids(self) -> list[str]:
        """Return all ids."""
        return self.ids

    def runs(self, run_ids: Iterable[str]) -> list[RunRecord]:
        """Return records; of one run there is none, as if the table had lost it."""
        self.asked.append(list(run_ids))
        return [self._run(run_id) for run_id in self.asked[-1] if run_id != self.lost]

    def _run(self, run_id: str) -> RunRecord:
        return RunRecord(
            run_id=run_id, config=CONFIG, execution_arn=f"machine:{run_id}", started_at="2026-01-01T00:00:00+00:00",
            code_version="c", status=Status.SUCCEEDED,
        )  # fmt: skip


class StepFunctions:
    """Step Functions, whose newest executions are those of the runs with the lowest numbers."""

    def __init__(self, store: Store) -> None:
        self.store, self.running = store, list[str]()

    def list_executions(self, **_given: Any) -> dict[str, Any]:
        """Return the newest."""
        return {"executions": [{"name": name} for name in self.store.ids]}

    def get_paginator(self, _operation: str) -> StepFunctions:
        """Return itself."""
        return self

    def paginate(self, **_given: Any) -> Iterator[dict[str, Any]]:
        """Return those that run."""
        yield {"executions": [{"name": name} for name in self.running]}


def reading(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[Deployment, StepFunctions]:
    """Return a deployment with this store."""
    service = StepFunctions(store)
    monkeypatch.setattr(Deployment, "store", store)
    return Deployment({"StateMachineArn": "machine"}, lambda _name: service), service


def test_the_newest_runs_are_shown_first_and_the_others_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of them at once; what is still to come is counted."""
    store, listing = Store(1_000), Listing()
    deployment, _ = reading(store, monkeypatch)
    listing.read(deployment)
    assert store.asked == [store.ids[:FIRST]]
    assert listing.unread == 1_000 - FIRST
    while listing.unread:
        listing.read(deployment)
    assert len(listing.runs) == 999
    assert sum(map(len, store.asked)) == 1_000


def test_a_run_that_has_ended_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that has left something in the bucket and nothing in the table."""
    store, listing = Store(10), Listing()
    deployment, _ = reading(store, monkeypatch)
    for _ in range(3):
        listing.read(deployment)
    assert [len(asked) for asked in store.asked] == [10, 0, 0]


def test_a_run_that_was_not_recorded_at_the_first_look_is_found_at_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Although it has ended by then: its execution ran before it had a record."""
    store, listing = Store(10), Listing()
    deployment, service = reading(store, monkeypatch)
    lost, *store.ids = store.ids
    store.lost, service.running = "new", ["new"]
    assert "new" not in [run.run_id for run in listing.read(deployment)]
    store.lost, service.running = lost, []
    store.ids.append("new")
    assert "new" in [run.run_id for run in listing.read(deployment)]


def test_a_run_that_is_resumed_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known by the name of the execution that resumes it."""
    store, listing = Store(10), Listing()
    deployment, service = reading(store, monkeypatch)
    listing.read(deployment)
    service.running = ["run-0007-resumed-20260101-000000-123"]
    listing.read(deployment)
    assert "run-0007" in store.asked[-1]


def test_a_run_with_a_long_name_that_is_resumed_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the execution that resumes it has only the beginning of its own."""
    store, listing = Store(1), Listing()
    store.ids[:], store.lost = [run_id := "r" * MAX_NAME_CHARACTERS], ""
    deployment, service = reading(store, monkeypatch)
    listing.read(deployment)
    service.running = [name_with_suffix(run_id, "-resumed-20260101-000000-123")]
    listing.read(deployment)
    assert run_id in store.asked[-1]
