"""What CloudFormation's functions are worth before anything is deployed, by its documentation."""

from __future__ import annotations

from typing import Any

import pytest

from worstsort_embedded.strict.checks import UNKNOWN
from worstsort_embedded.strict.intrinsics import Resolver, as_text

PSEUDO = {"AWS::Partition": "aws-cn", "AWS::Region": "cn-north-1", "AWS::AccountId": "111122223333"}

PLACE = "cn-north-1:111122223333"

ARNS = {
    "Batch::ComputeEnvironment": f"batch:{PLACE}:compute-environment/given",
    "Batch::JobDefinition": f"batch:{PLACE}:job-definition/given:1",
    "Batch::JobQueue": f"batch:{PLACE}:job-queue/given",
    "DynamoDB::Table": f"dynamodb:{PLACE}:table/given",
    "ECR::Repository": f"ecr:{PLACE}:repository/given",
    "Events::Rule": f"events:{PLACE}:rule/given",
    "IAM::InstanceProfile": "iam::111122223333:instance-profile/given",
    "IAM::Role": "iam::111122223333:role/given",
    "Lambda::Function": f"lambda:{PLACE}:function:given",
    "Lambda::LayerVersion": f"lambda:{PLACE}:layer:given:1",
    "Logs::LogGroup": f"logs:{PLACE}:log-group:given:*",
    "S3::Bucket": "s3:::given",
    "SNS::Topic": f"sns:{PLACE}:given",
    "SQS::Queue": f"sqs:{PLACE}:given",
    "StepFunctions::StateMachine": f"states:{PLACE}:stateMachine:given",
}
"""After `arn:aws-cn:`, as the Service Authorization Reference writes ARNs, a version's number and a log group's streams
included."""

NAMED_BY_ARN = {
    "Batch::ComputeEnvironment", "Batch::JobDefinition", "Batch::JobQueue", "Lambda::LayerVersion", "SNS::Topic",
    "StepFunctions::StateMachine",
}  # fmt: skip
"""Types whose "Return values" say that Ref returns the ARN; of the others it returns the name."""


def resolver(resources: dict[str, Any] | None = None, **parameters: Any) -> Resolver:
    """Resolve a template with a parameter of each type and one condition."""
    template = {
        "Parameters": {
            "Word": {"Type": "String", "Default": "word"},
            "Subnets": {"Type": "CommaDelimitedList", "Default": "a, b ,c"},
            "Asked": {"Type": "String"},
        },
        "Conditions": {"IsWord": {"Fn::Equals": [{"Ref": "Word"}, "word"]}},
        "Mappings": {"Sizes": {"small": {"items": 5}}},
        "Resources": resources or {},
    }
    return Resolver(template, parameters, PSEUDO)


@pytest.mark.parametrize("kind", ARNS)
def test_each_type_has_the_arn_that_its_service_gives_it(kind: str) -> None:
    """In any partition, region and account; Ref returns it or the name, by what the type's page says."""
    name_property = f"{kind.rpartition(':')[2]}Name"
    made = resolver({"It": {"Type": f"AWS::{kind}", "Properties": {name_property: "given"}}})
    arn = f"arn:aws-cn:{ARNS[kind]}"
    assert (
        made.resolve({"Fn::GetAtt": "It.Arn"}) == made.resolve({"Fn::GetAtt": ["It", "Arn"]}) == made.arn("It") == arn
    )
    assert made.resolve({"Ref": "It"}) == (arn if kind in NAMED_BY_ARN else "given")


@pytest.mark.parametrize("kind", ARNS)
def test_a_resource_without_a_name_is_given_one(kind: str) -> None:
    """The stack's and the logical id; of lower case where a service allows no other."""
    made = resolver({"It": {"Type": f"AWS::{kind}"}})
    name = "worstsort-It-1A2B3C4D5E6F"
    assert made.arn("It").count(name.lower() if kind in {"S3::Bucket", "ECR::Repository"} else name) == 1


def test_the_arn_of_an_unknown_type_is_not_guessed() -> None:
    """Nor that of a resource which is not there."""
    made = resolver({"It": {"Type": "AWS::EC2::VPC"}})
    assert made.arn("It") is UNKNOWN
    assert made.arn("Other") is UNKNOWN
    assert made.resolve({"Ref": "Other"}) is UNKNOWN


FUNCTIONS: list[tuple[Any, Any]] = [
    ({"Ref": "Word"}, "word"),
    ({"Ref": "Subnets"}, ["a", "b", "c"]),
    ({"Ref": "Asked"}, UNKNOWN),
    ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
    ({"Ref": "AWS::Region"}, "cn-north-1"),
    ({"Fn::If": ["IsWord", 1, 2]}, 1),
    ({"Fn::If": [{"Fn::Not": [{"Condition": "IsWord"}]}, 1, 2]}, 2),
    ({"Fn::If": [{"Fn::And": [{"Condition": "IsWord"}, {"Fn::Equals": ["a", "b"]}]}, 1, 2]}, 2),
    ({"Fn::If": [{"Fn::Or": [{"Condition": "IsWord"}, {"Fn::Equals": ["a", "b"]}]}, 1, 2]}, 1),
    ({"Fn::If": [{"Fn::Equals": [True, "true"]}, 1, 2]}, 1),
    ({"Fn::Join": ["-", ["a", {"Ref": "Word"}, 5]]}, "a-word-5"),
    ({"Fn::Select": ["1", {"Ref": "Subnets"}]}, "b"),
    ({"Fn::Select": [3, {"Ref": "Subnets"}]}, UNKNOWN),
    ({"Fn::Split": ["|", "a|b"]}, ["a", "b"]),
    ({"Fn::ToJsonString": {"a": {"Ref": "Word"}}}, '{"a": "word"}'),
    ({"Fn::FindInMap": ["Sizes", "small", "items"]}, 5),
    ({"Fn::FindInMap": ["Sizes", "large", "items"]}, UNKNOWN),
    ({"Fn::GetAZs": ""}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
    ({"Fn::Sub": "${Word} ${!Word} ${AWS::Region}"}, "word ${Word} cn-north-1"),
    ({"Fn::Sub": ["${Own} ${Word}", {"Own": {"Ref": "Subnets"}}]}, "a,b,c word"),
    ({"Fn::Sub": "${Q.Arn} ${Q.QueueName} ${Q}"}, f"arn:aws-cn:sqs:{PLACE}:q q q"),
    ({"Fn::GetAtt": "R.RepositoryUri"}, "111122223333.dkr.ecr.cn-north-1.amazonaws.com/r"),
    ({"Fn::GetAtt": "Q.Unheard"}, UNKNOWN),
    ({"a": {"Fn::If": ["IsWord", {"Ref": "AWS::NoValue"}, 2]}, "b": 1}, {"b": 1}),
    ([1, {"Fn::If": ["IsWord", {"Ref": "AWS::NoValue"}, 2]}, 3], [1, 3]),
]


@pytest.mark.parametrize(("given", "expected"), FUNCTIONS, ids=[str(given) for given, _ in FUNCTIONS])
def test_functions_have_the_values_that_cloudformation_gives_them(given: Any, expected: Any) -> None:
    """What is known only after deployment is unknown, and never a guess."""
    resources = {
        "Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}},
        "R": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "r"}},
    }
    assert resolver(resources).resolve(given) == expected


def test_resources_are_those_whose_condition_holds() -> None:
    """With their properties resolved."""
    resources = {
        "Always": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Word"}}},
        "ByWord": {"Type": "AWS::SQS::Queue", "Condition": "IsWord"},
    }
    assert {name: made["Properties"] for name, made in resolver(resources).resources().items()} == {
        "Always": {"QueueName": "word"}, "ByWord": {},
    }  # fmt: skip
    assert list(resolver(resources, Word="other").resources()) == ["Always"]


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (5, "5"), (["a", 1], "a,1"), (UNKNOWN, "known-later")]
)
def test_values_stand_in_texts_as_cloudformation_writes_them(value: Any, text: str) -> None:
    """Booleans as in JSON, lists with commas."""
    assert as_text(value) == text
