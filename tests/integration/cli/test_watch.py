"""What `worstsort watch` says of a run that has ended, however it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from worstsort.control.plan import prepare
from worstsort.runs.records import EpochRecord, IslandSeries
from worstsort.runs.status import Status
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.status import capacity, take_snapshot
from worstsort_cli.clouds.tracker import Tracker
from worstsort_cli.commands import watch as command
from worstsort_cli.costs.prices import cost
from worstsort_cli.costs.resource_usage import usage
from worstsort_cli.errors import CommandFailed
from worstsort_cli.show.snapshot import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.storage.run_store import RunStore

OWNER = "arn:aws:states:us-east-1:123456789012:execution:evolve:r"
NAMES = {"GenerationsTableName": "GenerationsTable", "ChampionsTableName": "ChampionsTable", "BucketName": "bucket"}


@pytest.fixture
def run(store: RunStore) -> RunStore:
    """Return a store with a run of two islands."""
    config = {"preset": "classic", "size": 20, "population": 20, "islands": 2, "stop": {"max_epochs": 2}}
    prepare(store, "r", config, OWNER, "2026-01-01T00:00:00+00:00")
    return store


def done() -> str:
    """Return what is said of the run's epochs."""
    snapshot = take_snapshot(Deployment(outputs=NAMES, client=boto3.client), "r")
    return dict(describe(snapshot))["epoch"]


def end(store: RunStore, status: Status) -> None:
    """End the run."""
    assert store.end_run("r", OWNER, status, "a cause", "2026-01-01T00:01:00+00:00")


def close(store: RunStore, epoch: int, decision: str) -> None:
    """Close an epoch."""
    record = EpochRecord.model_validate(
        {"run_id": "r", "epoch": epoch, "best": 9, "best_island": 0, "best_generation": 1, "generations": epoch,
         "evaluations": 10, "seconds": 1.0, "stall_epochs": 0, "decision": decision, "reason": "done"}
    )  # fmt: skip
    store.put_epoch(record, [])


@pytest.mark.parametrize("status", [Status.ABORTED, Status.FAILED, Status.TIMED_OUT])
def test_islands_of_a_run_that_ended_in_its_first_epoch_are_not_called_done(run: RunStore, status: Status) -> None:
    """Only those that have recorded the epoch are."""
    end(run, status)
    assert done() == "0 of 2 closed; 0 of 2 islands done"
    recorded = {"run_id": "r", "island": 1, "epoch": 1, "first_generation": 1, "best": [9], "mean": [9.0],
                "evaluations": [10], "best_fitness": 9, "best_generation": 1, "seconds": 1.0, "cpu_seconds": 1.0,
                "digest": "", "pid": 1}  # fmt: skip
    run.put_series(IslandSeries.model_validate(recorded))
    assert done() == "0 of 2 closed; 1 of 2 islands done"


def test_islands_of_a_run_that_has_succeeded_are_done(run: RunStore) -> None:
    """There is no epoch after the last one."""
    close(run, 1, "continue")
    close(run, 2, "stop")
    end(run, Status.SUCCEEDED)
    assert done() == "2 of 2 closed; 2 of 2 islands done"


def test_islands_of_a_run_that_failed_after_its_last_epoch_are_done(run: RunStore) -> None:
    """Only the champion is missing."""
    close(run, 1, "stop")
    end(run, Status.FAILED)
    assert done() == "1 of 2 closed; 2 of 2 islands done"


@pytest.mark.parametrize("arguments", [["--once"], [], ["--once", "--json"]])
def test_a_cause_is_told_once(
    run: RunStore, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard output, with the rest of what is known of the run; the error only says that it failed."""
    end(run, Status.TIMED_OUT)
    connect: Callable[[str | None], Deployment] = lambda _stack: Deployment(outputs=NAMES, client=boto3.client)  # noqa: E731
    monkeypatch.setattr(command, "connect", connect)
    with pytest.raises(CommandFailed) as failed:
        command.watch.main(["r", "--stack", "of-tests", *arguments], standalone_mode=False)
    assert str(failed.value) == "run r timed out"
    assert capsys.readouterr().out.count("a cause") == 1


@pytest.mark.usefixtures("run")
def test_a_run_without_a_closed_epoch_has_paid_for_no_machine(store: RunStore) -> None:
    """What it is said to have cost is what it takes to prepare it."""
    deployment = Deployment(outputs=NAMES, client=boto3.client)
    given = capacity(deployment)
    prepared = usage(store.run("r").config, 0, 0.0, given)
    assert prepared.vcpu_seconds == 0
    assert take_snapshot(deployment, "r").dollars == pytest.approx(sum(cost(prepared, given.purchase).values()))


def test_the_curve_of_a_run_grows_by_each_epoch_that_closes(run: RunStore) -> None:
    """A closed epoch is read once, as it does not change any more."""
    tracker = Tracker(Deployment(outputs=NAMES, client=boto3.client), "r")
    close(run, 1, "continue")
    close(run, 2, "stop")
    end(run, Status.SUCCEEDED)
    assert tracker.snapshot().curve == tracker.snapshot().curve == (9, 9)
