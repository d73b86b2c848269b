"""Policies for the state machine: what is retried, caught and limited, and what the console shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies
from tests.unit.template.system import many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

NEXT = ("Next", "Default")


def _tasks(system: System) -> dict[str, Json]:
    return {name: state for name, state in system.states().items() if state["Type"] == "Task"}


def _state(system: System, name: str) -> Json:
    return system.states()[name]


@POLICIES.add(
    "A missing target fails the execution, and everything paid for so far is wasted.",
    lambda s: _state(s, "CloseEpoch").update(Next="Nowhere"),
    lambda s: _state(s, "ContinueOrStop").update(Default="Nowhere"),
    lambda s: _state(s, "EvolveIslands")["Catch"][0].update(Next="Nowhere"),
    lambda s: s.machine.update(StartAt="Nowhere"),
    lambda s: s.machine["States"].update(Island={"Type": "Succeed"}),
)
def every_next_state_exists_and_every_state_is_reached(system: System) -> Iterable[str]:
    def walk(machine: Json) -> Iterable[str]:
        states, reached = machine["States"], {machine["StartAt"]}
        for state in states.values():
            reached.update(state[key] for key in NEXT if key in state)
            reached.update(rule["Next"] for key in ("Choices", "Catch") for rule in state.get(key, []))
            if "ItemProcessor" in state:
                yield from walk(state["ItemProcessor"])
        yield from (f"{name} does not exist" for name in sorted(reached - set(states)))
        yield from (f"{name} is never reached" for name in sorted(set(states) - reached))

    return walk(system.machine)


@POLICIES.add(
    "A task without a time-out that never answers keeps its execution and its jobs for a year.",
    lambda s: _state(s, "EvolveIslands").pop("TimeoutSeconds"),
    lambda s: s.machine.pop("TimeoutSeconds"),
)
def every_task_and_the_machine_have_a_timeout(system: System) -> Iterable[str]:
    yield from (f"{name} has none" for name, state in _tasks(system).items() if "TimeoutSeconds" not in state)
    if "TimeoutSeconds" not in system.machine:
        yield "the machine has none"


@POLICIES.add(
    "A task that gives up before its job does ends a run of which nothing is wrong; one that outlasts its execution "
    "never ends by itself.",
    lambda s: _state(s, "EvolveIslands").update(TimeoutSeconds=172_800),
    lambda s: _state(s, "EvolveOneIsland").update(TimeoutSeconds=864_000),
    lambda s: _state(s, "EvolveOneIsland").update(TimeoutSeconds=3_000_000),
    lambda s: s.source["Parameters"]["JobTimeoutSeconds"].update(MaxValue=172_800),
    lambda s: _longest_wait(s).update(MaxTimeSeconds=86_400),
)
def a_task_waits_for_all_attempts_of_its_job(system: System) -> Iterable[str]:
    attempts = system.of("Batch::JobDefinition")["JobDefinition"]["RetryStrategy"]["Attempts"]
    longest = system.source["Parameters"]["JobTimeoutSeconds"]["MaxValue"]
    needed = attempts * (longest + _longest_wait(system)["MaxTimeSeconds"])
    for name, state in _tasks(system).items():
        if ":batch:" in state["Resource"] and not needed <= state["TimeoutSeconds"] <= system.machine["TimeoutSeconds"]:
            yield f"{name} waits {state['TimeoutSeconds']} s for a job that may take {needed} s"


def _longest_wait(system: System) -> Json:
    """Return the limit that lets a job wait longest for a machine."""
    queues = system.of("Batch::JobQueue").values()
    limits = [limit for queue in queues for limit in queue["JobStateTimeLimitActions"]]
    return max(limits, key=lambda limit: int(limit["MaxTimeSeconds"]))


@POLICIES.add(
    "An uncaught error leaves the run RUNNING forever, without a cause in plain words.",
    lambda s: _state(s, "CloseEpoch").pop("Catch"),
    lambda s: _state(s, "SeedPopulations").pop("Catch"),
    lambda s: _state(s, "EvolveIslands")["Catch"][0].update(ErrorEquals=["States.TaskFailed"]),
    lambda s: _state(s, "RunFailed").pop("CausePath"),
)
def every_failure_is_recorded_and_explained(system: System) -> Iterable[str]:
    for name, state in system.machine["States"].items():
        if state["Type"] in {"Task", "Map"} and name != "RecordFailure":
            last = state.get("Catch", [{}])[-1]
            if last.get("ErrorEquals") != ["States.ALL"] or last.get("Next") != "RecordFailure":
                yield f"{name} does not pass all errors to RecordFailure"
            elif not str(last.get("ResultPath")).startswith("$."):
                yield f"{name} loses its input when it fails"
        if state["Type"] == "Fail" and not {"ErrorPath", "CausePath"} <= set(state):
            yield f"{name} does not say why"


@POLICIES.add(
    "Results of jobs and functions grow with the run; Step Functions ends an execution whose state exceeds 256 KB.",
    lambda s: _state(s, "EvolveIslands").pop("ResultPath"),
    lambda s: _state(s, "CloseEpoch").pop("ResultSelector"),
)
def only_chosen_fields_of_results_travel_on(system: System) -> Iterable[str]:
    for name, state in _tasks(system).items():
        if state.get("ResultPath", "$") is not None and "ResultSelector" not in state and "End" not in state:
            yield f"{name} passes on its whole result"


@POLICIES.add(
    "The other engines that check and run this machine without an account support only JSONPath.",
    lambda s: s.machine.update(QueryLanguage="JSONata"),
    lambda s: _state(s, "CloseEpoch").update(Assign={"epoch": 1}),
)
def the_machine_is_written_in_jsonpath(system: System) -> Iterable[str]:
    if "QueryLanguage" in system.machine:
        yield "the machine names a query language"
    yield from (f"{name} assigns variables" for name, state in system.states().items() if "Assign" in state)


@POLICIES.add(
    "The console shows names and comments; they must show a person what a run does.",
    lambda s: s.machine.pop("Comment"),
    lambda s: _state(s, "EvolveIslands").pop("Comment"),
)
def states_say_what_they_do(system: System) -> Iterable[str]:
    if not system.machine.get("Comment"):
        yield "the machine has no comment"
    for name, state in system.states().items():
        if state["Type"] in {"Task", "Map", "Pass"} and not state.get("Comment"):
            yield f"{name} has no comment"


@POLICIES.add(
    "A Map of jobs takes 8 history events per island and epoch, and soon reaches the limit of 25,000.",
    lambda s: _state(s, "EvolveIslands")["Parameters"].pop("ArrayProperties"),
    lambda s: _state(s, "EvolveIslands").update(Resource="arn:${Partition}:states:::batch:submitJob"),
)
def an_epoch_of_many_islands_is_one_array_job(system: System) -> Iterable[str]:
    jobs = {name: state for name, state in _tasks(system).items() if ":batch:" in state["Resource"]}
    yield from (
        f"{name} does not wait for its job" for name, job in jobs.items() if not job["Resource"].endswith(".sync")
    )
    if not any("ArrayProperties" in job["Parameters"] for job in jobs.values()):
        yield "no job is an array"


@POLICIES.add(
    "Batch reserves variables with this prefix, and accepts only strings.",
    lambda s: _environment(s, "EvolveIslands").append({"Name": "AWS_BATCH_ISLAND", "Value": "1"}),
    lambda s: _environment(s, "EvolveIslands").append({"Name": "EPOCH", "Value": 1}),
    lambda s: _environment(s, "EvolveOneIsland").append({"Name": "EPOCH", "Value.$": "$.epoch"}),
)
def variables_of_jobs_are_strings_with_names_of_our_own(system: System) -> Iterable[str]:
    for name, state in _tasks(system).items():
        for variable in state["Parameters"].get("ContainerOverrides", {}).get("Environment", []):
            value = variable.get("Value", variable.get("Value.$"))
            if variable["Name"].startswith("AWS_BATCH"):
                yield f"{name} sets {variable['Name']}"
            if not isinstance(value, str) or (value.startswith("$.") and value != "$.run_id"):
                yield f"{name}: {variable['Name']} may not be a string"


def _environment(system: System, name: str) -> list[Any]:
    variables: list[Any] = _state(system, name)["Parameters"]["ContainerOverrides"]["Environment"]
    return variables


SYNC = {
    "batch:SubmitJob": "no job could be submitted",
    "batch:DescribeJobs": "the end of a job would not be seen",
    "batch:TerminateJob": "an aborted execution would leave jobs running, and costing money",
    "events:PutTargets": "the end of a job would not be reported",
    "events:PutRule": "the end of a job would not be reported",
    "events:DescribeRule": "the end of a job would not be reported",
}


@POLICIES.add(
    "SAM has no policy template for submitJob.sync, and only a run would notice a missing permission.",
    *(lambda s, action=action: _forget(s, action) for action in SYNC),
    lambda s: _forget(s, "lambda:InvokeFunction"),
    lambda s: _forget(s, "states:StartExecution"),
)
def the_machine_may_do_what_its_tasks_do(system: System) -> Iterable[str]:
    allowed = {
        action
        for role, statement in system.statements()
        if role == "StateMachineRole"
        for action in many(statement["Action"])
    }
    yield from (f"without {action} {what}" for action, what in SYNC.items() if action not in allowed)
    yield from (
        f"{action} is not allowed"
        for action in ("lambda:InvokeFunction", "states:StartExecution")
        if action not in allowed
    )


def _forget(system: System, action: str) -> None:
    for _, statement in system.statements():
        statement["Action"] = [other for other in many(statement["Action"]) if other != action]


@POLICIES.add(
    "Step Functions learns the end of jobs from one rule of its own, which has a fixed name.",
    lambda s: next(
        statement for _, statement in s.statements() if "events:PutRule" in many(statement["Action"])
    ).update(Resource="*"),
)
def only_the_rule_of_step_functions_may_be_created(system: System) -> Iterable[str]:
    for role, statement in system.statements():
        if "events:PutRule" in many(statement["Action"]):
            resources = str(statement["Resource"])
            if "rule/StepFunctionsGetEventsForBatchJobsRule" not in resources:
                yield f"{role} may create other rules"


@POLICIES.add(
    "A history of 25,000 events ends an execution; a long run has to continue in the next one.",
    lambda s: s.machine["States"].pop("ContinueAsNextExecution"),
    lambda s: _state(s, "ContinueAsNextExecution")["Parameters"].update({"Name.$": "States.UUID()"}),
    lambda s: _state(s, "ContinueAsNextExecution")["Parameters"].update({"StateMachineArn": "arn:another"}),
)
def a_long_run_continues_as_the_next_execution_of_its_machine(system: System) -> Iterable[str]:
    state = system.machine["States"].get("ContinueAsNextExecution")
    if state is None:
        yield "no state starts the next execution"
        return
    parameters = state["Parameters"]
    if "$.run_id" not in parameters.get("Name.$", ""):
        yield "the name of the next execution is not fixed in advance, so starting it twice would run it twice"
    if parameters.get("StateMachineArn.$") != "$$.StateMachine.Id" or "StateMachineArn" in parameters:
        yield "another machine would continue the run"


@POLICIES.add(
    'docs/deployment.md promises ten functions at once. "New AWS accounts have reduced concurrency and memory quotas" '
    "(AWS Lambda Developer Guide): more would be throttled there, and fewer begin a run more slowly everywhere.",
    lambda s: _state(s, "SeedPopulations").update(MaxConcurrency=40),
    lambda s: _state(s, "SeedPopulations").pop("MaxConcurrency"),
)
def islands_are_seeded_ten_chunks_at_a_time(system: System) -> Iterable[str]:
    concurrency = _state(system, "SeedPopulations").get("MaxConcurrency")
    if concurrency != 10:
        yield f"{concurrency} at a time"
