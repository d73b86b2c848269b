"""What is shown of an epoch's jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session

from worstsort.runs.records import IslandSeries
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console.readings import jobs
from worstsort_cli.console.readings.history import History, Visit

NOW = datetime(2026, 1, 1, 0, 1, 40, tzinfo=UTC)
START_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Batch:
    """Batch with jobs as AWS describes them; those of the embedded cloud are in the tests of whole runs."""

    def __init__(self, *described: dict[str, Any]) -> None:
        self.described = described
        self.asked: list[int] = []

    def describe_jobs(self, jobs: list[str]) -> dict[str, Any]:
        """Return those of the jobs that are known."""
        self.asked.append(len(jobs))
        return {"jobs": [job for job in self.described if job["jobId"] in jobs]}


def child(island: int, status: str, *attempts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Describe a child of an array."""
    made = {"jobId": f"job:{island}", "status": status, "arrayProperties": {"index": island}, "createdAt": START_MS}
    return made | {"attempts": list(attempts)} | more


def attempt(start: int, stop: int | None, exit_code: int | None = 0, reason: str = "") -> dict[str, Any]:
    """Describe an attempt, in seconds after the start."""
    container = {"reason": reason} | ({} if exit_code is None else {"exitCode": exit_code})
    stopped = {} if stop is None else {"stoppedAt": START_MS + 1000 * stop}
    return {"startedAt": START_MS + 1000 * start, "container": container} | stopped


def rows(batch: Batch, count: int, series: tuple[IslandSeries, ...] = (), job: str = "job") -> list[dict[str, Any]]:
    """Return what is shown."""
    ids = {island: job and jobs.child(job, island, count) for island in range(count)}
    return jobs.islands(Deployment({}, lambda _name: batch), ids, series, NOW)


def test_each_attempt_has_its_time_its_exit_code_and_its_reason() -> None:
    """A job that was killed and tried again has two."""
    killed, again = attempt(1, 5, 137, "OutOfMemoryError"), attempt(6, 10)
    shown = rows(Batch(child(0, "SUCCEEDED", killed, again), child(1, "RUNNABLE")), 2)
    assert [(made["seconds"], made["exit_code"], made["reason"]) for made in shown[0]["attempts"]] == [
        (4.0, 137, "OutOfMemoryError"), (4.0, 0, ""),
    ]  # fmt: skip
    assert (shown[1]["status"], shown[1]["attempts"], shown[1]["seconds"]) == ("RUNNABLE", [], None)


def test_what_runs_has_a_bar_that_grows() -> None:
    """AWS lists an attempt only when it has ended; until then the job says when it was started."""
    (shown,) = rows(Batch(child(0, "RUNNING", startedAt=START_MS) | {"jobId": "job"}), 1)
    assert [(made["seconds"], made["stopped_at"]) for made in shown["attempts"]] == [(100.0, None)]


def test_an_island_that_takes_much_longer_than_the_others_is_a_straggler() -> None:
    """More than one and a half times the median; one alone never is, nor what has not begun."""
    batch = Batch(*(child(island, "SUCCEEDED", attempt(0, seconds)) for island, seconds in enumerate((10, 10, 15, 16))))
    batch.described[2]["attempts"] = [attempt(0, 24)]
    assert [row["straggler"] for row in rows(batch, 4)] == [False, False, False, False]
    batch.described[2]["attempts"] = [attempt(0, 25)]
    assert [row["straggler"] for row in rows(batch, 5)] == [False, False, True, False, False]
    assert [row["straggler"] for row in rows(Batch(child(0, "SUCCEEDED", attempt(0, 9)) | {"jobId": "job"}), 1)] == [
        False
    ]


def test_jobs_are_asked_for_a_hundred_at_a_time() -> None:
    """As many as one call takes."""
    batch = Batch()
    rows(batch, 250)
    assert batch.asked == [100, 100, 50]


def test_one_job_is_described_as_batch_describes_it() -> None:
    """With nothing where Batch does not know it, which is a job that has ended long ago."""
    known = child(3, "RUNNING", container={"logStreamName": "now"})
    deployment = Deployment({}, lambda _name: Batch(child(2, "FAILED"), known))
    assert jobs.describe_one(deployment, "job:3") == known
    assert jobs.describe_one(deployment, "job:4") == {}
    assert jobs.has_ended({})


def test_a_job_has_ended_in_two_of_the_states_of_batch() -> None:
    """As the service description names them; in all others an attempt can follow."""
    states = botocore.session.get_session().get_service_model("batch").shape_for("JobStatus").enum
    assert {state for state in states if jobs.has_ended({"status": state})} == {"SUCCEEDED", "FAILED"}


def test_each_attempt_has_its_own_log() -> None:
    """The last of the job by default, and for an attempt that Batch does not list yet."""
    attempts = [{"container": {"logStreamName": name}} for name in ("first", "second")]
    job = {"attempts": [*attempts, {"container": {}}], "container": {"logStreamName": "last"}}
    assert [jobs.log_stream(job, number) for number in (0, 1, 2, 3, None)] == ["first", "second", None, "last", "last"]
    assert jobs.log_stream({}, None) is jobs.log_stream({}, 0) is None


def test_of_jobs_that_batch_has_forgotten_their_records_are_shown() -> None:
    """It forgets them a week after their end."""
    series = IslandSeries(
        run_id="r", island=1, epoch=3, first_generation=1, best=[5, 7], mean=[1.0, 2.0], generation_evaluations=[4, 4],
        best_fitness=7, best_generation=2, seconds=2.5, cpu_seconds=2.0, digest="d", pid=1,
    )  # fmt: skip
    shown = rows(Batch(), 2, (series,))
    assert [(row["status"], row["seconds"], row["best"]) for row in shown] == [
        ("UNKNOWN", None, None), ("SUCCEEDED", 2.5, 7),
    ]  # fmt: skip
    assert rows(Batch(), 2, (series,), job="") == shown


def test_each_epoch_has_its_job_once_it_is_known_and_its_times() -> None:
    """A state that submits no job is none."""
    history, start = History(), datetime(2026, 1, 1, tzinfo=UTC)
    history.visits = [
        Visit("PrepareRun", start, left_at=start),
        Visit("EvolveIslands", start, '{"epoch": 4}', start + timedelta(seconds=2.5), submitted='{"JobId": "j"}'),
        Visit("EvolveIslands", start, '{"epoch": 5}', error="Batch.Odd\n" + "e" * 400, is_job=True),
    ]
    shared = {"state": "EvolveIslands", "entered_at": "2026-01-01T00:00:00+00:00"}
    ended = {"epoch": 4, "job": "j", "left_at": "2026-01-01T00:00:02.500000+00:00", "seconds": 2.5, "error": ""}
    running = {"epoch": 5, "job": None, "left_at": None, "seconds": 100.0, "error": "Batch.Odd\\n" + "e" * 290}
    shown = jobs.epochs(history, NOW)
    assert [{**made, "status": ""} for made in shown] == [shared | each | {"status": ""} for each in (ended, running)]
