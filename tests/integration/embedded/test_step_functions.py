"""State machines run as on AWS, with functions and jobs behind their tasks."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.component.program.program import Program

from tests.integration.embedded.helpers import (
    IGNORES_TERM,
    SLEEPS,
    Batch,
    Machines,
    alive,
    eventually,
    only,
    running_pid,
)
from tests.support.patience import patience

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud


WAITS: dict[str, Any] = {"Type": "Wait", "Seconds": 60, "End": True}


def submitted(machines: Machines, execution: str) -> str:
    """Wait until an execution has submitted a job, and return the job's id."""

    def look() -> str | None:
        jobs = all_submitted(machines, execution)
        return jobs[0] if jobs else None

    return str(eventually(look))


def all_submitted(machines: Machines, execution: str) -> list[str]:
    """Return the ids of the jobs that an execution has submitted so far."""
    events = [event for event in machines.history(execution) if event["type"] == "TaskSubmitted"]
    return [json.loads(event["taskSubmittedEventDetails"]["output"])["JobId"] for event in events]


def test_the_deployed_machine_runs_a_function_and_a_job(cloud: EmbeddedCloud, machines: Machines, batch: Batch) -> None:
    """The template's machine, with its substitutions, runs from the function's answer to the job's end."""
    ended = machines.run(cloud.outputs["MachineArn"], {"do": "", "code": "print('worked')"})
    output = json.loads(ended["output"])
    assert output["work"]["status"] == "SUCCEEDED"
    assert batch.log(batch.describe(output["work"]["id"])) == ["worked"]
    assert output["probe"]["name"] == ended["name"]


def test_the_history_tells_what_happened(cloud: EmbeddedCloud, machines: Machines) -> None:
    """States are entered in order, and event ids count up to the end."""
    execution = machines.start(cloud.outputs["MachineArn"], {"do": "", "code": ""})
    machines.end(execution)
    history = machines.history(execution)
    entered = [event["stateEnteredEventDetails"]["name"] for event in history if event["type"] == "TaskStateEntered"]
    assert entered == ["Probe", "Work"]
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))
    assert history[-1]["type"] == "ExecutionSucceeded"


def test_a_function_fails_its_state_by_the_name_of_its_exception(machines: Machines) -> None:
    """Catch matches that name; uncaught, it fails the execution."""
    failing = machines.function_state({"do": "raise"})
    caught = machines.function_state({"do": "raise"}, Catch=[{"ErrorEquals": ["ProbeFailed"], "Next": "Caught"}])
    assert machines.run(only(failing))["error"] == "ProbeFailed"
    ended = machines.run({"StartAt": "Only", "States": {"Only": caught, "Caught": {"Type": "Succeed"}}})
    assert json.loads(ended["output"])["Error"] == "ProbeFailed"


def test_a_job_that_fails_fails_its_state_with_the_jobs_description(machines: Machines) -> None:
    """The cause has the job's exit code and reason."""
    ended = machines.run(only(machines.job_state("import sys; sys.exit(3)")))
    assert (ended["status"], ended["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(ended["cause"])
    assert cause["Container"]["ExitCode"] == 3
    assert cause["StatusReason"] == "Essential container in task exited"


def test_an_array_job_takes_its_size_from_the_input(machines: Machines) -> None:
    """One state submits one job with one child per island."""
    state = machines.job_state("", Parameters={"ArrayProperties": {"Size.$": "$.islands"}})
    ended = machines.run(only(state), {"islands": 3})
    assert json.loads(ended["output"])["ArrayProperties"]["Size"] == 3


def test_stopping_an_execution_ends_its_job(machines: Machines, batch: Batch) -> None:
    """It is ABORTED at once and stays so, whatever its state does; the job's process ends soon after."""
    retried = machines.job_state(
        IGNORES_TERM,
        Retry=[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}],
        Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Only"}],
    )
    execution = machines.start(only(retried))
    job = submitted(machines, execution)
    eventually(lambda: batch.describe(job)["status"] == "RUNNING" and batch.log(batch.describe(job)))
    machines.client.stop_execution(executionArn=execution)
    assert machines.describe(execution)["status"] == "ABORTED"
    assert batch.until(job, "FAILED")["container"]["exitCode"] == 137
    assert machines.describe(execution)["status"] == "ABORTED"


def test_stopping_an_execution_ends_every_job_of_a_map(machines: Machines, batch: Batch) -> None:
    """That holds for states at any depth."""
    worker = {"StartAt": "Only", "States": {"Only": machines.job_state(SLEEPS)}}
    execution = machines.start(only({"Type": "Map", "ItemProcessor": worker, "End": True}), [1, 2])
    eventually(lambda: len(all_submitted(machines, execution)) == 2)
    jobs = all_submitted(machines, execution)
    pids = [running_pid(batch, job) for job in jobs]
    machines.client.stop_execution(executionArn=execution)
    for job in jobs:
        batch.until(job, "FAILED")
    assert not any(map(alive, pids))
    assert machines.describe(execution)["status"] == "ABORTED"


@pytest.mark.parametrize("seconds", [0, 0.05])
def test_an_execution_can_be_stopped_in_any_state(machines: Machines, seconds: float) -> None:
    """It may have just started, wait, or be in a function."""
    for state in (WAITS, machines.function_state({"do": "sleep", "seconds": 0.5})):
        execution = machines.start(only(state))
        time.sleep(seconds)
        machines.client.stop_execution(executionArn=execution)
        assert machines.describe(execution)["status"] == "ABORTED"
        eventually(lambda: machines.history(execution)[-1]["type"] == "ExecutionAborted")  # noqa: B023


def test_a_state_that_times_out_ends_its_job(machines: Machines, batch: Batch) -> None:
    """The error is States.Timeout, which can be caught."""
    state = machines.job_state(SLEEPS, TimeoutSeconds=1)
    execution = machines.start(only(state))
    assert machines.end(execution)["error"] == "States.Timeout"
    job = batch.until(submitted(machines, execution), "FAILED")
    assert job["container"]["exitCode"] == 137


def test_an_execution_that_times_out_ends_its_job(machines: Machines, batch: Batch) -> None:
    """The status is TIMED_OUT, and the job fails."""
    execution = machines.start(only(machines.job_state(SLEEPS), TimeoutSeconds=1))
    assert machines.end(execution)["status"] == "TIMED_OUT"
    batch.until(submitted(machines, execution), "FAILED")
    assert machines.describe(execution)["status"] == "TIMED_OUT"


def test_a_fault_of_the_interpreter_fails_the_execution(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not left RUNNING, and its cause says what happened."""

    def fault(*_: object) -> None:
        raise RuntimeError("a fault of the interpreter")

    monkeypatch.setattr(Program, "eval", fault)
    ended = machines.run(only({"Type": "Succeed"}))
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert "a fault of the interpreter" in ended["cause"]


def test_a_map_invokes_functions_concurrently(machines: Machines) -> None:
    """Two items at a time are answered by two processes."""
    sleeper = {"StartAt": "Only", "States": {"Only": machines.function_state({"do": "sleep", "seconds": 0.6})}}
    machine = machines.create(only({"Type": "Map", "ItemProcessor": sleeper, "End": True}))
    ended = machines.run(machine, [1, 2])
    answers = [item["Payload"]["pid"] for item in json.loads(ended["output"])]
    assert len(set(answers)) == 2


def test_a_machine_can_start_another(machines: Machines) -> None:
    """Both the optimised and the SDK integration work."""
    inner = machines.create(only({"Type": "Pass", "End": True}))
    for resource in ("states:startExecution", "aws-sdk:sfn:startExecution"):
        parameters = {"StateMachineArn": inner, "Input": {"from": resource}, "Name.$": "States.UUID()"}
        state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True}
        output = json.loads(machines.run(only(state))["output"])
        assert json.loads(machines.end(output["ExecutionArn"])["output"]) == {"from": resource}


def test_a_machine_can_write_to_tables_and_buckets(cloud: EmbeddedCloud, machines: Machines) -> None:
    """DynamoDB is reached by the optimised integration, S3 by the SDK's."""
    item = {"TableName": cloud.outputs["TableName"], "Item": {"id": {"S": "from a machine"}}}
    put = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": item, "Next": "Object"}
    body = {"Bucket": cloud.outputs["BucketName"], "Key": "from/a/machine", "Body": {"some": "json"}}
    store = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Parameters": body, "End": True}
    ended = machines.run({"StartAt": "Item", "States": {"Item": put, "Object": store}})
    assert ended["status"] == "SUCCEEDED", ended
    found = cloud.client("s3").get_object(Bucket=cloud.outputs["BucketName"], Key="from/a/machine")["Body"].read()
    assert json.loads(found) == {"some": "json"}
    table = cloud.client("dynamodb")
    assert "Item" in table.get_item(TableName=cloud.outputs["TableName"], Key=item["Item"])


def test_executions_are_named_as_on_aws(machines: Machines) -> None:
    """Without a name, one is made up; a name that AWS refuses is refused."""
    assert not machines.start(only({"Type": "Succeed"})).endswith(":None")
    with pytest.raises(ClientError, match="Invalid Name"):
        machines.client.start_execution(stateMachineArn=machines.create(only({"Type": "Succeed"})), name="a b")


def test_a_rule_of_the_template_hears_of_an_abort(cloud: EmbeddedCloud, machines: Machines) -> None:
    """Its function is invoked with the event that AWS documents."""
    execution = machines.start(cloud.outputs["MachineArn"], {"do": "", "code": SLEEPS})
    submitted(machines, execution)
    machines.client.stop_execution(executionArn=execution)
    table = cloud.client("dynamodb")
    key = {"id": {"S": execution}}
    found = eventually(lambda: table.get_item(TableName=cloud.outputs["TableName"], Key=key).get("Item"))
    assert (found["status"]["S"], found["source"]["S"]) == ("ABORTED", "aws.states")


def test_a_machine_continues_as_soon_as_its_job_ends(machines: Machines, batch: Batch) -> None:
    """No polling interval passes between the end of a job and the next state."""
    execution = machines.start(only(machines.job_state("")))
    machines.end(execution)
    stopped = batch.describe(submitted(machines, execution))["stoppedAt"] / 1000
    succeeded = next(
        event["timestamp"].timestamp() for event in machines.history(execution) if event["type"] == "TaskSucceeded"
    )
    assert succeeded - stopped < 0.4


def test_waiting_for_a_functions_turn_is_not_counted_as_the_states_time(machines: Machines) -> None:
    """Many executions at once share a few processes: their states' time begins when it is their turn."""
    state = machines.function_state({"do": "sleep", "seconds": 0.2}, TimeoutSeconds=round(patience(3)))
    arn = machines.create(only(state))
    twice_as_many_as_fit = 2 * 15 * max(2, os.cpu_count() or 1)
    executions = [machines.start(arn) for _ in range(twice_as_many_as_fit)]
    eventually(lambda: "RUNNING" not in {machines.describe(execution)["status"] for execution in executions}, 120)
    assert {machines.describe(execution)["status"] for execution in executions} == {"SUCCEEDED"}


def test_an_execution_can_be_aborted_while_its_state_waits_for_its_turn(machines: Machines) -> None:
    """It ends at once, and the function is not invoked for it."""
    arn = machines.create(only(machines.function_state({"do": "sleep", "seconds": 2})))
    executions = [machines.start(arn) for _ in range(max(2, os.cpu_count() or 1) + 1)]
    eventually(lambda: len(machines.history(executions[-1])) > 1)
    machines.client.stop_execution(executionArn=executions[-1])
    assert machines.end(executions[-1])["status"] == "ABORTED"
    assert [machines.end(execution)["status"] for execution in executions[:-1]] == ["SUCCEEDED"] * (len(executions) - 1)


def test_executions_of_one_definition_do_not_share_what_they_write(machines: Machines) -> None:
    """A definition is parsed once; an execution that ends otherwise than another leaves no trace in it."""
    choice = {"Variable": "$.go", "BooleanEquals": True, "Next": "Left"}
    states = {
        "Fork": {"Type": "Choice", "Choices": [choice], "Default": "Right"},
        "Left": {"Type": "Pass", "Result": {"went": "left"}, "End": True},
        "Right": {"Type": "Fail", "Error": "Right"},
    }
    arn = machines.create({"StartAt": "Fork", "States": states})
    ended = [machines.run(arn, {"go": go}) for go in (True, False, True)]
    assert [end["status"] for end in ended] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert [json.loads(end.get("output") or "null") for end in ended] == [{"went": "left"}, None, {"went": "left"}]
