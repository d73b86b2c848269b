"""An execution that is aborted, as any AWS client sees it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.executions import Started, start, sweep
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
