"""The Batch jobs of a run: a line for each epoch, and for one epoch a line for each island."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.plain_text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from worstsort.runs.records import IslandSeries
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.console.readings.history import History, Visit

_MAX_DESCRIBED = 100
"""Jobs that one DescribeJobs takes."""

_ENDED = ("SUCCEEDED", "FAILED")

_STRAGGLER = 1.5
"""An island that takes so many times the median of its epoch is shown as a straggler."""


def epochs(history: History, now: datetime) -> list[dict[str, Any]]:
    """Return the visits of states that submit jobs: one for each epoch, in order, with the job once it is known."""
    return [
        {
            "epoch": _field(visit.input, "epoch"),
            "job": _field(visit.submitted, "JobId"),
            "state": visit.state,
            "status": visit.status,
            "entered_at": visit.entered_at.isoformat(),
            "left_at": visit.left_at.isoformat() if visit.left_at else None,
            "seconds": round(visit.seconds(now), 3),
            "error": visible(visit.error[:300]),
        }
        for visit in history.visits
        if _submits(visit)
    ]


def islands(
    deployment: Deployment, ids: Mapping[int, str], series: Sequence[IslandSeries], now: datetime
) -> list[dict[str, Any]]:
    """Return what Batch says of an epoch's jobs, island by island, beside what the islands have recorded.

    Batch forgets jobs a week after their end; then only what was recorded is left.

    Args:
        deployment: Where they are.
        ids: Each island's job; empty if the history does not name it.
        series: What islands have recorded of the epoch.
        now: The end of what still runs.
    """
    recorded = {record.island: record for record in series}
    described = _describe(deployment, [job_id for job_id in ids.values() if job_id])
    rows = [_row(island, described.get(job_id), recorded.get(island), now) for island, job_id in ids.items()]
    mark_stragglers(rows)
    return rows


def mark_stragglers(rows: Sequence[dict[str, Any]]) -> None:
    """Note in the rows of an epoch's islands which of them have taken much longer than the others."""
    seconds = sorted(row["seconds"] for row in rows if row["seconds"] is not None)
    limit = _STRAGGLER * seconds[len(seconds) // 2] if seconds else 0.0
    for row in rows:
        row["straggler"] = row["seconds"] is not None and row["seconds"] > limit


def describe_one(deployment: Deployment, job_id: str) -> dict[str, Any]:
    """Return what Batch says of a job; nothing if it does not know it any more, or not yet."""
    return _describe(deployment, [job_id]).get(job_id, {})


def has_ended(job: Mapping[str, Any]) -> bool:
    """Return whether no attempt of a job can follow; Batch forgets jobs a week after their end."""
    return job.get("status", _ENDED[0]) in _ENDED


def log_stream(job: Mapping[str, Any], attempt: int | None) -> str | None:
    """Return the log stream of a job's attempt, by default the last; None if there is none yet."""
    streams = [made["container"].get("logStreamName") for made in job.get("attempts", [])]
    last: str | None = job.get("container", {}).get("logStreamName")
    return streams[attempt] if attempt is not None and attempt < len(streams) else last


def log_group(deployment: Deployment, definition: str) -> str:
    """Return the log group that the jobs of a definition write to."""
    found = deployment.client("batch").describe_job_definitions(jobDefinitions=[definition])["jobDefinitions"]
    options = found[0]["containerProperties"].get("logConfiguration", {}).get("options", {})
    return str(options.get("awslogs-group", "/aws/batch/job"))


def child(job_id: str, island: int, count: int) -> str:
    """Return the id of the job that evolves an island: a child of the array, or the only job."""
    return f"{job_id}:{island}" if count > 1 else job_id


def _describe(deployment: Deployment, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    batch = deployment.client("batch")
    found = [
        job
        for start in range(0, len(ids), _MAX_DESCRIBED)
        for job in batch.describe_jobs(jobs=ids[start : start + _MAX_DESCRIBED])["jobs"]
    ]
    return {job["jobId"]: job for job in found}


def _row(island: int, job: dict[str, Any] | None, recorded: IslandSeries | None, now: datetime) -> dict[str, Any]:
    attempts = [_attempt(attempt, now) for attempt in (job or {}).get("attempts", [])]
    status = job["status"] if job else "SUCCEEDED" if recorded else "UNKNOWN"
    if job and status not in _ENDED and job.get("startedAt") and not _open(attempts):
        attempts.append(_attempt({"startedAt": job["startedAt"]}, now))
    seconds = sum(attempt["seconds"] for attempt in attempts) if attempts else None
    return {
        "island": island,
        "status": status,
        "reason": visible(str((job or {}).get("statusReason", ""))[:300]),
        "created_at": _moment((job or {}).get("createdAt")),
        "attempts": attempts,
        "seconds": seconds if seconds is not None else recorded.seconds if recorded else None,
        "best": recorded.best_fitness if recorded else None,
        "evaluations": sum(recorded.generation_evaluations) if recorded else None,
        "finished": recorded.finished if recorded else None,
    }


def _attempt(attempt: dict[str, Any], now: datetime) -> dict[str, Any]:
    started, stopped = attempt.get("startedAt"), attempt.get("stoppedAt")
    end = stopped or now.timestamp() * 1000
    container = attempt.get("container", {})
    return {
        "started_at": _moment(started),
        "stopped_at": _moment(stopped),
        "seconds": round(max(0.0, (end - started) / 1000), 3) if started else 0.0,
        "exit_code": container.get("exitCode"),
        "reason": visible(": ".join(filter(None, [attempt.get("statusReason"), container.get("reason")]))[:300]),
    }


def _open(attempts: Sequence[dict[str, Any]]) -> bool:
    return bool(attempts) and attempts[-1]["stopped_at"] is None


def _moment(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def _submits(visit: Visit) -> bool:
    return visit.is_job or bool(_field(visit.submitted, "JobId"))


def _field(text: str, name: str) -> Any:
    with suppress(ValueError, AttributeError):
        return json.loads(text).get(name)
    return None
