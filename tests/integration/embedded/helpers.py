"""Clients with which the tests use the embedded cloud."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort_embedded import EmbeddedCloud

PROJECT = Path(__file__).with_name("project")
ROLE = "arn:aws:iam::123456789012:role/any"
IGNORES_TERM = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready'); time.sleep(60)"
SLEEPS = "import os, time; print(os.getpid()); time.sleep(60)"


def alive(pid: int) -> bool:
    """Return whether a process exists and is not a zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def running_pid(batch: Batch, job: str) -> int:
    """Return the process id that a job has printed."""
    batch.until(job, "RUNNING")
    return int(eventually(lambda: batch.log(batch.describe(job)))[0])


def eventually(condition: Callable[[], Any], timeout_seconds: float = 20) -> Any:
    """Wait until a condition returns something true, and return that."""
    deadline = time.monotonic() + timeout_seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


class Batch:
    """A client that submits jobs which run given code."""

    def __init__(self, cloud: EmbeddedCloud) -> None:
        self.cloud, self.client = cloud, cloud.client("batch")

    def submit(self, code: str, **more: Any) -> str:
        """Submit a job and return its id."""
        overrides = {"environment": [{"name": "CODE", "value": code}], **more.pop("containerOverrides", {})}
        return str(
            self.client.submit_job(
                jobName="probe",
                jobQueue=self.cloud.outputs["JobQueueArn"],
                jobDefinition=self.cloud.outputs["JobDefinitionArn"],
                containerOverrides=overrides,
                **more,
            )["jobId"]
        )

    def describe(self, job: str) -> dict[str, Any]:
        """Describe a job."""
        described: dict[str, Any] = self.client.describe_jobs(jobs=[job])["jobs"][0]
        return described

    def until(self, job: str, *statuses: str) -> dict[str, Any]:
        """Wait until a job has one of these statuses, and describe it."""
        described: dict[str, Any] = eventually(lambda: (d := self.describe(job))["status"] in statuses and d)
        return described

    def run(self, code: str, **more: Any) -> dict[str, Any]:
        """Submit a job, wait until it has ended, and describe it."""
        return self.until(self.submit(code, **more), "SUCCEEDED", "FAILED")

    def log(self, job: dict[str, Any], attempt: int = -1) -> list[str]:
        """Return the lines that an attempt of a job has printed."""
        stream = job["attempts"][attempt]["container"]["logStreamName"]
        events = self.cloud.client("logs").get_log_events(logGroupName="/worstsort/jobs", logStreamName=stream)
        return [event["message"] for event in events["events"]]


class Machines:
    """A client that creates and runs state machines."""

    def __init__(self, cloud: EmbeddedCloud) -> None:
        self.cloud, self.client = cloud, cloud.client("stepfunctions")

    def create(self, definition: dict[str, Any]) -> str:
        """Create a state machine and return its ARN."""
        name = f"m{uuid.uuid4().hex}"
        machine = self.client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        return str(machine["stateMachineArn"])

    def start(self, definition: dict[str, Any] | str, payload: Any = None) -> str:
        """Start an execution, of a new machine if a definition is given, and return its ARN."""
        arn = definition if isinstance(definition, str) else self.create(definition)
        started = self.client.start_execution(stateMachineArn=arn, input=json.dumps(payload or {}))
        return str(started["executionArn"])

    def describe(self, execution: str) -> dict[str, Any]:
        """Describe an execution."""
        described: dict[str, Any] = self.client.describe_execution(executionArn=execution)
        return described

    def end(self, execution: str) -> dict[str, Any]:
        """Wait until an execution has ended, and describe it."""
        described: dict[str, Any] = eventually(lambda: (d := self.describe(execution))["status"] != "RUNNING" and d)
        return described

    def run(self, definition: dict[str, Any] | str, payload: Any = None) -> dict[str, Any]:
        """Start an execution, wait until it has ended, and describe it."""
        return self.end(self.start(definition, payload))

    def history(self, execution: str) -> list[dict[str, Any]]:
        """Return all events of an execution."""
        events: list[dict[str, Any]] = self.client.get_execution_history(executionArn=execution)["events"]
        return events

    def job_state(self, code: str, **more: Any) -> dict[str, Any]:
        """Return a state that submits a job and waits for it."""
        parameters = {
            "JobName": "probe",
            "JobQueue": self.cloud.outputs["JobQueueArn"],
            "JobDefinition": self.cloud.outputs["JobDefinitionArn"],
            "ContainerOverrides": {"Environment": [{"Name": "CODE", "Value": code}]},
        }
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": parameters | more.pop("Parameters", {}),
            "End": True,
            **more,
        }

    def function_state(self, payload: Any, **more: Any) -> dict[str, Any]:
        """Return a state that invokes the probe function."""
        parameters = {"FunctionName": self.cloud.outputs["ProbeFunctionArn"], "Payload": payload}
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": parameters,
            "End": True,
            **more,
        }


def only(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a machine of one state."""
    return {"StartAt": "Only", "States": {"Only": state}, **more}
