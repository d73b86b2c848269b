"""How functions close a run's record, and that they say so only if they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from functions.finish_run import app as finish_run
from functions.prepare_run import app as prepare_run
from functions.record_failure import app as record_failure

from worstsort.control.executions import Continuation
from worstsort.control.plan import prepare
from worstsort.runs.errors import StoreUnavailable
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

OWNER = "arn:aws:states:us-east-1:123456789012:execution:evolve:r"


@pytest.fixture
def recorded(store: RunStore) -> RunStore:
    """Return a store with a running run that `OWNER` owns."""
    prepare(store, "r", {"preset": "classic", "size": 20, "population": 20}, OWNER, "2026-01-01T00:00:00Z")
    return store


def failure(execution_arn: str, **extra: Any) -> record_failure.Event:
    """Return the event of an execution that has failed."""
    error = {"Error": "WorkerFailed", "Cause": "a cause"}
    event = {"run_id": "r", "execution_arn": execution_arn, "failed_at": "now", "failure": error}
    return record_failure.Event.model_validate(event | extra)


def end(execution_arn: str = OWNER) -> finish_run.Event:
    """Return the event of an execution that finishes the run."""
    return finish_run.Event(run_id="r", execution_arn=execution_arn, finished_at="now")


def test_a_failure_is_recorded_for_the_execution_that_owns_the_run(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; an execution that does not own the run records nothing, and says whose it is."""
    monkeypatch.setattr(record_failure, "run_store", lambda: recorded)
    assert record_failure.record(failure("arn:other"), "a cause") == record_failure.End(recorded=False, owner=OWNER)
    assert recorded.run("r").status is Status.RUNNING
    assert record_failure.record(failure(OWNER), "a cause") == record_failure.End(recorded=True)
    assert (recorded.run("r").status, recorded.run("r").reason) == (Status.FAILED, "a cause")
    assert record_failure.record(failure(OWNER), "a later cause") == record_failure.End(recorded=False)


def test_the_failure_of_a_refused_run_belongs_to_nobody(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no record."""
    monkeypatch.setattr(record_failure, "run_store", lambda: store)
    assert record_failure.record(failure(OWNER), "a cause") == record_failure.End(recorded=False)


def test_a_failure_before_a_run_was_taken_over_is_recorded_for_it(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The execution before it still owns the run, and the event's name is that of the later execution."""
    monkeypatch.setattr(record_failure, "run_store", lambda: recorded)
    handed = {"continues": "r", "part": 2, "after": OWNER}
    event = failure("arn:second", run_id="r-2", input=handed)
    assert event.run_id == "r"
    assert record_failure.record(event, "a cause").recorded
    assert recorded.run("r").status is Status.FAILED


def test_a_failure_that_cannot_be_recorded_is_not_called_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is out of reach; the failure is explained all the same."""

    def unavailable() -> None:
        raise StoreUnavailable("DynamoDB", "a test")

    monkeypatch.setattr(record_failure, "run_store", unavailable)
    assert record_failure.record(failure(OWNER), "a cause") == record_failure.End(recorded=False)


def test_a_finished_run_is_closed_once_and_by_its_owner(recorded: RunStore) -> None:
    """A second delivery finds it closed; an execution that does not own it changes nothing."""
    running = recorded.run("r")
    assert not finish_run.close_record(recorded, running, end("arn:other"), "done", "digest")
    assert recorded.run("r").status is Status.RUNNING
    assert finish_run.close_record(recorded, running, end(), "done", "digest")
    assert (recorded.run("r").status, recorded.run("r").digest) == (Status.SUCCEEDED, "digest")
    assert finish_run.close_record(recorded, recorded.run("r"), end(), "done", "digest")


def test_a_run_that_was_aborted_is_closed_only_if_its_execution_is_running_again(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a redriven execution is."""
    recorded.end_run("r", OWNER, Status.ABORTED, "stopped", "now")
    aborted = recorded.run("r")
    monkeypatch.setattr(finish_run, "status_of", lambda _arn: Status.ABORTED)
    assert not finish_run.close_record(recorded, aborted, end(), "done", "digest")
    assert recorded.run("r").status is Status.ABORTED
    monkeypatch.setattr(finish_run, "status_of", lambda _arn: Status.RUNNING)
    assert finish_run.close_record(recorded, aborted, end(), "done", "digest")
    assert recorded.run("r").status is Status.SUCCEEDED


def test_a_run_whose_execution_ended_during_preparation_is_closed(recorded: RunStore) -> None:
    """Step Functions has forgotten the execution, which therefore counts as aborted."""
    prepare_run.close_if_ended(recorded, "r", OWNER)
    assert (recorded.run("r").status, recorded.run("r").reason) == (
        Status.ABORTED,
        "the execution was aborted while it was being prepared",
    )


@pytest.mark.parametrize(
    ("status", "handing", "expected"),
    [
        (Status.ABORTED, Status.SUCCEEDED, Status.RUNNING),
        (Status.TIMED_OUT, Status.RUNNING, Status.RUNNING),
        (Status.ABORTED, Status.ABORTED, Status.ABORTED),
        (Status.FAILED, Status.SUCCEEDED, Status.FAILED),
    ],
)
def test_a_redriven_execution_hands_its_run_over(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch, status: Status, handing: Status, expected: Status
) -> None:
    """The record was closed when it was aborted or timed out; one that is aborted for good hands nothing over."""
    recorded.end_run("r", OWNER, status, "stopped", "now")
    monkeypatch.setattr(prepare_run, "status_of", lambda _arn: handing)
    handed = Continuation(continues="r", part=2, after=OWNER)
    prepare_run.restore_if_redriven(recorded, handed)
    assert recorded.run("r").status is expected
    prepare_run.restore_if_redriven(recorded, Continuation(continues="nobody", part=2, after=OWNER))


def test_a_run_that_another_execution_owns_is_not_handed_over_by_a_redriven_one(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was resumed in the meantime, and aborted again."""
    recorded.end_run("r", OWNER, Status.ABORTED, "stopped", "now")
    recorded.reopen_run("r", "arn:other")
    recorded.end_run("r", "arn:other", Status.ABORTED, "stopped", "now")
    monkeypatch.setattr(prepare_run, "status_of", lambda _arn: Status.RUNNING)
    prepare_run.restore_if_redriven(recorded, Continuation(continues="r", part=2, after=OWNER))
    assert recorded.run("r").status is Status.ABORTED
