"""What a sweep ends and closes, and what it leaves alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from functions.sweep_runs import app as sweep_runs

from tests.integration.functions.stand_ins import MACHINE, Batch, StepFunctions
from worstsort.control import executions, sweep
from worstsort.control.plan import continue_run, prepare
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

OWNER = "arn:aws:states:us-east-1:123456789012:execution:evolve:r"
LATER = f"{OWNER}-2"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
LONG_AGO, JUST_NOW = NOW - timedelta(hours=1), NOW - timedelta(minutes=1)
UNTIL, SINCE = NOW - timedelta(minutes=15), NOW - timedelta(days=2)


def end(arn: str, status: str = "ABORTED", at: datetime = LONG_AGO, **given: Any) -> dict[str, Any]:
    """Return an ended execution, as Step Functions describes it."""
    name = arn.rpartition(":")[2]
    return {"executionArn": arn, "name": name, "status": status, "stopDate": at, "input": json.dumps(given)}


@pytest.fixture
def recorded(store: RunStore) -> RunStore:
    """Return a store with a running run that `OWNER` owns."""
    prepare(store, "r", {"preset": "classic", "size": 20, "population": 20}, OWNER, "2026-01-01T00:00:00Z")
    return store


def use(monkeypatch: pytest.MonkeyPatch, stepfunctions: StepFunctions, batch: Batch | None = None) -> None:
    """Let the code under test talk to these services."""
    monkeypatch.setattr(executions, "client", lambda _service: stepfunctions)
    monkeypatch.setattr(sweep, "client", lambda _service: batch)


@pytest.mark.parametrize("status", ["FAILED", "ABORTED", "TIMED_OUT"])
def test_the_record_of_an_execution_whose_end_was_not_reported_is_closed(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """With the time and the manner of the end; once."""
    use(monkeypatch, StepFunctions(end(OWNER, status) | {"cause": "a cause"}))
    assert sweep.close_records(recorded, MACHINE, SINCE, UNTIL) == ["r"]
    run = recorded.run("r")
    assert (run.status, run.finished_at) == (Status(status), LONG_AGO.isoformat())
    assert run.reason is not None
    assert run.reason.endswith(": a cause")
    assert sweep.close_records(recorded, MACHINE, SINCE, UNTIL) == []


def test_an_execution_that_ended_before_it_took_the_run_over_leaves_it_closed(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The execution before it still owns the run."""
    use(monkeypatch, StepFunctions(end(LATER, continues="r", part=2, after=OWNER)))
    assert sweep.close_records(recorded, MACHINE, SINCE, UNTIL) == ["r"]


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param(end(OWNER, "SUCCEEDED"), id="succeeded"),
        pytest.param(end(OWNER, at=JUST_NOW), id="just ended, and ReconcileRun is at work"),
        pytest.param(end(OWNER, at=SINCE - timedelta(seconds=1)), id="looked at by an earlier sweep"),
        pytest.param(end(LATER, resume="r"), id="another execution, which did not get the run"),
    ],
)
def test_what_needs_no_sweep_is_left_alone(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch, ended: dict[str, Any]
) -> None:
    """The run continues to run."""
    use(monkeypatch, StepFunctions(ended))
    assert sweep.close_records(recorded, MACHINE, SINCE, UNTIL) == []
    assert recorded.run("r").status is Status.RUNNING


def test_a_run_that_another_execution_has_taken_over_is_left_alone(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the execution before says nothing about it."""
    handed = executions.Continuation(continues="r", part=2, after=OWNER)
    continue_run(recorded, handed, LATER)
    use(monkeypatch, StepFunctions(end(OWNER)))
    assert sweep.close_records(recorded, MACHINE, SINCE, UNTIL) == []


def test_jobs_of_executions_that_have_ended_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it ended, or if AWS has forgotten it; jobs of running and of just ended ones, and of others, are not."""
    ended, forgotten, fresh, running = (f"{OWNER}-{name}" for name in ("ended", "forgotten", "fresh", "running"))
    stepfunctions = StepFunctions(end(ended, "SUCCEEDED"), end(fresh, at=JUST_NOW), forgotten=(forgotten,))
    batch = Batch(first=ended, second=ended, lost=forgotten, young=fresh, busy=running, foreign=None)
    use(monkeypatch, stepfunctions, batch)
    assert sweep.end_orphans("queue", UNTIL) == ["first", "second", "lost"]
    assert batch.terminated == {
        "first": "the execution succeeded",
        "second": "the execution succeeded",
        "lost": "the execution was aborted",
    }
    assert stepfunctions.described.count(ended) == 1


def test_a_job_that_cannot_be_ended_keeps_nothing_else_from_being_swept(
    recorded: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other jobs are ended and records closed; then the sweep fails, so that somebody is told."""
    batch = Batch(untagged=OWNER, tagged=OWNER)
    use(monkeypatch, StepFunctions(end(OWNER)), batch)
    monkeypatch.setattr(sweep_runs, "run_store", lambda: recorded)
    for name, value in {"JOB_QUEUES": "queue", "STATE_MACHINE": MACHINE}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ClientError, match="AccessDenied"):
        sweep_runs.sweep(sweep_runs.Event(time=NOW))
    assert list(batch.terminated) == ["tagged"]
    assert recorded.run("r").status is Status.ABORTED


def test_a_sweep_without_jobs_asks_for_no_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    """And writes nothing: a stack without runs costs next to nothing."""
    stepfunctions, batch = StepFunctions(), Batch()
    use(monkeypatch, stepfunctions, batch)
    assert sweep.end_orphans("queue", UNTIL) == []
    assert stepfunctions.described == []
