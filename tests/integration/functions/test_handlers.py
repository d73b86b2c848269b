"""The handlers of the functions as Lambda invokes them: what they answer, record and raise, once and again."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from functions.close_epoch import app as close_epoch
from functions.finish_run import app as finish_run
from functions.prepare_run import app as prepare_run
from functions.reconcile_run import app as reconcile_run
from functions.record_failure import app as record_failure
from functions.seed_populations import app as seed_populations
from functions.sweep_runs import app as sweep_runs

from tests.integration.functions.stand_ins import MACHINE, QUEUES, Batch
from worstsort.control import jobs, sweep
from worstsort.runs.errors import EpochIncomplete, RunNotFound, StoreUnavailable
from worstsort.runs.status import Status
from worstsort.runtime.environment import run_store
from worstsort.storage.run_store import RunStore
from worstsort.worker.evolve_epoch import Job, evolve_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_lambda_powertools.utilities.typing import LambdaContext

INPUT = {
    "preset": "classic", "size": 12, "population": 12, "islands": 2, "generations_per_epoch": 2,
    "epochs_per_execution": 1, "stop": {"max_epochs": 2},
}  # fmt: skip

STARTED = "2026-01-01T00:00:00Z"


class Unreachable:
    """A client of a service that nobody reaches."""

    def __getattr__(self, _operation: str) -> Callable[..., Any]:
        def call(**_request: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://nowhere")

        return call


@pytest.fixture(autouse=True)
def functions(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """Give the functions the environment that the template gives them; return their store."""
    environment = {
        "GENERATIONS_TABLE": "GenerationsTable", "CHAMPIONS_TABLE": "ChampionsTable", "BUCKET": "bucket",
        "JOB_LOG_GROUP": "/jobs", "JOB_MEMORY": "2048", "JOB_QUEUES": ",".join(QUEUES), "STATE_MACHINE": MACHINE,
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run_store.cache_clear()
    yield store
    run_store.cache_clear()


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Return a Batch without jobs, which the functions use."""
    batch = Batch()
    for module in (jobs, sweep):
        monkeypatch.setattr(module, "client", lambda _service: batch)
    return batch


def invoke(function: Any, event: dict[str, Any]) -> dict[str, Any]:
    """Invoke a function as Lambda does, whose answers are JSON."""
    context = SimpleNamespace(
        function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn:f", aws_request_id="request"
    )
    answer = function.handler(json.loads(json.dumps(event)), cast("LambdaContext", context))
    return cast("dict[str, Any]", json.loads(json.dumps(answer)))


def published(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the names of the metrics that were published since the last call."""
    lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    metrics = [json.loads(line)["_aws"]["CloudWatchMetrics"] for line in lines]
    return {metric["Name"] for groups in metrics for group in groups for metric in group["Metrics"]}


def begin(name: str = "r", *, running: bool = True) -> str:
    """Start an execution that does nothing; return its ARN."""
    stepfunctions = boto3.client("stepfunctions")
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}}
    machine = stepfunctions.create_state_machine(
        name="evolve", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/r"
    )["stateMachineArn"]
    arn = str(stepfunctions.start_execution(stateMachineArn=machine, name=name)["executionArn"])
    if not running:
        stop(arn)
    return arn


def stop(arn: str) -> None:
    """Abort an execution, and wait until it has ended: moto says when only then."""
    stepfunctions = boto3.client("stepfunctions")
    stepfunctions.stop_execution(executionArn=arn)
    deadline = time.monotonic() + 60
    while "stopDate" not in stepfunctions.describe_execution(executionArn=arn) and time.monotonic() < deadline:
        time.sleep(0.01)


def prepare(arn: str, given: Any = INPUT, run_id: str = "r") -> dict[str, Any]:
    """Invoke PrepareRun."""
    event = {"run_id": run_id, "execution_arn": arn, "started_at": STARTED, "input": given}
    return invoke(prepare_run, event)


def fail(arn: str, *, run_id: str = "r", given: Any = INPUT, **failure: str) -> dict[str, Any]:
    """Invoke RecordFailure."""
    error = {"Error": "EpochIncomplete", "Cause": "a cause"} | failure
    event = {"run_id": run_id, "execution_arn": arn, "failed_at": "2026-01-03", "input": given, "failure": error}
    return invoke(record_failure, event)


def reconcile(arn: str, status: str = "ABORTED", **detail: Any) -> dict[str, Any]:
    """Invoke ReconcileRun with an event of EventBridge."""
    known = {"executionArn": arn, "name": arn.rpartition(":")[2], "status": status, "stopDate": 1_767_225_600_000}
    return invoke(reconcile_run, {"detail": known | {"input": json.dumps(INPUT)} | detail})


def evolve(store: RunStore, epoch: int = 1) -> None:
    """Do the jobs of an epoch."""
    for island in range(2):
        evolve_epoch(store, Job.model_validate({"RUN_ID": "r", "EPOCH": epoch, "ISLAND": island}))


def be_unreachable(monkeypatch: pytest.MonkeyPatch, *apps: Any) -> None:
    """Let functions meet an outage of all of AWS."""
    store = RunStore("GenerationsTable", "bucket", dynamodb=Unreachable(), s3=Unreachable())
    for app in apps:
        monkeypatch.setattr(app, "run_store", lambda: store)


# --- PrepareRun


def test_a_new_run_is_planned_and_recorded_however_often_it_is_asked_for(
    functions: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second delivery gets the same plan and leaves the record alone."""
    arn = begin()
    plan = prepare(arn)
    assert published(capsys) == {"RunsPrepared"}
    assert plan == {
        "run_id": "r", "start": "seed", "epoch": 1, "islands": 2, "part": 1, "until": 1, "failure": None,
        "chunks": [{"first": 0, "count": 1}, {"first": 1, "count": 1}],
    }  # fmt: skip
    recorded = functions.run("r")
    assert (recorded.status, recorded.execution_arn, recorded.started_at) == (Status.RUNNING, arn, STARTED)
    assert prepare(arn) == plan
    assert functions.run("r") == recorded


@pytest.mark.parametrize("given", [{"size": 0}, {"resume": "nobody"}, {"continues": "nobody"}, ["size"], "text", 7])
def test_an_input_that_is_refused_is_answered_as_a_catch_would(
    functions: RunStore, capsys: pytest.CaptureFixture[str], given: Any
) -> None:
    """With the fields that the machine reads of a plan, and nothing recorded or counted."""
    refused = prepare(begin(), given)
    assert refused["failure"]["Error"] == "InputRefused"
    assert refused["failure"]["Cause"].startswith("Input refused. ")
    assert (refused["run_id"], refused["start"], refused["chunks"]) == ("r", "refuse", [])
    assert "RunsPrepared" not in published(capsys)
    with pytest.raises(RunNotFound):
        functions.run("r")


def test_the_name_of_another_run_is_refused(functions: RunStore) -> None:
    """Another execution's record is not touched."""
    owner = begin()
    prepare(owner)
    refused = prepare("arn:other", INPUT)
    assert refused["failure"]["Error"] == "RunExists"
    assert functions.run("r").execution_arn == owner


def test_a_refusal_is_logged_with_its_error_and_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    """The log is where an operator looks first."""
    refused = prepare(begin(), {"size": 0})["failure"]
    (line,) = [vars(record) for record in caplog.records if record.getMessage() == "run refused"]
    assert (line["levelname"], line["error"], line["cause"]) == ("WARNING", "InputRefused", refused["Cause"])


def test_a_run_that_is_aborted_while_it_is_prepared_is_closed(
    functions: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if ReconcileRun came before there was a record."""
    arn, make_plan = begin(), prepare_run.make_plan

    def aborted_meanwhile(*given: Any, **named: Any) -> Any:
        stop(arn)
        return make_plan(*given, **named)

    monkeypatch.setattr(prepare_run, "make_plan", aborted_meanwhile)
    assert prepare(arn)["start"] == "seed"
    run = functions.run("r")
    assert (run.status, run.reason) == (
        Status.ABORTED,
        "the execution was aborted while it was being prepared",
    )
    assert run.finished_at is not None
    assert prepare(arn)["start"] == "seed"
    assert functions.run("r") == run


def test_a_run_is_resumed_once_it_has_ended(functions: RunStore) -> None:
    """While its execution is running it is not; a record that nobody closed does not matter."""
    first = begin()
    prepare(first)
    again = begin("again")
    assert prepare(again, {"resume": "r"}, "again")["failure"]["Error"] == "InputRefused"
    assert functions.run("r").execution_arn == first
    stop(first)
    plan = prepare(again, {"resume": "r"}, "again")
    assert (plan["run_id"], plan["start"], plan["part"], plan["failure"]) == ("r", "seed", 2, None)
    assert (functions.run("r").execution_arn, functions.run("r").status) == (again, Status.RUNNING)
    assert prepare(again, {"resume": "r"}, "again") == plan


def test_a_run_that_is_handed_over_goes_to_the_next_execution_alone(functions: RunStore) -> None:
    """A second delivery gets the same plan; a third execution is refused."""
    first, second = begin(), begin("r-2")
    prepare(first)
    handed = {"continues": "r", "part": 2, "after": first}
    plan = prepare(second, handed, "r-2")
    assert (plan["start"], plan["part"], plan["failure"]) == ("evolve", 2, None)
    assert prepare(second, handed, "r-2") == plan
    assert prepare(begin("other"), handed, "other")["failure"]["Error"] == "InputRefused"
    assert functions.run("r").execution_arn == second


def test_a_redriven_execution_hands_its_run_over(functions: RunStore) -> None:
    """The abort had closed the record; now the execution is running again."""
    first = begin()
    prepare(first)
    functions.end_run("r", first, Status.ABORTED, "stopped", "now")
    plan = prepare(begin("r-2"), {"continues": "r", "part": 2, "after": first}, "r-2")
    assert (plan["start"], plan["failure"]) == ("evolve", None)
    assert functions.run("r").status is Status.RUNNING


def test_an_outage_is_an_error_and_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's Catch records it by its name."""
    be_unreachable(monkeypatch, prepare_run)
    with pytest.raises(StoreUnavailable, match="DynamoDB did not answer"):
        prepare("arn:r")


def test_a_stack_that_says_nothing_of_the_jobs_memory_prepares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable."""
    monkeypatch.delenv("JOB_MEMORY")
    with pytest.raises(ValueError, match="JOB_MEMORY"):
        prepare(begin())


# --- RecordFailure


def test_a_failure_is_explained_recorded_and_counted_once(
    functions: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second delivery explains it again, and changes and counts nothing."""
    arn = begin()
    prepare(arn)
    published(capsys)
    said = {"error": "EpochIncomplete", "cause": "a cause", "run_id": "r", "owner": None}
    assert fail(arn) == said | {"recorded": True}
    assert published(capsys) == {"RunsFailed"}
    run = functions.run("r")
    assert (run.status, run.reason, run.finished_at) == (Status.FAILED, "a cause", "2026-01-03")
    assert fail(arn, Cause="another") == said | {"cause": "another", "recorded": False}
    assert published(capsys) == set()
    assert functions.run("r") == run


def test_a_late_failure_says_who_owns_the_run_by_now(functions: RunStore, capsys: pytest.CaptureFixture[str]) -> None:
    """By this the machine knows that the run goes on."""
    first, second = begin(), begin("r-2")
    prepare(first)
    prepare(second, {"continues": "r", "part": 2, "after": first}, "r-2")
    published(capsys)
    said = fail(first, Error="StepFunctions.ExecutionAlreadyExistsException")
    assert (said["recorded"], said["owner"]) == (False, second)
    assert said["error"] == "StepFunctions.ExecutionAlreadyExistsException"
    assert published(capsys) == set()
    assert functions.run("r").status is Status.RUNNING


def test_the_failure_of_an_execution_that_could_not_take_over_is_the_runs(functions: RunStore) -> None:
    """The one before, which has ended, still owns the run; so it is closed for both."""
    first = begin()
    prepare(first)
    said = fail("arn:second", run_id="r-2", given={"continues": "r", "part": 2, "after": first})
    assert (said["run_id"], said["recorded"]) == ("r", True)
    assert functions.run("r").status is Status.FAILED


def test_a_failure_is_explained_during_an_outage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The execution ends with its cause; ReconcileRun closes the record."""
    be_unreachable(monkeypatch, record_failure)
    said = fail("arn:r")
    assert said == {"error": "EpochIncomplete", "cause": "a cause", "run_id": "r", "owner": None, "recorded": False}
    assert published(capsys) == set()


# --- ReconcileRun


def test_an_aborted_execution_leaves_no_job_and_no_running_record(functions: RunStore, batch: Batch) -> None:
    """In both queues and in any state, jobs of others excepted; a second delivery changes nothing."""
    arn = begin()
    prepare(arn)
    mine = {f"{queue}{number}": arn for queue in ("job", "spot") for number in range(120)}
    batch.jobs = {**mine, "other": "arn:other", "foreign": None, "spot-other": "arn:other"}
    said = reconcile(arn, error="a", cause="b")
    assert (said["run_id"], said["closed"]) == ("r", True)
    assert sorted(said["ended_jobs"]) == sorted(batch.terminated) == sorted(mine)
    assert set(batch.terminated.values()) == {"the execution was aborted: a: b"}
    run = functions.run("r")
    assert (run.status, run.reason) == (Status.ABORTED, "the execution was aborted: a: b")
    assert run.finished_at == "2026-01-01T00:00:00+00:00"
    assert reconcile(arn, cause="late") == {"run_id": "r", "ended_jobs": [], "closed": False}
    assert functions.run("r") == run


@pytest.mark.parametrize(
    ("status", "reason"), [("FAILED", "the execution failed"), ("TIMED_OUT", "the execution timed out")]
)
def test_a_run_is_closed_as_its_execution_ended(functions: RunStore, batch: Batch, status: str, reason: str) -> None:
    """With an event that has neither input nor cause, and jobs are told no more than Batch takes."""
    arn = begin()
    prepare(arn)
    batch.jobs = {"job": arn}
    assert reconcile(arn, status, input=None, cause="x" * 1_000)["closed"]
    assert (functions.run("r").status, functions.run("r").reason) == (Status(status), f"{reason}: {'x' * 1_000}")
    assert batch.terminated["job"] == f"{reason}: {'x' * 1_000}"[:250]


def test_a_late_event_leaves_a_resumed_run_alone(functions: RunStore, batch: Batch) -> None:
    """The jobs of the execution that ended are ended, those of the one that has resumed the run are not."""
    first, again = begin(running=False), begin("again")
    prepare(first)
    prepare(again, {"resume": "r"}, "again")
    batch.jobs = {"old": first, "new": again}
    assert reconcile(first) == {"run_id": "r", "ended_jobs": ["old"], "closed": False}
    assert (functions.run("r").status, functions.run("r").execution_arn) == (Status.RUNNING, again)


def test_an_execution_that_is_aborted_before_it_takes_over_closes_the_run(functions: RunStore, batch: Batch) -> None:
    """Nobody else would: the execution before it has succeeded."""
    first = begin()
    prepare(first)
    given = json.dumps({"continues": "r", "part": 2, "after": first})
    batch.jobs = {"job": first}
    said = reconcile("arn:second", name="r-2", input=given)
    assert said == {"run_id": "r", "ended_jobs": [], "closed": True}
    assert functions.run("r").status is Status.ABORTED


def test_a_run_of_an_execution_that_was_refused_has_no_record(batch: Batch) -> None:
    """There is nothing to close, and it is no error."""
    assert batch.jobs == {}
    assert not reconcile("arn:nobody", "FAILED")["closed"]


def test_a_job_that_cannot_be_ended_leaves_the_record_open(functions: RunStore, batch: Batch) -> None:
    """All others are ended; then the function fails, so that Lambda invokes it again."""
    arn = begin()
    prepare(arn)
    batch.jobs = {"first": arn, "untagged": arn, "last": arn}
    with pytest.raises(ClientError, match="AccessDenied"):
        reconcile(arn)
    assert set(batch.terminated) == {"first", "last"}
    assert functions.run("r").status is Status.RUNNING


def test_an_outage_fails_after_the_jobs_are_ended(monkeypatch: pytest.MonkeyPatch, batch: Batch) -> None:
    """So Lambda invokes it again."""
    be_unreachable(monkeypatch, reconcile_run)
    batch.jobs = {"job": "arn:r"}
    with pytest.raises(StoreUnavailable):
        reconcile("arn:r")
    assert set(batch.terminated) == {"job"}


# --- SeedPopulations, CloseEpoch, FinishRun and SweepRuns


def test_islands_are_seeded_once(functions: RunStore) -> None:
    """A chunk at a time; a second delivery writes nothing."""
    prepare(begin())
    assert invoke(seed_populations, {"run_id": "r", "first": 1, "count": 1}) == {"written": 1}
    assert [functions.populations.has_checkpoint("r", island, 0) for island in range(2)] == [False, True]
    assert invoke(seed_populations, {"run_id": "r", "first": 0, "count": 2}) == {"written": 1}
    assert invoke(seed_populations, {"run_id": "r", "first": 0, "count": 2}) == {"written": 0}


def test_an_epoch_closes_the_same_however_often(functions: RunStore, capsys: pytest.CaptureFixture[str]) -> None:
    """Once all islands have reported, and with the decision that the machine follows."""
    prepare(begin())
    invoke(seed_populations, {"run_id": "r", "first": 0, "count": 2})
    evolve(functions)
    published(capsys)
    closed = invoke(close_epoch, {"run_id": "r", "epoch": 1})
    assert published(capsys) == {"BestComparisons", "Evaluations", "StallEpochs"}
    record = functions.epoch("r", 1)
    assert record is not None
    assert closed == {"decision": "continue", "reason": record.reason, "best": record.best, "next_epoch": 2}
    assert invoke(close_epoch, {"run_id": "r", "epoch": 1}) == closed
    evolve(functions, 2)
    assert invoke(close_epoch, {"run_id": "r", "epoch": 2})["decision"] == "stop"


def test_an_epoch_without_a_report_of_every_island_does_not_close(functions: RunStore) -> None:
    """EpochIncomplete: it names them, and the run stays where it was."""
    prepare(begin())
    invoke(seed_populations, {"run_id": "r", "first": 0, "count": 2})
    evolve_epoch(functions, Job.model_validate({"RUN_ID": "r", "EPOCH": 1, "ISLAND": 1}))
    with pytest.raises(EpochIncomplete, match="island 0 recorded nothing"):
        invoke(close_epoch, {"run_id": "r", "epoch": 1})
    assert functions.run("r").epoch == 0


def test_a_run_finishes_the_same_however_often(functions: RunStore, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is the summary; champion, page, history and Go test are there, and one entry on the leaderboard."""
    arn = begin()
    prepare(arn)
    invoke(seed_populations, {"run_id": "r", "first": 0, "count": 2})
    for epoch in (1, 2):
        evolve(functions, epoch)
        invoke(close_epoch, {"run_id": "r", "epoch": epoch})
    published(capsys)
    end = {"run_id": "r", "execution_arn": arn, "finished_at": "2026-01-02T00:00:00Z"}
    summary = invoke(finish_run, end)
    assert published(capsys) == {"RunsFinished"}
    run = functions.run("r")
    assert (run.status, run.digest, run.finished_at) == (Status.SUCCEEDED, summary["digest"], end["finished_at"])
    assert (summary["epochs"], summary["comparisons"], summary["reason"]) == (2, run.best, run.reason)
    assert invoke(finish_run, end) == summary
    assert functions.run("r") == run
    assert functions.artefacts.names("r") == ["champion.json", "champion_test.go", "history.csv", "report.html"]
    assert [champion.fitness for champion in functions.leaderboard.champions()] == [run.best]


def test_a_run_without_a_closed_epoch_cannot_finish(functions: RunStore) -> None:
    """EpochIncomplete: nothing is written."""
    arn = begin()
    prepare(arn)
    with pytest.raises(EpochIncomplete, match="epoch 0: islands 0, 1"):
        invoke(finish_run, {"run_id": "r", "execution_arn": arn, "finished_at": "now"})
    assert functions.artefacts.names("r") == []


def test_a_sweep_that_finds_something_is_counted_and_one_that_does_not_is_not(
    functions: RunStore, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of an hour later: the execution was aborted, and no event came."""
    arn = begin()
    prepare(arn)
    stop(arn)
    batch.jobs = {"job": arn, "spot-job": arn}
    stopped = boto3.client("stepfunctions").describe_execution(executionArn=arn)["stopDate"]
    published(capsys)
    event = {"time": (stopped + timedelta(hours=1)).isoformat()}
    assert invoke(sweep_runs, event) == {"ended_jobs": ["job", "spot-job"], "closed_runs": ["r"]}
    assert published(capsys) == {"RunsSwept"}
    assert functions.run("r").status is Status.ABORTED
    assert invoke(sweep_runs, event) == {"ended_jobs": [], "closed_runs": []}
    assert published(capsys) == set()


@pytest.mark.parametrize(
    ("app", "event"),
    [
        (seed_populations, {"run_id": "r", "first": 0, "count": 1}),
        (close_epoch, {"run_id": "r", "epoch": 1}),
        (finish_run, {"run_id": "r", "execution_arn": "arn", "finished_at": "now"}),
    ],
    ids=["seed", "close", "finish"],
)
def test_an_unknown_run_and_an_outage_are_errors_by_their_names(
    monkeypatch: pytest.MonkeyPatch, app: Any, event: dict[str, Any]
) -> None:
    """The machine's Catch records them."""
    with pytest.raises(RunNotFound):
        invoke(app, event)
    be_unreachable(monkeypatch, app)
    with pytest.raises(StoreUnavailable):
        invoke(app, event)
