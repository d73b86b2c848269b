"""Policies for what the state machine repeats, for how long, and how long it waits for an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies
from tests.unit.template.service_errors import INTEGRATIONS
from worstsort.storage.clients import MAX_CLIENT_ATTEMPTS, longest_call_seconds
from worstsort.storage.retry import OUTAGE_SECONDS, STORE_CLIENT_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.service_errors import Integration
    from tests.unit.template.system import Json, System

POLICIES = Policies()

MAX_NAMELESS_SECONDS = 60
"""How long a call may be repeated that perhaps lacks a permission, which nobody grants in the meantime."""

MIN_TRANSIENT_SECONDS = 120
"""How long a service that is throttling or in trouble is given at least."""

ANSWER_SECONDS = 30
"""What a task waits longer than its function may run: the function's own time-out has to be reported."""


def _tasks(system: System) -> dict[str, Json]:
    return {name: state for name, state in system.states().items() if state["Type"] == "Task"}


def _integration(task: Json) -> Integration:
    return INTEGRATIONS[task["Resource"].split(":::")[1]]


def _retriers(task: Json) -> dict[str, Json]:
    """Return the retrier of each error."""
    return {error: retrier for retrier in task.get("Retry", []) for error in retrier["ErrorEquals"]}


def _longest_seconds(retrier: Json) -> float:
    """Return how long a retrier waits in all, if no jitter shortens it."""
    waits = (retrier["IntervalSeconds"] * retrier["BackoffRate"] ** at for at in range(retrier["MaxAttempts"]))
    return float(sum(min(wait, retrier["MaxDelaySeconds"]) for wait in waits))


def _forget(name: str, error: str) -> Any:
    return lambda s: [error in retrier["ErrorEquals"] and retrier["ErrorEquals"].remove(error)
                      for retrier in s.states()[name]["Retry"]]  # fmt: skip


def _ends(name: str, error: str, **changes: Any) -> Any:
    return lambda s: _retriers(s.states()[name])[error].update(changes)


@POLICIES.add(
    "An error that is not retried ends a run of weeks; a permanent one that is retried only delays its end.",
    *(_forget("PrepareRun", error) for error in sorted(INTEGRATIONS["lambda:invoke"].retried())),
    *(_forget("SeedIslands", error) for error in sorted(INTEGRATIONS["lambda:invoke"].ended)),
    *(_forget("EvolveIslands", error) for error in sorted(INTEGRATIONS["batch:submitJob.sync"].retried())),
    *(
        _forget("ContinueAsNextExecution", error)
        for error in sorted(INTEGRATIONS["states:startExecution"].retried())
    ),
    lambda s: s.states()["PrepareRun"]["Retry"][0].update(ErrorEquals=["States.ALL"]),
    lambda s: s.states()["PrepareRun"]["Retry"][0]["ErrorEquals"].append("InputRefused"),
    lambda s: s.states()["EvolveOneIsland"]["Retry"][0]["ErrorEquals"].append("Batch.ClientException"),
    lambda s: s.states()["ContinueAsNextExecution"]["Retry"][0]["ErrorEquals"].append("Lambda.Unknown"),
)  # fmt: skip
def each_task_retries_what_its_service_may_recover_from_and_nothing_else(system: System) -> Iterable[str]:
    for name, task in _tasks(system).items():
        given, wanted = set(_retriers(task)), _integration(task).retried()
        yield from (f"{name} does not retry {error}" for error in sorted(wanted - given))
        yield from (f"{name} retries {error}" for error in sorted(given - wanted))


@POLICIES.add(
    "A missing permission is called like a service in trouble; repeating it for ten minutes only hides it.",
    _ends("EvolveIslands", "Batch.AWSBatchException", MaxAttempts=8, MaxDelaySeconds=120),
    _ends("CloseEpoch", "Lambda.AWSLambdaException", MaxAttempts=6),
    _ends("CloseEpoch", "Lambda.Unknown", MaxAttempts=6),
    _ends("CloseEpoch", "Lambda.ServiceException", MaxAttempts=2),
)
def each_kind_of_error_is_retried_for_as_long_as_makes_sense(system: System) -> Iterable[str]:
    for name, task in _tasks(system).items():
        integration, retriers = _integration(task), _retriers(task)
        for error, retrier in retriers.items():
            seconds = _longest_seconds(retrier)
            if error == integration.nameless and seconds > MAX_NAMELESS_SECONDS:
                yield f"{name} repeats {error} for {seconds:.0f} s"
            if error in integration.transient and seconds < MIN_TRANSIENT_SECONDS:
                yield f"{name} gives up after {seconds:.0f} s of {error}"
            if error in integration.ended and retrier["MaxAttempts"] != 2:
                yield f"{name} calls a function that {error} ended {retrier['MaxAttempts']} times more"


@POLICIES.add(
    "Synchronised retries make a throttled service worse.",
    lambda s: s.states()["CloseEpoch"]["Retry"][0].pop("JitterStrategy"),
    lambda s: s.states()["CloseEpoch"]["Retry"][1].pop("MaxDelaySeconds"),
    lambda s: s.states()["EvolveIslands"]["Retry"][0].update(BackoffRate=1),
)
def every_retry_backs_off_with_bounds_and_jitter(system: System) -> Iterable[str]:
    for name, task in _tasks(system).items():
        for retrier in task["Retry"]:
            if not {"IntervalSeconds", "MaxAttempts", "MaxDelaySeconds"} <= set(retrier):
                yield f"{name} retries without bounds"
            if retrier.get("BackoffRate", 1) <= 1:
                yield f"{name} retries without back-off"
            if retrier.get("JitterStrategy") != "FULL":
                yield f"{name} retries without jitter"


Waits = tuple[int, int, float, int]

KINDS: dict[str, dict[str, Waits]] = {
    "lambda:invoke": {"transient": (2, 6, 2.0, 60), "nameless": (4, 3, 2.0, 16), "ended": (2, 2, 2.0, 60)},
    "batch:submitJob.sync": {"transient": (5, 8, 2.0, 120), "nameless": (4, 3, 2.0, 16)},
    "states:startExecution": {"transient": (2, 6, 2.0, 60), "nameless": (4, 3, 2.0, 16)},
}
"""By service and kind of error: the first wait in seconds, attempts, how much longer each wait is, and the longest."""


@POLICIES.add(
    "What is tuned for one task and forgotten in the others makes runs end for reasons that nobody can follow.",
    *(
        _ends("EvolveOneIsland", "Batch.ServerException", **{name: value})
        for name, value in {"IntervalSeconds": 10, "MaxAttempts": 9, "BackoffRate": 1.9, "MaxDelaySeconds": 90}.items()
    ),
    _ends("SeedIslands", "Lambda.AWSLambdaException", IntervalSeconds=2),
    _ends("RecordFailure", "States.Timeout", MaxDelaySeconds=16),
    lambda s: s.states()["FinishRun"]["Retry"][0]["ErrorEquals"].append("Lambda.Unknown"),
)
def errors_of_a_kind_are_retried_alike_everywhere(system: System) -> Iterable[str]:
    for name, task in _tasks(system).items():
        integration, decided = _integration(task), KINDS[task["Resource"].split(":::")[1]]
        kinds = {"transient": integration.transient, "nameless": {integration.nameless}, "ended": integration.ended}
        for retrier in task["Retry"]:
            errors = set(retrier["ErrorEquals"])
            found = (retrier["IntervalSeconds"], retrier["MaxAttempts"], retrier["BackoffRate"],
                     retrier["MaxDelaySeconds"])  # fmt: skip
            kind = next((kind for kind, members in kinds.items() if members == errors), None)
            if kind is None or decided[kind] != found:
                yield f"{name} retries {sorted(errors)} by {found}"


def _seconds_of_functions(system: System) -> dict[str, int]:
    """Return the time-outs of the functions by the placeholders for their ARNs in the machine."""
    machine = system.source["Resources"]["EvolveStateMachine"]["Properties"]
    ids = {key: value["Fn::GetAtt"][0] if isinstance(value["Fn::GetAtt"], list) else value["Fn::GetAtt"].split(".")[0]
           for key, value in machine["DefinitionSubstitutions"].items() if "Fn::GetAtt" in value}  # fmt: skip
    functions = system.of("Lambda::Function")
    return {f"${{{key}}}": functions[name]["Timeout"] for key, name in ids.items() if name in functions}


@POLICIES.add(
    "With equal time-outs the task may end first, and Step Functions reports its own time-out for the function's.",
    lambda s: s.states()["PrepareRun"].update(TimeoutSeconds=300),
    lambda s: s.states()["SeedIslands"].update(TimeoutSeconds=900),
    lambda s: s.of("Lambda::Function")["FinishRunFunction"].update(Timeout=600),
)
def a_task_waits_longer_than_its_function_may_run(system: System) -> Iterable[str]:
    functions = _seconds_of_functions(system)
    for name, task in _tasks(system).items():
        function = functions.get(task["Parameters"].get("FunctionName", ""))
        if function is not None and task["TimeoutSeconds"] != function + ANSWER_SECONDS:
            yield f"{name} waits {task['TimeoutSeconds']} s for a function of {function} s"


@POLICIES.add(
    "A function that ends before its clients give up cannot name the service that does not answer.",
    lambda s: s.of("Lambda::Function")["PrepareRunFunction"].update(Timeout=60),
    lambda s: s.of("Lambda::Function")["ReconcileRunFunction"].update(Timeout=200),
)
def a_function_may_run_longer_than_its_clients_repeat_a_call(system: System) -> Iterable[str]:
    stored = OUTAGE_SECONDS + longest_call_seconds(STORE_CLIENT_ATTEMPTS)
    longest = max(stored, longest_call_seconds(MAX_CLIENT_ATTEMPTS))
    for name, function in system.of("Lambda::Function").items():
        if function["Timeout"] <= longest:
            yield f"{name} ends after {function['Timeout']} s, one call after {longest:.0f} s"


@POLICIES.add(
    "A start whose answer was lost is repeated, and refused if its execution has ended by then: the run is not lost.",
    lambda s: s.states()["HasRunFailed"]["Choices"].clear(),
    lambda s: s.states()["HasRunFailed"]["Choices"][0]["And"][0].update(StringMatches="ExecutionAlreadyExists"),
    lambda s: s.states()["HasRunFailed"]["Choices"][0]["And"].pop(),
    lambda s: s.states()["RecordFailure"].update(Next="RunFailed"),
)
def a_next_execution_that_was_started_before_is_no_failure(system: System) -> Iterable[str]:
    states = system.states()
    judge = states.get(states["RecordFailure"]["Next"], {})
    if not judge.get("Choices"):
        yield "every failure that is recorded ends the execution as failed"
        return
    tests = judge["Choices"][0]["And"]
    patterns = [test["StringMatches"].replace("*", ".*") for test in tests if "StringMatches" in test]
    for error in ("StepFunctions.ExecutionAlreadyExists", "StepFunctions.ExecutionAlreadyExistsException"):
        if not any(re.fullmatch(pattern, error) for pattern in patterns):
            yield f"{error} counts as a failure"
    if not any(test["Variable"] == "$.owner" for test in tests):
        yield "a name that another execution has taken counts as a continuation"


@POLICIES.add(
    "If RecordFailure itself fails, its own error would hide why the run failed.",
    lambda s: s.states()["RecordFailure"].pop("Catch"),
    lambda s: s.states()["RunFailedUnrecorded"].update(CausePath="$.unrecorded.Cause"),
    lambda s: s.states()["RunFailedUnrecorded"].update(ErrorPath="$.failure.Error"),
)
def the_first_failure_is_the_one_reported(system: System) -> Iterable[str]:
    caught = system.states()["RecordFailure"].get("Catch", [{}])[-1]
    end = system.states().get(caught.get("Next", ""), {})
    # With a prefix: only Step Functions itself may use names that begin with States.
    if (
        "$.failure.Error" not in end.get("ErrorPath", "").removeprefix("$.")
        or end.get("CausePath") != "$.failure.Cause"
    ):
        yield "RecordFailure can hide the failure that it should record"


@POLICIES.add(
    "In another partition, such as China's, ARNs that begin with arn:aws: name nothing. AWS has partitions that no "
    "list here knows, and a key that a mapping lacks fails the whole deployment.",
    lambda s: s.states()["PrepareRun"].update(Resource="arn:aws:states:::lambda:invoke"),
    lambda s: s.source["Resources"]["JobRole"]["Properties"].update(ManagedPolicyArns=["arn:aws:iam::aws:policy/Any"]),
    lambda s: s.source["Outputs"]["DashboardAddress"].update(Value="https://console.aws.amazon.com/cloudwatch"),
    lambda s: s.source["Outputs"]["DashboardAddress"].update(
        Value={"Fn::FindInMap": ["Consoles", {"Ref": "AWS::Partition"}, "Host"]}
    ),
    lambda s: s.source["Resources"]["JobRole"]["Properties"].update(
        RoleName={"Fn::FindInMap": ["Roles", {"Ref": "AWS::Region"}, "Name"]}
    ),
)
def nothing_is_tied_to_a_partition(system: System) -> Iterable[str]:
    written = (*system.source["Resources"].items(), *system.source["Outputs"].items())
    for where, part in (*system.states().items(), *written):
        text = str(part)
        yield from (f"{where}: {name}" for name in re.findall(r"arn:aws[:-]|//console\.aws\.amazon\.com", text))
        yield from re.findall(r"FindInMap': \[[^]]*AWS::(?:Partition|Region)", text)
