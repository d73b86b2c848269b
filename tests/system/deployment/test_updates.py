"""A deployment while a run is under way: the run ends as if there had been none, and the next one uses what is new."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.copies import change, copy_project
from tests.fault.harness import pure_digest
from tests.support.command import ROOT
from tests.support.executions import SMALL, Started, start
from worstsort.runs.config import RunConfig
from worstsort_embedded import EmbeddedCloud, EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUN = {"generations_per_epoch": 20, "population": 400, "size": 60, "stop": {"max_epochs": 5}}
ENDED = ("SUCCEEDED", "FAILED")
ALL = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", *ENDED)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose worker, state machine and functions differ and say so."""
    project = copy_project(tmp_path_factory.mktemp("changed") / "project")
    change(
        project / "batch_worker/evolve_island.py", "DONE, FAILED = 0, 1\n", 'DONE, FAILED = 0, 1\nprint("new worker")\n'
    )
    function = project / "functions/close_epoch/app.py"
    function.write_text(function.read_text() + '\nprint("new function")\n')
    machine = project / "statemachine/evolve.asl.json"
    definition = json.loads(machine.read_text())
    definition["States"]["NewState"] = {"Type": "Pass", "Comment": "Is new.", "Next": definition["StartAt"]}
    machine.write_text(json.dumps(definition | {"StartAt": "NewState"}))
    return project


def begin(cloud: EmbeddedCloud, run_id: str) -> Started:
    """Start a run, and wait until its first epoch is closed."""
    started = start(cloud, run_id, **RUN)
    until(lambda: bool(started.items("EPOCH#")), "an epoch")
    assert len(started.items("EPOCH#")) < RUN["stop"]["max_epochs"]  # type: ignore[index]
    return started


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, f"there is no {what}"
        time.sleep(0.02)


def digest(started: Started) -> str:
    """Return the digest of a run that has succeeded."""
    ended = started.wait()
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    return str(started.items("META")[0]["digest"]["S"])


def jobs(cloud: EmbeddedCloud, run_id: str) -> list[dict[str, Any]]:
    """Return the jobs of a run in all queues."""
    batch = cloud.client("batch")
    queues = [queue["jobQueueArn"] for queue in batch.describe_job_queues()["jobQueues"]]
    pages = [batch.list_jobs(jobQueue=queue, jobStatus=status)["jobSummaryList"] for queue in queues for status in ALL]
    ids = [job["jobId"] for page in pages for job in page if job["jobName"].startswith(f"{run_id}-epoch")]
    return list(batch.describe_jobs(jobs=ids)["jobs"])


def said(cloud: EmbeddedCloud, group: str, since: int, pattern: str = "") -> str:
    """Return what was logged in a log group since a time in milliseconds."""
    answer = cloud.client("logs").filter_log_events(logGroupName=f"/worstsort/{group}", startTime=since)
    return "\n".join(event["message"] for event in answer["events"] if pattern in event["message"])


def states(cloud: EmbeddedCloud, started: Started) -> set[str]:
    """Return the states that an execution entered."""
    pages = cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=started.arn)
    events = [event for page in pages for event in page["events"]]
    return {event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event}


@pytest.fixture(scope="module")
def expected() -> str:
    """Return the digest of an undisturbed run."""
    return pure_digest(RunConfig.parse(SMALL | RUN))


@pytest.fixture
def cloud() -> Iterator[EmbeddedCloud]:
    """Open a cloud of the test's own, which it changes."""
    with EmbeddedCloud(ROOT, parameters={"ImageTag": "old"}) as opened:
        yield opened


def test_a_run_under_way_survives_a_deployment_of_everything(
    cloud: EmbeddedCloud, changed: Path, expected: str
) -> None:
    """It keeps worker and state machine, takes up the functions, and ends with its digest; a new run uses all."""
    under_way, since = begin(cloud, "under-way"), int(time.time() * 1000)
    cloud.update(changed, {"ImageTag": "new"})
    assert digest(under_way) == expected
    assert {job["jobDefinition"].rpartition(":")[2] for job in jobs(cloud, "under-way")} == {"1"}
    assert "new worker" not in said(cloud, "jobs", since)
    assert "new function" in said(cloud, "close-epoch", since)
    assert "NewState" not in states(cloud, under_way)
    after = start(cloud, "after", **RUN)
    assert digest(after) == expected
    assert {job["jobDefinition"].rpartition(":")[2] for job in jobs(cloud, "after")} == {"2"}
    assert "new worker" in said(cloud, "jobs", since)
    assert "NewState" in states(cloud, after)


@pytest.mark.parametrize("switched", [{"Capacity": "FARGATE_SPOT"}, {"Architecture": "X86_64"}], ids=str)
def test_a_run_under_way_keeps_its_queue_when_another_is_chosen(
    cloud: EmbeddedCloud, expected: str, switched: dict[str, str]
) -> None:
    """A new run uses the other queue, and an aborted one leaves no job in its own."""
    before = cloud.outputs["JobQueueArn"]
    under_way, aborted = begin(cloud, "under-way"), start(cloud, "aborted", **RUN | {"population": 20_000})
    until(lambda: bool(jobs(cloud, "aborted")), "job")
    cloud.update(parameters=switched)
    assert cloud.outputs["JobQueueArn"] != before
    cloud.client("stepfunctions").stop_execution(executionArn=aborted.arn)
    until(lambda: {job["status"] for job in jobs(cloud, "aborted")} <= {*ENDED}, "end of the aborted run's jobs")
    assert digest(under_way) == expected
    assert {job["jobQueue"] for job in jobs(cloud, "under-way")} == {before}
    assert digest(start(cloud, "after", **RUN)) == expected
    assert {job["jobQueue"] for job in jobs(cloud, "after")} == {cloud.outputs["JobQueueArn"]}


@pytest.mark.slow
def test_without_retention_a_deployment_kills_the_run_under_way(tmp_path: Path) -> None:
    """This is what ResourceRetentionPolicy is for: else the revision that the execution holds is de-registered."""
    project = copy_project(tmp_path / "forgetful")
    change(project / "template.yaml", "SkipDeregisterOnUpdate: true", "SkipDeregisterOnUpdate: false")
    with EmbeddedCloud(project, parameters={"ImageTag": "old"}) as cloud:
        under_way = begin(cloud, "under-way")
        cloud.update(parameters={"ImageTag": "new"})
        assert under_way.wait()["status"] == "FAILED"


def test_an_update_that_aws_would_refuse_changes_nothing(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    """A queue that would change its kind is refused before anything is touched."""
    project = copy_project(tmp_path / "refused")
    change(
        project / "template.yaml",
        "- - { Order: 1, ComputeEnvironment: !Ref OnDemandComputeEnvironment }\n",
        "- - { Order: 1, ComputeEnvironment: !Ref FargateComputeEnvironment }\n",
    )
    with pytest.raises(EmbeddedCloudError, match="would change from EC2 to Fargate"):
        cloud.update(project, {"Capacity": "ON_DEMAND"})
    queue = cloud.client("batch").describe_job_queues(jobQueues=[cloud.outputs["JobQueueArn"]])["jobQueues"][0]
    assert len(queue["computeEnvironmentOrder"]) == 2
