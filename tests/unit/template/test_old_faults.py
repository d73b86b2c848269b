"""Faults that the system once had, which every linter and emulator let through: each is noticed by a check of today.

A fault of the template or the state machine is put back into a copy, in the form that it had. Faults of scripts, code
and pages are put back in tests/system/test_old_faults.py; those that only slow tests notice are named here.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.template.planned import planned
from tests.unit.template.system import ROOT, System, many
from tests.unit.template.test_policies import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]

NINE_RULES = [
    {"OnStatusReason": "Host EC2*", "Action": "RETRY"},
    {"OnStatusReason": "Your Spot Task was interrupted*", "Action": "RETRY"},
    {"OnReason": "CannotPull*", "Action": "RETRY"},
    {"OnReason": "ResourceInitializationError*", "Action": "RETRY"},
    {"OnExitCode": "75", "Action": "RETRY"},
    {"OnExitCode": "143", "Action": "RETRY"},
    {"OnReason": "OutOfMemory*", "Action": "EXIT"},
    {"OnExitCode": "137", "Action": "RETRY"},
    {"OnReason": "*", "Action": "EXIT"},
]
SAME_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
OF_LAMBDA = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
]


def made(system: System, name: str) -> Json:
    """Return the properties of a resource."""
    properties: Json = system.resources[name]["Properties"]
    return properties


def nine_rules(system: System) -> None:
    """Have nine rules of when to retry, of which AWS takes five."""
    made(system, "JobDefinition")["RetryStrategy"].update(EvaluateOnExit=NINE_RULES)


def a_revision_is_deregistered(system: System) -> None:
    """Let a deployment de-register the revision that executions under way hold."""
    made(system, "JobDefinition").pop("ResourceRetentionPolicy")


def the_name_alone_is_not_allowed(system: System) -> None:
    """Allow the machine to submit jobs of `NAME:*` only."""
    submission = next(each for _, each in system.statements() if "batch:SubmitJob" in many(each["Action"]))
    submission["Resource"] = [each for each in submission["Resource"] if not str(each).endswith("-island'}")]


def twenty_images_are_kept(system: System) -> None:
    """Keep as many images as two days of deployments make."""
    policy = made(system, "Repository")["LifecyclePolicy"]
    policy["LifecyclePolicyText"] = re.sub(r'"countNumber": \d+', '"countNumber": 20', policy["LifecyclePolicyText"])


def the_topic_has_a_condition_for_events(system: System) -> None:
    """Give EventBridge a condition, which AWS does not support there."""
    statements = made(system, "NotificationsPolicy")["PolicyDocument"]["Statement"]
    statements[:] = [each for each in statements if each["Effect"] == "Deny"]
    both = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    statements.append(
        {
            "Effect": "Allow",
            "Principal": {"Service": both},
            "Action": "sns:Publish",
            "Resource": {"Ref": "Notifications"},
            "Condition": SAME_ACCOUNT,
        }
    )


def dead_letters_are_taken_by_account(system: System) -> None:
    """Take dead letters by the account, which EventBridge does not tell."""
    for statement in made(system, "DeadLettersPolicy")["PolicyDocument"]["Statement"]:
        if statement["Effect"] == "Allow":
            statement["Condition"] = SAME_ACCOUNT


def families_of_instances(system: System) -> None:
    """Let Batch buy any size of a family."""
    system.source["Parameters"]["InstanceTypes"]["Default"] = "c7g,c6g,m7g"


def memory_leaves_a_vcpu_idle(system: System) -> None:
    """Give a job 2,048 MiB, of which an instance of 4 GiB does not hold two."""
    system.source["Parameters"]["JobMemory"].update(Default=2048, MinValue=2048)


def on_demand_doubles_the_maximum(system: System) -> None:
    """Give the On-Demand environment the whole maximum beside Spot."""
    made(system, "OnDemandComputeEnvironment")["ComputeResources"]["MaxvCpus"] = {"Ref": "MaxvCpus"}


def one_pair_for_both_architectures(system: System) -> None:
    """Turn the environments of the one queue when the architecture is switched."""
    for name in ("SpotComputeEnvironment", "OnDemandComputeEnvironment"):
        types = {"Fn::If": ["UsesArm", {"Ref": "InstanceTypes"}, {"Ref": "X86InstanceTypes"}]}
        system.source["Resources"][name]["Properties"]["ComputeResources"]["InstanceTypes"] = types


def one_queue_for_both_kinds(system: System) -> None:
    """Point the one queue to Fargate when the capacity is switched."""
    order = [{"Order": 1, "ComputeEnvironment": {"Ref": "FargateComputeEnvironment"}}]
    made(system, "InstanceQueue").update(ComputeEnvironmentOrder=order)


def some_errors_of_functions_are_not_retried(system: System) -> None:
    """Retry four errors of Lambda only."""
    for state in system.states().values():
        if str(state.get("Resource", "")).endswith(":lambda:invoke"):
            state["Retry"] = [state["Retry"][0] | {"ErrorEquals": OF_LAMBDA}]


def tasks_end_with_their_functions(system: System) -> None:
    """Let a task time out in the second in which its function does."""
    for state in system.states().values():
        for name, function in system.of("Lambda::Function").items():
            if name in str(state.get("Parameters", {}).get("FunctionName")):
                state["TimeoutSeconds"] = function["Timeout"]


def a_second_start_is_a_failure(system: System) -> None:
    """Fail a run whose next execution was started before."""
    system.states()["RecordFailure"]["Next"] = "RunFailed"


def a_missing_permission_is_repeated(system: System) -> None:
    """Repeat what a missing permission is called for ten minutes."""
    for state in system.states().values():
        if "batch:submitJob" in str(state.get("Resource", "")):
            names = ["Batch.ServerException", "Batch.TooManyRequestsException", "Batch.AWSBatchException"]
            state["Retry"] = [state["Retry"][0] | {"ErrorEquals": names, "MaxAttempts": 8}]


def one_event_is_relied_on(system: System) -> None:
    """Look once only for what an execution leaves behind."""
    system.resources.pop("SweepRule")


def saves_every_fifteen_seconds(system: System) -> None:
    """Save into a versioned bucket every 15 seconds."""
    system.source["Parameters"]["SaveSeconds"]["Default"] = 15


def delete_markers_stay(system: System) -> None:
    """Keep delete markers for ever."""
    rules = made(system, "Bucket")["LifecycleConfiguration"]["Rules"]
    for rule in rules:
        rule.pop("ExpiredObjectDeleteMarker", None)


def the_partition_is_written_out(system: System) -> None:
    """Tie a task to one partition of AWS."""
    state = system.states()["PrepareRun"]
    state["Resource"] = "arn:aws:states:::lambda:invoke"


def three_mails_for_one_failure(system: System) -> None:
    """Send a mail per alarm beside that of the rule."""
    for name in ("RunsFailedAlarm", "RunsTimedOutAlarm"):
        made(system, name)["AlarmActions"] = [{"Ref": "Notifications"}]


def an_hour_for_jobs_of_four(system: System) -> None:
    """Give jobs an hour when instances are updated."""
    for name in ("SpotComputeEnvironment", "OnDemandComputeEnvironment"):
        made(system, name)["UpdatePolicy"]["JobExecutionTimeoutMinutes"] = 60


def two_zones(system: System) -> None:
    """Use two zones where there are three."""
    for environment in system.of("Batch::ComputeEnvironment").values():
        environment["ComputeResources"]["Subnets"] = [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]


def tables_pay_for_a_key(system: System) -> None:
    """Encrypt the tables with a key that is paid for by the call."""
    for table in system.of("DynamoDB::Table").values():
        table["SSESpecification"] = {"SSEEnabled": True}


def volumes_are_plain(system: System) -> None:
    """Leave the instances' volumes as they are."""
    made(system, "InstanceTemplate")["LaunchTemplateData"].pop("BlockDeviceMappings")


def any_job_may_be_ended(system: System) -> None:
    """Allow to end jobs of others."""
    for _, statement in system.statements():
        if "batch:TerminateJob" in many(statement["Action"]):
            statement.pop("Condition", None)


IN_THE_TEMPLATE: dict[Callable[[System], None], set[str]] = {
    nine_rules: {"AWS's limits", "the retry strategy is one that batch takes"},
    a_revision_is_deregistered: {"an execution keeps its revision of the job"},
    the_name_alone_is_not_allowed: {"executions under way may still submit jobs"},
    twenty_images_are_kept: {"an image is kept for as long as an execution may last"},
    the_topic_has_a_condition_for_events: {
        "AWS's limits",
        "the topic takes events without a condition and alarms with one",
    },
    dead_letters_are_taken_by_account: {"the dead letter queue takes the events of the stacks rules"},
    memory_leaves_a_vcpu_idle: {"runs are held to the memory of their jobs"},
    families_of_instances: {"no instance is much larger than what was asked for"},
    on_demand_doubles_the_maximum: {"on demand has a share of its own beside spot"},
    one_pair_for_both_architectures: {"a queue never changes its architecture"},
    one_queue_for_both_kinds: {"AWS's limits", "a queue never changes its kind"},
    some_errors_of_functions_are_not_retried: {"each task retries what its service may recover from and nothing else"},
    tasks_end_with_their_functions: {"a task waits longer than its function may run"},
    a_second_start_is_a_failure: {"a next execution that was started before is no failure"},
    a_missing_permission_is_repeated: {"each kind of error is retried for as long as makes sense"},
    one_event_is_relied_on: {"once an hour what was left behind is swept"},
    saves_every_fifteen_seconds: {"saves cost little"},
    delete_markers_stay: {"delete markers do not stay"},
    the_partition_is_written_out: {"nothing is tied to a partition"},
    three_mails_for_one_failure: {"one failure is one mail"},
    an_hour_for_jobs_of_four: {"an update of instances waits for their jobs"},
    two_zones: {"jobs run in three zones"},
    tables_pay_for_a_key: {"tables are encrypted with the key that costs nothing"},
    volumes_are_plain: {"instances and volumes are tagged and encrypted"},
    any_job_may_be_ended: {"only jobs of this stack can be ended"},
}
"""Faults, each with the checks that notice it."""

ELSEWHERE = {"a layer without bytecode": ["test_the_layer_has_bytecode_that_lambda_trusts"]}
"""Faults whose tests install packages, each with these tests; tests/system/test_old_faults.py puts others back."""


def refused_by_aws(system: System) -> list[str]:
    """Return what AWS would refuse of the resources, which the same stack had before in their form of today."""

    def changed(resources: Json) -> None:
        for name, resource in system.resources.items():
            resources[name] = resource if name != "EvolveStateMachine" else resources[name]

    return planned({}, changed, before=planned({})).refusals()


@pytest.mark.long
@pytest.mark.parametrize("fault", IN_THE_TEMPLATE, ids=lambda fault: fault.__name__.replace("_", " "))
def test_a_fault_of_old_is_noticed(fault: Callable[[System], None]) -> None:
    """By the checks that are named here."""
    system = System.load({})
    fault(system)
    noticed = {policy.name for policy in ALL if list(policy.check(copy.deepcopy(system)))}
    if refused_by_aws(system):
        noticed.add("AWS's limits")
    assert noticed >= IN_THE_TEMPLATE[fault]
    assert noticed


@pytest.mark.parametrize("fault", ELSEWHERE)
def test_a_fault_elsewhere_has_a_test(fault: str) -> None:
    """The test exists under its name."""
    assert [name for name in ELSEWHERE[fault] if name not in all_tests()] == []


@cache
def all_tests() -> frozenset[str]:
    """Return the names of all test functions."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE))
