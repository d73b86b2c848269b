"""The state machine, walked: each state, each Catch and each Retry is reached by its error, with what it is given."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.template.interpreter import Course, Fault, interpreting
from tests.unit.template.system import System

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.template.interpreter import Interpreter, Script

STATES = System.load({}).states()

TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}

INPUT = {"islands": 2, "size": 9}

REFUSED = {"Error": "InputRefused", "Cause": "size: given 9"}


NAMES = (f"run{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    """Open an interpreter."""
    with interpreting() as opened:
        yield opened


def answers(**changed: Any) -> Script:
    """Return a script of a run of two islands, two epochs and two executions, in which the named tasks differ."""
    plan = {"run_id": "r", "start": "seed", "epoch": 1, "islands": 2, "part": 4, "until": 2, "failure": None,
            "chunks": [{"first": 0, "count": 1}, {"first": 1, "count": 1}], "more": 1}  # fmt: skip
    plan |= changed.pop("plan", {})

    def answer(name: str, given: Any, retries: int) -> Any:
        if name in changed:
            replaced = changed[name]
            result = replaced(given, retries) if callable(replaced) else replaced
            if result is not None:
                return result
        if name == "CloseEpoch":
            epoch = given["Payload"]["epoch"]
            closed = {"decision": "continue", "reason": "why", "best": 70 + epoch, "next_epoch": epoch + 1, "more": 1}
            return {"Payload": closed}
        return {
            "PrepareRun": {"Payload": plan},
            "SeedIslands": {"Payload": {"written": 1}},
            "FinishRun": {"Payload": {"run_id": "r", "comparisons": 77}},
            "RecordFailure": {"Payload": {"run_id": "r", "error": "Named", "cause": "in words", "owner": None}},
            "ContinueAsNextExecution": {"ExecutionArn": "arn:next", "StartDate": "now"},
        }.get(name, {"JobId": "id"})

    return answer


STOP = {"Payload": {"decision": "stop", "reason": "why", "best": 77, "next_epoch": 2}}

REACHED_BY: dict[str, dict[str, Any]] = {
    "EvolveOneIsland": {"plan": {"islands": 1}},
    "FinishRun": {"CloseEpoch": STOP},
    "RecordFailure": {"PrepareRun": Fault("Any")},
    "SeedIslands": {"plan": {"chunks": [{"first": 0, "count": 2}]}},
}
"""What has to be otherwise for a task to be reached."""


def run(interpreter: Interpreter, **changed: Any) -> Course:
    """Run an execution under a new name."""
    return interpreter.run(next(NAMES), INPUT, answers(**changed))


# --- where an execution goes when nothing fails

EPOCH = ["HowManyIslands", "EvolveIslands", "CloseEpoch", "ContinueOrStop"]

BEGINNING = ["IdentifyRun", "PrepareRun", "WhereToStart"]

SEEDING = ["SeedPopulations", "SeedIslands", "SeedIslands"]

FAILURE = ["RecordFailure", "HasRunFailed", "RunFailed"]

PATHS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, [
        *BEGINNING, *SEEDING, *EPOCH, "NextEpoch", *EPOCH, "ContinueAsNextExecution", "RunContinues", "RunSucceeded",
    ]),
    ({"CloseEpoch": STOP}, [*BEGINNING, *SEEDING, *EPOCH, "FinishRun", "RunSucceeded"]),
    ({"CloseEpoch": STOP, "plan": {"islands": 1}}, [
        *BEGINNING, *SEEDING, "HowManyIslands", "EvolveOneIsland", "CloseEpoch", "ContinueOrStop", "FinishRun",
        "RunSucceeded",
    ]),
    ({"CloseEpoch": STOP, "plan": {"until": 1}}, [*BEGINNING, *SEEDING, *EPOCH, "FinishRun", "RunSucceeded"]),
    ({"plan": {"start": "evolve", "until": 1}}, [
        *BEGINNING, *EPOCH, "ContinueAsNextExecution", "RunContinues", "RunSucceeded",
    ]),
    ({"plan": {"start": "finish"}}, [*BEGINNING, "FinishRun", "RunSucceeded"]),
    ({"plan": {"start": "done"}}, [*BEGINNING, "NothingToDo", "RunSucceeded"]),
    ({"plan": {"start": "refuse", "failure": REFUSED}}, [*BEGINNING, *FAILURE]),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "path"), PATHS)
def test_an_execution_goes_where_its_plan_and_its_epochs_lead(
    interpreter: Interpreter, changed: dict[str, Any], path: list[str]
) -> None:
    """A new run, a resumed one, one that continues elsewhere, one that has ended, and one that is refused."""
    assert run(interpreter, **changed).path == path


def test_each_task_is_given_what_it_needs_and_nothing_else(interpreter: Interpreter) -> None:
    """Of an execution that seeds, evolves two epochs and continues in the next execution."""
    name = next(NAMES)
    course = interpreter.run(name, INPUT, answers())
    arn, machine = course.end["executionArn"], course.end["stateMachineArn"]
    (prepared,) = course.tasks("PrepareRun")
    started = prepared["Payload"].pop("started_at")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", started)
    payload = {"run_id": name, "execution_arn": arn, "input": INPUT}
    assert prepared == {"FunctionName": "PrepareRunFunctionArn", "Payload": payload}
    seeded = [{"run_id": "r", "first": island, "count": 1} for island in range(2)]
    assert sorted(course.tasks("SeedIslands"), key=str) == [
        {"FunctionName": "SeedPopulationsFunctionArn", "Payload": chunk} for chunk in seeded
    ]
    assert course.tasks("EvolveIslands") == [job(arn, epoch) | {"ArrayProperties": {"Size": 2}} for epoch in (1, 2)]
    assert course.tasks("CloseEpoch") == [
        {"FunctionName": "CloseEpochFunctionArn", "Payload": {"run_id": "r", "epoch": epoch}} for epoch in (1, 2)
    ]
    continued = {"continues": "r", "part": 5, "after": arn, "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": arn}
    assert course.tasks("ContinueAsNextExecution") == [{"StateMachineArn": machine, "Name": "r-5", "Input": continued}]
    assert course.output == {
        "run_id": "r", "epochs": 2, "comparisons": 72, "next_execution_arn": "arn:next",
        "reason": "the run continues in its next execution",
    }  # fmt: skip


def job(arn: str, epoch: int) -> dict[str, Any]:
    """Return what Batch is asked for."""
    variables = {"RUN_ID": "r", "EPOCH": str(epoch), "EXECUTION_ARN": arn}
    tags = {"project": "worstsort", "environment": "Environment", "stack": "StackName", "run": "r"}
    return {
        "JobName": f"r-epoch-{epoch}", "JobQueue": "JobQueueArn", "JobDefinition": "JobDefinitionArn", "Tags": tags,
        "ContainerOverrides": {"Environment": [{"Name": name, "Value": variables[name]} for name in variables]},
    }  # fmt: skip


def test_a_single_island_is_a_plain_job_and_the_summary_is_the_output(interpreter: Interpreter) -> None:
    """FinishRun is told which execution finishes the run, and when."""
    course = run(interpreter, CloseEpoch=STOP, plan={"islands": 1})
    arn = course.end["executionArn"]
    assert course.tasks("EvolveOneIsland") == [job(arn, 1)]
    (finished,) = course.tasks("FinishRun")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*", finished["Payload"].pop("finished_at"))
    assert finished == {"FunctionName": "FinishRunFunctionArn", "Payload": {"run_id": "r", "execution_arn": arn}}
    assert course.output == {"run_id": "r", "comparisons": 77}


def test_a_run_that_has_finished_before_says_so(interpreter: Interpreter) -> None:
    """It is no failure."""
    course = run(interpreter, plan={"start": "done"})
    assert course.output == {"run_id": "r", "reason": "the run has already finished; nothing was done"}


# --- what fails, and what becomes of it


def recorded(course: Course) -> dict[str, Any]:
    """Return what RecordFailure was told, the times and names left out."""
    (given,) = course.tasks("RecordFailure")
    assert given["FunctionName"] == "RecordFailureFunctionArn"
    told: dict[str, Any] = given["Payload"]
    assert told.pop("execution_arn") == course.end["executionArn"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*", told.pop("failed_at"))
    assert told.pop("input") == INPUT
    return told


def test_a_refused_input_ends_with_what_the_refusal_says(interpreter: Interpreter) -> None:
    """As if PrepareRun had raised it."""
    course = run(interpreter, plan={"start": "refuse", "failure": REFUSED})
    assert recorded(course) == {"run_id": "r", "failure": REFUSED}
    assert (course.end["status"], course.end["error"], course.end["cause"]) == ("FAILED", "Named", "in words")


@pytest.mark.parametrize("name", sorted(set(TASKS) - {"RecordFailure"}))
@pytest.mark.parametrize("error", ["StoreUnavailable", "Lambda.ResourceNotFoundException"])
def test_an_error_that_does_not_pass_is_recorded_at_once(interpreter: Interpreter, name: str, error: str) -> None:
    """Not repeated; its name and cause reach RecordFailure, whose own words the execution ends with."""
    course = run(interpreter, **REACHED_BY.get(name, {}) | {name: Fault(error)})
    assert len(course.tasks(name)) == 1
    failure = recorded(course)["failure"]
    assert (failure["Error"], failure["Cause"]) == (error, "a cause")
    assert course.path[-3:] == FAILURE
    assert (course.end["status"], course.end["error"], course.end["cause"]) == ("FAILED", "Named", "in words")


RETRIED = [
    pytest.param(name, retrier, id=f"{name}-{retrier['ErrorEquals'][0]}")
    for name, task in sorted(TASKS.items())
    for retrier in task["Retry"]
]


@cache
def _undisturbed(interpreter: Interpreter, name: str) -> Course:
    """Return the course of an execution that reaches a task, if nothing fails."""
    return run(interpreter, **REACHED_BY.get(name, {}))


@pytest.mark.parametrize(("name", "retrier"), RETRIED)
def test_an_error_that_may_pass_is_waited_out(interpreter: Interpreter, name: str, retrier: dict[str, Any]) -> None:
    """The last attempt succeeds, after waits that grow up to a bound, and the execution ends as if nothing was.

    The errors of a retrier share its attempts.
    """
    attempts, errors = retrier["MaxAttempts"], itertools.cycle(retrier["ErrorEquals"])
    undisturbed = _undisturbed(interpreter, name)
    left = iter(range(attempts))

    def fail(_given: Any, _retries: int) -> Any:
        return None if next(left, None) is None else Fault(next(errors))

    course = run(interpreter, **REACHED_BY.get(name, {}) | {name: fail})
    assert len(course.tasks(name)) == len(undisturbed.tasks(name)) + attempts
    assert (course.end["status"], course.path) == (undisturbed.end["status"], undisturbed.path)
    assert len(course.waits) == attempts
    for retry, wait in enumerate(course.waits):
        longest = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** retry
        assert 0 <= wait <= min(longest, retrier["MaxDelaySeconds"])


@pytest.mark.parametrize(("name", "retrier"), RETRIED)
def test_an_error_that_does_not_pass_in_time_is_caught(
    interpreter: Interpreter, name: str, retrier: dict[str, Any]
) -> None:
    """After all attempts, and with its own name and cause."""
    error = next(error for error in reversed(retrier["ErrorEquals"]) if not error.startswith("States."))
    course = run(interpreter, **REACHED_BY.get(name, {}) | {name: Fault(error)})
    assert len(course.tasks(name)) == retrier["MaxAttempts"] + 1
    if name == "RecordFailure":
        assert course.path[-2:] == ["RecordFailure", "RunFailedUnrecorded"]
    else:
        failure = recorded(course)["failure"]
        assert (failure["Error"], failure["Cause"]) == (error, "a cause")
        assert course.path[-3:] == FAILURE


def test_a_failure_that_cannot_be_recorded_is_the_one_that_is_reported(interpreter: Interpreter) -> None:
    """Not that of the recording."""
    course = run(interpreter, CloseEpoch=Fault("First", "the first"), RecordFailure=Fault("Second", "the second"))
    assert course.path[-2:] == ["RecordFailure", "RunFailedUnrecorded"]
    assert (course.end["error"], course.end["cause"]) == ("Unrecorded.First", "the first")


@pytest.mark.parametrize(
    ("error", "owner", "continues"),
    [
        ("StepFunctions.ExecutionAlreadyExists", "arn:next", True),
        ("StepFunctions.ExecutionAlreadyExistsException", "arn:next", True),
        ("StepFunctions.ExecutionAlreadyExists", None, False),
        ("StepFunctions.InvalidName", "arn:next", False),
    ],
)
def test_a_next_execution_that_was_started_before_continues_the_run(
    interpreter: Interpreter, error: str, owner: str | None, *, continues: bool
) -> None:
    """If it owns the run by now; else the name belongs to something else, and the run has failed."""
    said = {"Payload": {"run_id": "r", "error": error, "cause": "in words", "owner": owner}}
    course = run(interpreter, ContinueAsNextExecution=Fault(error), RecordFailure=said)
    if continues:
        assert course.path[-3:] == ["HasRunFailed", "RunContinuesAlready", "RunSucceeded"]
        assert course.output == {
            "run_id": "r", "next_execution_arn": owner,
            "reason": "the run continues in its next execution, which had been started before",
        }  # fmt: skip
    else:
        assert course.path[-3:] == FAILURE
        assert course.end["error"] == error


def test_every_state_is_walked() -> None:
    """By the paths and the failures above; a new state has to be added to them."""
    walked = {name for _, path in PATHS for name in path}
    walked |= {*FAILURE, "RunFailedUnrecorded", "RunContinuesAlready"}
    assert walked == set(STATES)
    assert all(len(state["Catch"]) == 1 for state in STATES.values() if "Catch" in state)
