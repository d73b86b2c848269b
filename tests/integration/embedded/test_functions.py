"""Lambda functions run in warm processes of their own, and fail as on AWS."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud


class Invoker:
    """A client that invokes functions of the deployed project."""

    def __init__(self, cloud: EmbeddedCloud) -> None:
        self.cloud, self.client = cloud, cloud.client("lambda")

    def __call__(self, event: dict[str, Any], function: str = "ProbeFunctionArn") -> tuple[str | None, Any]:
        """Invoke a function; return its error, if it failed, and its answer."""
        answer = self.client.invoke(FunctionName=self.cloud.outputs[function], Payload=json.dumps(event))
        return answer.get("FunctionError"), json.load(answer["Payload"])

    def log(self) -> list[str]:
        """Return all lines of the probe function's log."""
        logs = self.cloud.client("logs")
        return [event["message"] for event in logs.filter_log_events(logGroupName="/worstsort/probe")["events"]]


@pytest.fixture
def invoke(cloud: EmbeddedCloud) -> Invoker:
    return Invoker(cloud)


def test_a_function_sees_its_event_variables_layer_and_time(invoke: Invoker) -> None:
    """The event, the layer, the function's variables and the remaining time reach the handler."""
    failed, answer = invoke({"some": ["event"]})
    assert failed is None
    assert answer["event"] == {"some": ["event"]}
    assert answer["layer"] == "the layer"
    assert answer["greeting"] == "hello"
    assert 0 < answer["left"] <= 3000


def test_a_function_without_payload_gets_an_empty_event(cloud: EmbeddedCloud) -> None:
    """An invocation without a payload, as by `aws lambda invoke`, gets {}."""
    answer = cloud.client("lambda").invoke(FunctionName=cloud.outputs["ProbeFunctionArn"])
    assert json.load(answer["Payload"])["event"] == {}


def test_a_second_invocation_is_warm(invoke: Invoker) -> None:
    """One process answers both, and its modules keep their state."""
    first, second = invoke({})[1], invoke({})[1]
    assert second["pid"] == first["pid"]
    assert second["invocation"] == first["invocation"] + 1


def test_concurrent_invocations_have_processes_of_their_own(invoke: Invoker) -> None:
    """No process answers two events at a time."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(invoke, [{"do": "sleep", "seconds": 0.5}] * 2))
    assert len({answer["pid"] for _, answer in answers}) == 2


def test_an_exception_is_named_by_its_class(invoke: Invoker) -> None:
    """The state machine catches errors by these names; the process continues."""
    before = invoke({})[1]["pid"]
    failed, error = invoke({"do": "raise"})
    assert failed
    assert (error["errorType"], error["errorMessage"]) == ("ProbeFailed", "as asked")
    assert "app.py" in error["stackTrace"][-1]
    assert invoke({})[1]["pid"] == before


def test_a_function_that_takes_too_long_is_killed(invoke: Invoker) -> None:
    """The function's own time-out applies; a new process answers the next invocation."""
    before = invoke({})[1]["pid"]
    failed, error = invoke({"do": "sleep"})
    assert failed
    assert error["errorType"] == "Sandbox.Timedout"
    assert "timed out after 3.00 seconds" in error["errorMessage"]
    assert invoke({})[1]["pid"] != before


def test_a_function_that_exits_says_so(invoke: Invoker) -> None:
    """The message has the exit status; the next invocation is answered."""
    _, error = invoke({"do": "exit"})
    assert error["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in error["errorMessage"]
    assert invoke({})[0] is None


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_an_event_whose_function_is_killed_is_delivered_again(invoke: Invoker, number: signal.Signals) -> None:
    """Idle or at work: another process answers, and the caller notices nothing."""
    idle = invoke({})[1]["pid"]
    os.kill(idle, number)
    assert invoke({})[0] is None
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(invoke, {"do": "sleep", "seconds": 1.5})
        time.sleep(0.5)
        os.kill(killed := running(), number)
        failed, answered = answer.result(30)
    assert failed is None
    assert answered["pid"] != killed


def running() -> int:
    """Return the process of the probe function that is at work, by the name that `ps` shows."""
    rows = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,comm=,args="], capture_output=True, text=True, check=True)
    found = [row.split() for row in rows.stdout.splitlines() if "worstsort: function worstsort-Probe" in row]
    ours = [int(pid) for pid, parent, name, *_ in found if name == "function" and _is_below(int(parent), os.getpid())]
    assert ours, rows.stdout
    return ours[-1]


def _is_below(pid: int, owner: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    return f"PPid:\t{owner}\n" in status and "Name:\tstarter\n" in status


def test_a_result_that_is_not_json_is_an_error(invoke: Invoker) -> None:
    """The error is named as on AWS."""
    assert invoke({"do": "unserialisable"})[1]["errorType"] == "Runtime.MarshalError"


def test_a_handler_that_cannot_be_imported_says_why(invoke: Invoker) -> None:
    """The message names the missing module."""
    _, error = invoke({}, "BrokenFunctionArn")
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "No module named 'missing'" in error["errorMessage"]


def test_a_functions_output_is_in_its_log_group_in_order(invoke: Invoker) -> None:
    """The template's log group has every printed line, and the report of the invocation."""
    invoke({"do": "print", "lines": 20})
    printed = [line for line in invoke.log() if line.startswith("line ")]
    assert printed == [f"line {number}" for number in range(20)]
    assert any(line.startswith("REPORT RequestId") for line in invoke.log())


def test_a_function_is_what_the_template_says_whatever_moto_was_told_since(invoke: Invoker) -> None:
    """A client that changes a function in moto does not choose what runs: neither handler, variables nor time-out."""
    name = invoke.cloud.outputs["ProbeFunctionArn"]
    invoke.client.update_function_configuration(
        FunctionName=name, Handler="cProfile.run", Timeout=900, Environment={"Variables": {"PYTHONPATH": "/elsewhere"}}
    )
    failed, answer = invoke({})
    assert failed is None
    assert (answer["greeting"], answer["layer"]) == ("hello", "the layer")
    assert answer["left"] <= 3000


def test_a_function_that_the_template_does_not_have_is_not_run(invoke: Invoker) -> None:
    """Nobody brings code of their own."""
    role = invoke.cloud.client("iam").list_roles()["Roles"][0]["Arn"]
    invoke.client.create_function(
        FunctionName="mine", Runtime="python3.13", Handler="os.system", Role=role,
        Code={"ZipFile": b"x"},
    )  # fmt: skip
    answer = invoke.client.invoke(FunctionName="mine", Payload=b'"true"')
    assert "not in the template" in json.load(answer["Payload"])["errorMessage"]
    invoke.client.delete_function(FunctionName="mine")
