"""An execution that is aborted, as any AWS client sees it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.executions import Started, start, sweep
from worstsort_embedded import events
from worstsort_embedded.events import Events

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cloud")


def record(run: Started) -> dict[str, Any]:
    """Return the run's record, empty while there is none."""
    return next(iter(run.items("META")), {})


def await_status(run: Started, status: str) -> None:
    """Wait until the run's record has this status."""
    end = time.monotonic() + 30
    while record(run).get("status", {}).get("S") != status:
        assert time.monotonic() < end, record(run)
        time.sleep(0.05)


def test_an_aborted_run_is_recorded_leaves_no_job_and_can_be_resumed(cloud: EmbeddedCloud) -> None:
    """EventBridge invokes ReconcileRun, because no Catch sees the abort; the input `resume` continues the run."""
    stepfunctions = cloud.client("stepfunctions")
    run = start(cloud, "aborted", generations_per_epoch=100, stop={"max_epochs": 3})
    await_status(run, "RUNNING")
    stepfunctions.stop_execution(executionArn=run.arn)
    await_status(run, "ABORTED")
    for status in ("SUBMITTED", "RUNNABLE", "STARTING"):
        jobs = cloud.client("batch").list_jobs(jobQueue=cloud.outputs["JobQueueArn"], jobStatus=status)
        assert not [job for job in jobs["jobSummaryList"] if job["jobName"].startswith("aborted-")]
    arn = stepfunctions.start_execution(
        stateMachineArn=cloud.outputs["StateMachineArn"], name="resumed", input=json.dumps({"resume": "aborted"})
    )["executionArn"]
    resumed = Started(cloud, arn, "aborted")
    assert json.loads(resumed.wait()["output"])["epochs"] == 3
    assert record(resumed)["status"]["S"] == "SUCCEEDED"


def test_a_run_whose_abort_no_event_reports_is_swept(cloud: EmbeddedCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are delivered with best effort; without this one, the record would say RUNNING for ever."""
    monkeypatch.setattr(Events, "_deliver", lambda *_: None)
    run = start(cloud, "unreported", generations_per_epoch=100, stop={"max_epochs": 3})
    await_status(run, "RUNNING")
    cloud.client("stepfunctions").stop_execution(executionArn=run.arn)
    assert sweep(cloud)["closed_runs"] == []
    assert record(run)["status"]["S"] == "RUNNING"
    assert sweep(cloud, hours=1)["closed_runs"] == ["unreported"]
    assert record(run)["status"]["S"] == "ABORTED"
    assert sweep(cloud, hours=1)["closed_runs"] == []


def test_the_sweep_is_due_once_an_hour(cloud: EmbeddedCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rule invokes it in the embedded cloud, too; here an hour takes half a second."""
    assert events.period_seconds("rate(1 hour)") == 3600
    deliver = Events._deliver  # noqa: SLF001 - what is delivered is chosen on its way

    def only_schedules(self: Events, target: Any, event: dict[str, Any]) -> None:
        if event["detail-type"] == "Scheduled Event":
            deliver(self, target, event)

    monkeypatch.setattr(Events, "_deliver", only_schedules)
    monkeypatch.setattr(events, "period_seconds", lambda expression: 0.5 if expression else 0)
    before, end = sweeps(cloud), time.monotonic() + 60
    while sweeps(cloud) < before + 2:
        assert time.monotonic() < end, "SweepRuns was not invoked"
        time.sleep(0.1)


def sweeps(cloud: EmbeddedCloud) -> int:
    """Return how many invocations of SweepRuns have ended without an error."""
    logged = cloud.client("logs").filter_log_events(logGroupName="/worstsort/sweep-runs")["events"]
    lines = [event["message"] for event in logged]
    assert not [line for line in lines if '"level":"ERROR"' in line]
    return len([line for line in lines if line.startswith("REPORT")])


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 days)", 172800), ("cron(0 1 * * ? *)", 0), (None, 0)],
)
def test_only_a_rate_is_a_period(expression: str | None, seconds: float) -> None:
    """Any other schedule has no effect on one machine."""
    assert events.period_seconds(expression) == seconds
