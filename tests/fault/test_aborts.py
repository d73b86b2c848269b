"""F10: executions aborted in any state, and what an execution that resumes a run may and may not do."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import LONG, SMALL, Execution, Testbed, until
from tests.fault.wire import hold, to
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("aborts")]

UNENDED = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")

STATES = {
    "PrepareRun": to("DynamoDB.PutItem"),
    "SeedPopulations": to("S3.PUT", "/islands/1/0.npz"),
    "EvolveIslands": to("S3.PUT", "/islands/0/2.npz"),
    "CloseEpoch": to("DynamoDB.BatchWriteItem"),
    "FinishRun": to("S3.PUT", "champion.json"),
}
"""A request made in each state, which is held while the execution is aborted."""


@pytest.mark.parametrize("state", STATES)
def test_a_run_aborted_in_any_state_is_closed_and_can_be_resumed(
    testbed: Testbed, table: Callable[..., None], state: str
) -> None:
    """F10: no job continues, the record says ABORTED, and the resumed run ends as if nothing had happened."""
    expected = testbed.undisturbed(SMALL)
    run = testbed.start(f"aborted-in-{state}-{os.getpid()}", SMALL)
    abort_at(testbed, run, STATES[state], recorded=state == "FinishRun")  # otherwise FinishRun may still finish the run
    assert run.describe()["status"] == "ABORTED"
    assert run.entered()[-1] == ("SeedIslands" if state == "SeedPopulations" else state)
    run.wait_until_recorded(Status.ABORTED)
    until(lambda: not testbed.jobs(*UNENDED), 30, "the jobs to end")
    resumed = run.resume()
    description = resumed.wait()
    assert description["status"] == "SUCCEEDED", description.get("cause")
    equal, again = resumed.digest() == expected, resumed.work().redone()
    table(f"F10 abort in {state}", 1, 1, f"{again} generations", equal)
    assert equal


def test_a_resumption_aborted_while_it_is_prepared_leaves_the_run_resumable(testbed: Testbed) -> None:
    """F10: the execution that takes the run over has already ended; the record says so at once."""
    run = testbed.start(f"twice-aborted-{os.getpid()}", SMALL)
    abort_at(testbed, run, to("DynamoDB.BatchWriteItem"))
    run.wait_until_recorded(Status.ABORTED)
    resumed = run.resume()
    abort_at(testbed, resumed, to("DynamoDB.UpdateItem"))
    run.wait_until_recorded(Status.ABORTED)
    final = run.resume()
    assert final.wait()["status"] == "SUCCEEDED", final.wait().get("cause")
    assert final.digest() == testbed.undisturbed(SMALL)


def abort_at(testbed: Testbed, run: Execution, request: Any, *, recorded: bool = False) -> None:
    """Abort an execution while one of its requests is held; if `recorded`, hold it until the record says ABORTED."""
    reached, go_on = threading.Event(), threading.Event()
    rule = testbed.wire.add(request, hold(reached, go_on), times=1)
    try:
        assert reached.wait(60), run.describe()
        run.stop()
        if recorded:
            run.wait_until_recorded(Status.ABORTED)
    finally:
        testbed.wire.rules.remove(rule)
        go_on.set()


def test_what_an_aborted_run_had_closed_is_not_done_again(testbed: Testbed) -> None:
    """F10: the resumed run continues after the last closed epoch; a stopped worker saved before it exited."""
    run = testbed.start(f"stopped-{os.getpid()}", LONG)
    until(lambda: testbed.store.epoch(run.run_id, 1) is not None, 120, "the first epoch to close")
    until(lambda: run.objects("partial/2"), 60, "the second one to be under way")
    run.stop()
    run.wait_until_recorded(Status.ABORTED)
    until(lambda: not testbed.jobs(*UNENDED), 30, "the jobs to end")
    resumed = run.resume()
    assert resumed.wait()["status"] == "SUCCEEDED"
    assert resumed.digest() == testbed.undisturbed(LONG)
    assert resumed.work().redone() == 0


def test_a_finished_run_is_not_resumed_and_says_so(testbed: Testbed) -> None:
    """F10: nothing is done, and the output gives the reason."""
    run = testbed.start(f"finished-{os.getpid()}", SMALL)
    assert run.wait()["status"] == "SUCCEEDED"
    before = testbed.store.run(run.run_id)
    resumed = run.resume()
    assert "already finished" in json.loads(resumed.wait()["output"])["reason"]
    assert testbed.store.run(run.run_id) == before


def test_a_running_run_is_not_resumed(testbed: Testbed) -> None:
    """F10: the second execution fails, and the first one continues."""
    run = testbed.start(f"running-{os.getpid()}", LONG)
    until(lambda: run.objects("islands/0/0"), 60, "the run to begin")
    refused = run.resume().wait()
    assert (refused["status"], refused["error"]) == ("FAILED", "InputRefused")
    assert "this one is running" in refused["cause"]
    assert run.wait()["status"] == "SUCCEEDED"
    assert run.digest() == testbed.undisturbed(LONG)


def test_starting_twice_under_a_name_has_no_second_effect(testbed: Testbed) -> None:
    """F10: neither while the execution runs, nor with another input."""
    run = testbed.start(f"name-{os.getpid()}", SMALL)
    assert testbed.start(f"name-{os.getpid()}", SMALL).arn == run.arn
    with pytest.raises(Exception, match="ExecutionAlreadyExists"):
        testbed.start(f"name-{os.getpid()}", SMALL | {"seed": 4})
    assert run.wait()["status"] == "SUCCEEDED"
    assert run.digest() == testbed.undisturbed(SMALL)


def test_a_run_that_no_longer_runs_is_not_touched_by_a_late_event(testbed: Testbed) -> None:
    """F10: EventBridge may deliver an abort to ReconcileRun again, long after the run was resumed."""
    run = testbed.start(f"late-{os.getpid()}", LONG)
    until(lambda: run.objects("partial/1"), 120, "the first epoch to be under way")
    run.stop()
    run.wait_until_recorded(Status.ABORTED)
    until(lambda: not testbed.jobs(*UNENDED), 30, "the jobs to end")
    resumed = run.resume()
    until(lambda: testbed.jobs("RUNNING", "PENDING"), 60, "its jobs to run")
    (name,) = (
        function["FunctionName"] for function in _functions(testbed) if "ReconcileRun" in function["FunctionName"]
    )
    detail = {"executionArn": run.arn, "name": run.run_id, "status": "ABORTED", "input": "{}", "stopDate": 1}
    answer = testbed.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"detail": detail}))
    said = json.loads(answer["Payload"].read())
    assert (said["ended_jobs"], said["closed"]) == ([], False)
    assert resumed.wait()["status"] == "SUCCEEDED"
    assert resumed.digest() == testbed.undisturbed(LONG)


def _functions(testbed: Testbed) -> list[dict[str, Any]]:
    return list(testbed.client("lambda").list_functions()["Functions"])
