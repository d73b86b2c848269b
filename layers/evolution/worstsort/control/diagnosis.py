"""Why an execution failed, in plain words: from the error and cause that Step Functions hands over."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from worstsort.storage.clients import client

_NAME_TAKEN = "StepFunctions.ExecutionAlreadyExists"
"""Beginning of the error name: Step Functions may add Exception."""


class Failure(BaseModel):
    """What the execution ends with: an error name, and a cause that a person understands."""

    error: str
    cause: str


def diagnose(error: str, cause: str, log_group: str) -> Failure:
    """Explain a failed task.

    Args:
        error: The error name; for a Lambda function the class of its exception.
        cause: JSON from Lambda (`errorMessage`) or Batch (the description of the job), or any text.
        log_group: The log group of the jobs.
    """
    details = _decode(cause)
    if "jobId" in _lower(details):
        return _diagnose_job(details, log_group)
    if "errorMessage" in details:
        return Failure(error=details.get("errorType", error), cause=details["errorMessage"])
    if error.startswith(_NAME_TAKEN):
        advice = "Another execution has taken the name of the one that should continue the run. Resume the run."
        return Failure(error=error, cause=f"{advice} {cause}".strip())
    # Only Step Functions itself may use names that begin with States.
    name = error.removeprefix("States.") or "Unknown"
    return Failure(error=name, cause=cause or f"{error} without a cause")


def _diagnose_job(details: dict[str, Any], log_group: str) -> Failure:
    batch = client("batch")
    job = batch.describe_jobs(jobs=[_lower(details)["jobId"]])["jobs"][0]
    if "arrayProperties" not in job or "size" not in job["arrayProperties"]:
        return Failure(error="WorkerFailed", cause=f"{job['jobName']}: {_describe_job(job, log_group)}")
    pages = batch.get_paginator("list_jobs").paginate(arrayJobId=job["jobId"], jobStatus="FAILED")
    failed = sorted(child["arrayProperties"]["index"] for page in pages for child in page["jobSummaryList"])
    if not failed:
        return Failure(error="WorkerFailed", cause=f"{job['jobName']}: {job.get('statusReason', 'no reason given')}")
    first = batch.describe_jobs(jobs=[f"{job['jobId']}:{failed[0]}"])["jobs"][0]
    islands = ", ".join(map(str, failed))
    count = f"{len(failed)} of {job['arrayProperties']['size']} islands failed ({islands})"
    return Failure(
        error="WorkerFailed", cause=f"{job['jobName']}: {count}; island {failed[0]}: {_describe_job(first, log_group)}"
    )


def _describe_job(job: dict[str, Any], log_group: str) -> str:
    container = job.get("container", {})
    attempts = len(job.get("attempts", []))
    exit_code = container.get("exitCode")
    how = "it did not start" if exit_code is None else f"exit code {exit_code}"
    reason = container.get("reason") or job.get("statusReason") or ""
    last = _last_message(container.get("logStreamName"), log_group)
    tries = f"{attempts} attempt{'' if attempts == 1 else 's'}"
    parts = [f"{how} after {tries}", reason, f"its log ends with: {last}" if last else ""]
    return "; ".join(filter(None, parts))


def _last_message(stream: str | None, log_group: str) -> str:
    if not stream:
        return ""
    logs = client("logs")
    try:
        events = logs.get_log_events(logGroupName=log_group, logStreamName=stream, limit=50, startFromHead=False)[
            "events"
        ]
    except logs.exceptions.ResourceNotFoundException:
        return ""
    messages = (event["message"].strip() for event in events)
    lines = [line for line in messages if line and "_aws" not in _decode(line)]  # without the metrics
    errors = [record for record in map(_decode, lines) if record.get("level") in {"ERROR", "CRITICAL"}]
    if errors:
        return str(errors[-1].get("message"))
    return lines[-1] if lines else ""


def _decode(text: str) -> dict[str, Any]:
    try:
        decoded = json.loads(text)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _lower(details: dict[str, Any]) -> dict[str, Any]:
    """Field names as the Batch API spells them; Step Functions hands them over capitalised."""
    return {name[:1].lower() + name[1:]: value for name, value in details.items()}
