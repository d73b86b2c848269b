"""Why an execution failed, in plain words: from the error and cause that Step Functions hands over."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from worstsort.runs.wording import counted
from worstsort.storage.clients import client

_NAME_TAKEN = "StepFunctions.ExecutionAlreadyExists"
"""Beginning of the error name: Step Functions may add Exception."""

_MAX_ERROR_CHARACTERS, _MAX_CAUSE_CHARACTERS = 256, 16_384
"""What is kept of an error and of a cause: Step Functions takes 256 and 32,768, and the run's record holds a cause."""

_MAX_NAMED_ISLANDS = 20
"""Islands that a cause names; the others are counted."""

_UNSAFE_IN_MAILS = {ord('"'): "'", ord("\\"): "/"}
"""Characters that would break the text of a mail, which is JSON: "EventBridge does not escape values extracted by Input
Path" (EventBridge User Guide, "Input transformation")."""


class Failure(BaseModel):
    """What the execution ends with: an error name, and a cause that a person understands."""

    error: str
    cause: str


def diagnose(error: str, cause: str, log_group: str) -> Failure:
    """Explain a failed task, in words that a state machine and a mail can hold.

    Args:
        error: The error name; for a Lambda function the class of its exception.
        cause: JSON from Lambda (`errorMessage`) or Batch (the description of the job), or any text.
        log_group: The log group of the jobs.
    """
    found = _explain(error, cause, log_group)
    return Failure(error=found.error[:_MAX_ERROR_CHARACTERS], cause=_in_one_line(found.cause)[:_MAX_CAUSE_CHARACTERS])


def _in_one_line(cause: str) -> str:
    """Return a text without quotation marks, backslashes and what cannot be seen."""
    return "".join(letter if letter.isprintable() else " " for letter in cause.translate(_UNSAFE_IN_MAILS))


def _explain(error: str, cause: str, log_group: str) -> Failure:
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
    unnamed = len(failed) - _MAX_NAMED_ISLANDS
    islands = ", ".join(map(str, failed[:_MAX_NAMED_ISLANDS])) + (f" and {unnamed} more" if unnamed > 0 else "")
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
    parts = [f"{how} after {counted(attempts, 'attempt')}", reason, f"its log ends with: {last}" if last else ""]
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
    return str(_decode(lines[-1]).get("message", lines[-1])) if lines else ""


def _decode(text: str) -> dict[str, Any]:
    try:
        decoded = json.loads(text)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _lower(details: dict[str, Any]) -> dict[str, Any]:
    """Field names as the Batch API spells them; Step Functions hands them over capitalised."""
    return {name[:1].lower() + name[1:]: value for name, value in details.items()}
