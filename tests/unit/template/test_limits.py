"""All that the template and the state machine give to a service is within the limits of AWS's own descriptions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from tests.unit.template.planned import planned
from tests.unit.template.system import VARIANTS
from worstsort_embedded.strict import resources

if TYPE_CHECKING:
    from tests.unit.template.planned import Change

    Json = dict[str, Any]

MIN_CHECKS = 1_000
"""Fewer checks of a variant would mean that descriptions are no longer read."""

LONGEST_STACK_NAME = 100
"""The longest name of a stack, in characters; SNS's display names end there."""


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_system_is_within_every_limit(variant: str) -> None:
    """Each list, map, string and number, under any choice of parameters; the number of checks is printed."""
    deployment = planned(VARIANTS[variant])
    made = Counter(each.limit is not None for each in deployment.checks())
    print(f"{variant}: {made[True]} checks, {made[False]} values of fields without a stated limit")
    assert deployment.refusals() == []
    assert made[True] > MIN_CHECKS


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_property_is_checked(variant: str) -> None:
    """A type or property that no operation is known for would be checked by nobody."""
    assert list(resources.unmapped(planned(VARIANTS[variant]).resources)) == []


def test_a_stacks_name_may_have_a_hundred_characters() -> None:
    """CloudFormation takes 128, but names that are made of it must fit, too."""
    named = {"AWS::StackName": "s" * LONGEST_STACK_NAME}
    assert planned({}, pseudo=named).refusals() == []


@pytest.mark.parametrize("partition", botocore.session.get_session().get_available_partitions())
def test_the_system_can_be_deployed_to_every_partition(partition: str) -> None:
    """Nothing that it is made of needs a list of them."""
    assert planned({}, pseudo={"AWS::Partition": partition}).refusals() == []


def properties(found: Json, name: str) -> Json:
    """Return the properties of a resource."""
    inside: Json = found[name]["Properties"]
    return inside


BROKEN: dict[str, tuple[Change, str]] = {
    "nine rules of when to retry": (
        lambda made: properties(made, "JobDefinition")["RetryStrategy"].update(
            EvaluateOnExit=[{"OnExitCode": str(code), "Action": "RETRY"} for code in range(9)]
        ),
        "Array of up to 5 objects",
    ),
    "eleven attempts": (
        lambda made: properties(made, "JobDefinition")["RetryStrategy"].update(Attempts=11),
        "between 1 and 10 attempts",
    ),
    "an exit code that is no number": (
        lambda made: properties(made, "JobDefinition")["RetryStrategy"]["EvaluateOnExit"].append(
            {"OnExitCode": "1?", "Action": "RETRY"}
        ),
        "can contain only numbers",
    ),
    "a time limit of half a minute": (
        lambda made: properties(made, "JobDefinition").update(Timeout={"AttemptDurationSeconds": 30}),
        "minimum value for the timeout is 60 seconds",
    ),
    "four environments": (
        lambda made: properties(made, "InstanceQueue").update(
            ComputeEnvironmentOrder=[{"Order": at, "ComputeEnvironment": "arn"} for at in range(4)]
        ),
        "up to three compute environments",
    ),
    "an action after five minutes": (
        lambda made: properties(made, "InstanceQueue")["JobStateTimeLimitActions"][0].update(MaxTimeSeconds=300),
        "minimum value is 600",
    ),
    "a condition for EventBridge": (
        lambda made: properties(made, "NotificationsPolicy")["PolicyDocument"]["Statement"].append(
            {
                "Effect": "Allow",
                "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
                "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
            }
        ),
        "You can't use Condition blocks",
    ),
    "a log kept for two days": (
        lambda made: properties(made, "JobLogGroup").update(RetentionInDays=2),
        "Possible values are",
    ),
    "a function's time-out of two hours": (
        lambda made: properties(made, "FinishRunFunction").update(Timeout=7200),
        "max: ",
    ),
    "a long description of a function": (
        lambda made: properties(made, "FinishRunFunction").update(Description="d" * 257),
        "max: 256",
    ),
    "a misspelt property": (
        lambda made: properties(made, "JobDefinition")["ContainerProperties"].update(ReadOnlyFilesystem=True),
        "a member of the structure",
    ),
    "a delete marker chosen by tag": (
        lambda made: properties(made, "Bucket")["LifecycleConfiguration"]["Rules"].append(
            {"Id": "x", "TagFilters": [{"Key": "kind", "Value": "x"}], "ExpiredObjectDeleteMarker": True}
        ),
        "cannot specify a tag-based",
    ),
    "an unknown type of environment": (
        lambda made: properties(made, "OnDemandComputeEnvironment")["ComputeResources"].update(Type="ON_DEMAND"),
        "enum",
    ),
}
"""Changes of the template, each with AWS's words against it."""


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_noticed(fault: str) -> None:
    """And AWS's own words for it are quoted."""
    change, words = BROKEN[fault]
    refused = planned({}, change).refusals()
    assert [line for line in refused if words in line]


def test_an_architecture_that_would_change_under_a_queue_is_noticed() -> None:
    """Batch refuses the first of two environments, as the second is still of the other architecture."""

    def one_pair(made: Json) -> None:
        for name in ("SpotComputeEnvironment", "OnDemandComputeEnvironment"):
            types = {"Fn::If": ["UsesArm", {"Ref": "InstanceTypes"}, {"Ref": "X86InstanceTypes"}]}
            made[name]["Properties"]["ComputeResources"]["InstanceTypes"] = types

    before = planned({}, one_pair)
    assert before.refusals() == []
    refused = planned({"Architecture": "X86_64"}, one_pair, before=before).refusals()
    assert len([line for line in refused if "would be x86 beside" in line]) == len(["Spot", "On-Demand"])
    assert planned({"Architecture": "X86_64"}, before=planned({})).refusals() == []


def test_a_queue_that_would_change_its_kind_is_noticed() -> None:
    """An update that points a queue of instances to Fargate is refused by Batch, half-way through the deployment."""

    def one_queue(made: Json) -> None:
        fargate = {"Type": "FARGATE", "MaxvCpus": 4, "Subnets": ["subnet"], "SecurityGroupIds": ["group"]}
        for name, resources_of in (("A", {"Type": "SPOT", "MinvCpus": 0, "MaxvCpus": 4}), ("B", fargate)):
            made[name] = {
                "Type": "AWS::Batch::ComputeEnvironment",
                "Properties": {"Type": "MANAGED", "ComputeResources": resources_of},
            }
        chosen = {"Fn::If": ["UsesFargate", {"Ref": "B"}, {"Ref": "A"}]}
        made["InstanceQueue"]["Properties"]["ComputeEnvironmentOrder"] = [{"Order": 1, "ComputeEnvironment": chosen}]

    before = planned({"Capacity": "SPOT"}, one_queue)
    assert before.refusals() == []
    refused = planned({"Capacity": "FARGATE"}, one_queue, before=before).refusals()
    assert [line for line in refused if "would change from EC2 to Fargate" in line]
