"""F10: executions that are aborted in any state, and what an execution that resumes a run may and may not do."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import LONG, SMALL, Execution, Laid, until
from tests.fault.wire import hold, to
from worstsort.runs.records import Status

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
"""A request that is made in the state, and held while the execution is aborted."""


@pytest.mark.parametrize("state", STATES)
def test_a_run_aborted_in_any_state_is_closed_and_can_be_resumed(
    laid: Laid, table: Callable[..., None], state: str
) -> None:
    """F10: no job goes on, the record says ABORTED, and the resumed run ends as if nothing had happened."""
    expected = laid.undisturbed(SMALL)
    run = laid.start(f"aborted-in-{state}-{os.getpid()}", SMALL)
    abort_at(laid, run, STATES[state], settled=state == "FinishRun")  # which otherwise may still finish it
    assert run.describe()["status"] == "ABORTED"
    assert run.entered()[-1] == ("SeedIslands" if state == "SeedPopulations" else state)
    run.settled(Status.ABORTED)
    until(lambda: not laid.jobs(*UNENDED), 30, "the jobs to end")
    resumed = run.resume()
    description = resumed.wait()
    assert description["status"] == "SUCCEEDED", description.get("cause")
    equal, again = resumed.digest() == expected, resumed.work().redone()
    table(f"F10 abort in {state}", 1, 1, f"{again} generations", equal)
    assert equal


def test_a_resumption_aborted_while_it_is_prepared_leaves_the_run_resumable(laid: Laid) -> None:
    """F10: the run is taken over by an execution that has ended by then; its record says so at once."""
    run = laid.start(f"twice-aborted-{os.getpid()}", SMALL)
    abort_at(laid, run, to("DynamoDB.BatchWriteItem"))
    run.settled(Status.ABORTED)
    resumed = run.resume()
    abort_at(laid, resumed, to("DynamoDB.UpdateItem"))
    run.settled(Status.ABORTED)
    final = run.resume()
    assert final.wait()["status"] == "SUCCEEDED", final.wait().get("cause")
    assert final.digest() == laid.undisturbed(SMALL)


def abort_at(laid: Laid, run: Execution, request: Any, *, settled: bool = False) -> None:
    """Abort an execution while a request of it is held, until the record says so if it is to be `settled`."""
    reached, go_on = threading.Event(), threading.Event()
    rule = laid.wire.add(request, hold(reached, go_on), times=1)
    try:
        assert reached.wait(60), run.describe()
        run.stop()
        if settled:
            run.settled(Status.ABORTED)
    finally:
        laid.wire.rules.remove(rule)
        go_on.set()


def test_what_an_aborted_run_had_closed_is_not_done_again(laid: Laid) -> None:
    """F10: the resumed run continues behind the last closed epoch; a worker that was stopped saved before it left."""
    run = laid.start(f"stopped-{os.getpid()}", LONG)
    until(lambda: laid.store.epoch(run.run_id, 1) is not None, 120, "the first epoch to close")
    until(lambda: run.objects("partial/2"), 60, "the second one to be under way")
    run.stop()
    run.settled(Status.ABORTED)
    until(lambda: not laid.jobs(*UNENDED), 30, "the jobs to end")
    resumed = run.resume()
    assert resumed.wait()["status"] == "SUCCEEDED"
    assert resumed.digest() == laid.undisturbed(LONG)
    assert resumed.work().redone() == 0


def test_a_finished_run_is_not_resumed_and_says_so(laid: Laid) -> None:
    """F10: nothing is done, and the output has the reason."""
    run = laid.start(f"finished-{os.getpid()}", SMALL)
    assert run.wait()["status"] == "SUCCEEDED"
    before = laid.store.run(run.run_id)
    resumed = run.resume()
    assert "already finished" in json.loads(resumed.wait()["output"])["reason"]
    assert laid.store.run(run.run_id) == before


def test_a_running_run_is_not_resumed(laid: Laid) -> None:
    """F10: the second execution fails, and the first one goes on."""
    run = laid.start(f"running-{os.getpid()}", LONG)
    until(lambda: run.objects("islands/0/0"), 60, "the run to begin")
    refused = run.resume().wait()
    assert (refused["status"], refused["error"]) == ("FAILED", "InputRefused")
    assert "this one is running" in refused["cause"]
    assert run.wait()["status"] == "SUCCEEDED"
    assert run.digest() == laid.undisturbed(LONG)


def test_starting_twice_under_a_name_has_no_second_effect(laid: Laid) -> None:
    """F10: neither while the execution runs, nor with another input."""
    run = laid.start(f"name-{os.getpid()}", SMALL)
    assert laid.start(f"name-{os.getpid()}", SMALL).arn == run.arn
    with pytest.raises(Exception, match="ExecutionAlreadyExists"):
        laid.start(f"name-{os.getpid()}", SMALL | {"seed": 4})
    assert run.wait()["status"] == "SUCCEEDED"
    assert run.digest() == laid.undisturbed(SMALL)


def test_a_run_that_no_longer_runs_is_not_touched_by_a_late_event(laid: Laid) -> None:
    """F10: EventBridge may tell ReconcileRun of an abort again, long after the run was resumed."""
    run = laid.start(f"late-{os.getpid()}", LONG)
    until(lambda: run.objects("partial/1"), 120, "the first epoch to be under way")
    run.stop()
    run.settled(Status.ABORTED)
    until(lambda: not laid.jobs(*UNENDED), 30, "the jobs to end")
    resumed = run.resume()
    until(lambda: laid.jobs("RUNNING", "PENDING"), 60, "its jobs to run")
    (name,) = (one["FunctionName"] for one in _functions(laid) if "ReconcileRun" in one["FunctionName"])
    detail = {"executionArn": run.arn, "name": run.run_id, "status": "ABORTED", "input": "{}", "stopDate": 1}
    answer = laid.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"detail": detail}))
    said = json.loads(answer["Payload"].read())
    assert (said["ended_jobs"], said["closed"]) == ([], False)
    assert resumed.wait()["status"] == "SUCCEEDED"
    assert resumed.digest() == laid.undisturbed(LONG)


def _functions(laid: Laid) -> list[dict[str, Any]]:
    return list(laid.client("lambda").list_functions()["Functions"])
