"""F11: jobs that cannot be submitted, and islands that fail for good."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import SMALL, Attempt, Testbed, until
from tests.fault.wire import late, throttle, to
from worstsort_embedded.functions import ExecutionEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kills")]

EIGHT = SMALL | {"islands": 8, "stop": {"max_epochs": 2}}
DOOMED = (1, 4, 6)


def test_a_throttled_submission_is_made_again(testbed: Testbed, table: Callable[..., None]) -> None:
    """F11: the state machine submits it again after a while."""
    expected = testbed.undisturbed(SMALL)
    rule = testbed.wire.add(to("Batch.submitjob"), throttle("TooManyRequestsException"), times=2)
    run = testbed.start(f"unsubmitted-{os.getpid()}", SMALL)
    assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
    equal = run.digest() == expected
    table("F11 submission throttled", rule.hits, rule.hits, f"{run.work().redone()} generations", equal)
    assert rule.hits == 2
    assert equal


def test_a_permission_that_is_missing_is_soon_reported(testbed: Testbed) -> None:
    """F11: Step Functions gives it the name that it gives to all errors without one; it is not repeated for minutes."""
    rule = testbed.wire.add(to("Batch.submitjob"), throttle("AWSBatchException"))
    started = time.monotonic()
    run = testbed.start(f"unpermitted-{os.getpid()}", SMALL)
    assert run.wait(100)["error"] == "Batch.AWSBatchException"
    assert rule.hits > 1
    assert time.monotonic() - started < 60


def test_a_next_execution_whose_start_was_not_answered_continues_the_run(
    testbed: Testbed, table: Callable[..., None]
) -> None:
    """F11: it has ended before Step Functions asks again, and is refused a second start; nothing has failed.

    Broken on purpose: without the choice HasRunFailed, the first execution fails.
    """
    parted = SMALL | {"stop": {"max_epochs": 2}, "epochs_per_execution": 1}
    name = f"unanswered-{os.getpid()}"
    following = f"{testbed.cloud.outputs['StateMachineArn'].replace(':stateMachine:', ':execution:')}:{name}-2"

    def has_ended() -> bool:
        executions = testbed.client("stepfunctions")
        return bool(executions.describe_execution(executionArn=following)["status"] != "RUNNING")

    run = testbed.start(name, parted)
    rule = testbed.wire.add(to("AWSStepFunctions.StartExecution"), late(has_ended, throttle("Throttling")), times=1)
    description = run.wait()
    assert description["status"] == "SUCCEEDED", description.get("cause")
    assert rule.hits == 1
    assert json.loads(description["output"])["next_execution_arn"] == following
    assert "HasRunFailed" in run.entered()
    equal = run.digest() == testbed.undisturbed(parted)
    table("F11 start not answered", 1, 1, f"{run.work().redone()} generations", equal)
    assert equal


def test_a_name_that_another_execution_has_taken_is_a_failure_that_can_be_resumed(testbed: Testbed) -> None:
    """F11: the next execution cannot start under it; the run says so, and continues under the next name."""
    parted = SMALL | {"stop": {"max_epochs": 2}, "epochs_per_execution": 1}
    name = f"taken-{os.getpid()}"
    assert testbed.start(f"{name}-2", SMALL).wait()["status"] == "SUCCEEDED"
    run = testbed.start(name, parted)
    description = run.wait()
    assert description["status"] == "FAILED"
    assert f"{name}-2" in description["cause"]
    assert run.status() == "FAILED"
    resumed = run.resume()
    assert resumed.wait()["status"] == "SUCCEEDED", resumed.wait().get("cause")
    until(lambda: run.status() == "SUCCEEDED", 60, "the run to end")
    assert run.digest() == testbed.undisturbed(parted)


def test_a_failure_that_cannot_be_recorded_is_reported_all_the_same(
    testbed: Testbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F11: RecordFailure itself fails; the execution ends with the failure that it should have recorded."""
    ask = ExecutionEnvironment.ask

    def fail(environment: ExecutionEnvironment, message: dict[str, Any], *rest: Any) -> dict[str, Any]:
        if "RecordFailure" in message["context"]["function_name"]:
            return {"failed": True, "payload": '{"errorType": "Broken", "errorMessage": "by a test"}'}
        return ask(environment, message, *rest)

    monkeypatch.setattr(ExecutionEnvironment, "ask", fail)
    description = testbed.start(f"unrecorded-{os.getpid()}", SMALL | {"size": 0}).wait()
    assert description["error"] == "Unrecorded.InputRefused"
    assert "size: given 0" in description["cause"]


def test_only_the_islands_that_failed_are_evolved_again(testbed: Testbed, table: Callable[..., None]) -> None:
    """F11: three of eight islands are killed in every attempt; the failure names them."""
    expected = testbed.undisturbed(EIGHT)

    def doom(attempt: Attempt) -> None:
        if attempt.island in DOOMED:
            attempt.child.signal(signal.SIGKILL)

    testbed.on_attempt[:] = [doom]
    run = testbed.start(f"doomed-{os.getpid()}", EIGHT)
    description = run.wait()
    assert (description["status"], description["error"]) == ("FAILED", "WorkerFailed")
    assert "3 of 8 islands failed (1, 4, 6)" in description["cause"]
    assert "exit code 137 after 10 attempts" in description["cause"]
    testbed.on_attempt.clear()
    resumed = run.resume()
    assert resumed.wait()["status"] == "SUCCEEDED", resumed.wait().get("cause")
    work, equal = resumed.work(), resumed.digest() == expected
    table("F11 3 of 8 islands fail", len(DOOMED), len(DOOMED), f"{work.redone()} generations", equal)
    assert work.redone() == 0
    idle = {line["island"] for line in work.said("nothing to do") if line["epoch"] == 1}
    assert idle == set(range(8)) - set(DOOMED)
    assert equal
