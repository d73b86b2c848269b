"""Every list, map, string and number of a call is held to the limits of its field."""

from __future__ import annotations

from typing import Any

import pytest

from worstsort_embedded.strict.checks import UNKNOWN, Call, check, missing

REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("batch", "RegisterJobDefinition", {"retryStrategy": {"evaluateOnExit": [{}] * 6}}, "less than or equal to 5"),
    ("batch", "RegisterJobDefinition", {"retryStrategy": {"attempts": 11}}, "less than or equal to 10"),
    ("batch", "RegisterJobDefinition", {"timeout": {"attemptDurationSeconds": 59}}, "greater than or equal to 60"),
    ("batch", "RegisterJobDefinition", {"containerProperties": {"image": "a" * 256}}, "less than or equal to 255"),
    ("batch", "RegisterJobDefinition", {"jobDefinitionName": "a b"}, "regular expression pattern"),
    ("batch", "RegisterJobDefinition", {"kind": "container"}, "enum value set"),
    ("batch", "CreateJobQueue", {"computeEnvironmentOrder": [{}] * 4}, "less than or equal to 3"),
    ("batch", "SubmitJob", {"arrayProperties": {"size": 1}}, "greater than or equal to 2"),
    ("batch", "SubmitJob", {"arrayProperties": {"size": 10_001}}, "less than or equal to 10000"),
    ("batch", "SubmitJob", {"jobName": "-first"}, "regular expression pattern"),
    ("dynamodb", "BatchGetItem", {"RequestItems": {"table": {"Keys": [{}] * 101}}}, "less than or equal to 100"),
    ("dynamodb", "BatchWriteItem", {"RequestItems": {"table": [{}] * 26}}, "less than or equal to 25"),
    ("events", "PutTargets", {"Targets": []}, "greater than or equal to 1"),
    ("lambda", "CreateFunction", {"MemorySize": 127}, "greater than or equal to 128"),
    ("logs", "PutRetentionPolicy", {"retentionInDays": 2}, "enum value set"),
    ("stepfunctions", "StartExecution", {"name": "n" * 81}, "less than or equal to 80"),
    ("stepfunctions", "StartExecution", {"input": "x" * 262_145}, "less than or equal to 262144"),
    ("batch", "RegisterJobDefinition", {"timeout": {"attemptDurationSeconds": 60.5}}, "whole number, of type integer"),
    ("batch", "CreateComputeEnvironment", {"computeResources": {"maxvCpus": "2.5"}}, "whole number, of type integer"),
    ("batch", "CreateComputeEnvironment", {"computeResources": {"maxvCpus": "1e3"}}, "whole number, of type integer"),
    ("batch", "CreateComputeEnvironment", {"computeResources": {"maxvCpus": "nan"}}, "whole number, of type integer"),
    ("dynamodb", "UpdateTable", {"ProvisionedThroughput": {"ReadCapacityUnits": 1.5}}, "whole number, of type long"),
    ("iam", "CreateRole", {"RoleName": "a b"}, "regular expression pattern"),
    ("sqs", "CreateQueue", {"Attributes": {"MessageRetentionPeriod": "59"}}, "greater than or equal to 60"),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "words"), REFUSED)
def test_what_breaks_a_limit_fails_its_check(
    service: str, operation: str, parameters: dict[str, Any], words: str
) -> None:
    """The message says which member, what it must be, and AWS's own sentence for it."""
    failed = [str(each) for each in check(Call(service, operation, parameters, "here")) if not each.passed]
    assert len(failed) == 1
    assert words in failed[0]
    assert "at 'here." in failed[0]
    assert f"botocore: {service} " in failed[0]


def test_every_member_is_checked_whatever_was_wrong_with_the_ones_before() -> None:
    """One that the operation does not have, or one that breaks its limit, hides none that follows."""
    given = {"nobody": 1, "retryStrategy": {"attempts": 11}, "else": 2, "jobDefinitionName": "a b"}
    failed = [each.where for each in check(Call("batch", "RegisterJobDefinition", given, "here")) if not each.passed]
    assert failed == ["here.nobody", "here.retryStrategy.attempts", "here.else", "here.jobDefinitionName"]


def test_a_value_that_is_not_known_yet_is_not_checked() -> None:
    """What a run's data gives is checked when it is given."""
    assert list(check(Call("batch", "SubmitJob", {"jobName": UNKNOWN, "arrayProperties": {"size": UNKNOWN}}))) == []


def test_a_field_without_a_stated_limit_is_reported_as_such() -> None:
    """So that what is not checked can be counted."""
    (found,) = check(Call("batch", "SubmitJob", {"jobQueue": "queue"}))
    assert found.limit is None
    assert found.field == "batch SubmitJobRequest.jobQueue"


def test_names_are_found_in_any_case() -> None:
    """CloudFormation and the states language begin them with a capital."""
    failed = [each for each in check(Call("batch", "SubmitJob", {"ArrayProperties": {"Size": 1}})) if not each.passed]
    assert [each.field for each in failed] == ["batch SubmitJobRequest.arrayProperties.Size"]


def test_a_number_without_a_fraction_is_whole() -> None:
    """However it is given."""
    for most in (8, 8.0, "8"):
        made = check(Call("batch", "CreateComputeEnvironment", {"computeResources": {"maxvCpus": most}}))
        assert all(each.passed for each in made)


def test_texts_of_numbers_are_numbers() -> None:
    """CloudFormation gives numbers as texts."""
    failed = [each.given for each in check(Call("lambda", "CreateFunction", {"Timeout": "901"})) if not each.passed]
    assert failed == []
    failed = [each.given for each in check(Call("lambda", "CreateFunction", {"Timeout": "0"})) if not each.passed]
    assert failed == [0]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "absent"),
    [
        ("stepfunctions", "StartExecution", {}, ["stateMachineArn"]),
        ("stepfunctions", "StartExecution", {"stateMachineArn": ""}, []),
        ("dynamodb", "GetItem", {"Key": None}, ["TableName", "Key"]),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": {}}}]},
            ["TransactItems[0].Put.TableName"],
        ),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"table": {}}}, ["RequestItems.table.Keys"]),
        ("dynamodb", "ListTables", {}, []),
    ],
)
def test_a_required_member_that_is_missing_is_named(
    service: str, operation: str, parameters: dict[str, Any], absent: list[str]
) -> None:
    """However deep; an empty text is there."""
    lines = list(missing(Call(service, operation, parameters)))
    assert [line.split("'")[1] for line in lines] == absent
