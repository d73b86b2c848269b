"""A deployment's parameters: what is given, else what the stack has, else what a new stack begins with."""

from __future__ import annotations

import pytest

from tools.deployment.errors import DeploymentFailed
from tools.deployment.parameters import (
    Settings,
    choose,
    given_parameters,
    read_settings,
    read_template,
    refuse_unless_consistent,
)
from tools.deployment.stack import Stack, refuse_unless_deployable

DECLARED = {
    "Environment": {"Type": "String", "AllowedValues": ["dev", "prod"], "Default": "dev"},
    "Architecture": {"Type": "String", "Default": "ARM64"},
    "LogRetentionDays": {"Type": "Number", "AllowedValues": [7, 30], "Default": 30},
    "SaveSeconds": {"Type": "Number", "MinValue": 0.01, "Default": 15},
    "MaxvCpus": {"Type": "Number", "MinValue": 1, "MaxValue": 100, "Default": 32},
    "Types": {"Type": "CommaDelimitedList", "Default": "a,b"},
    "ImageTag": {"Type": "String"},
}
SETTINGS = Settings("sort", {"Environment": "dev", "LogRetentionDays": "7"})
STACK = Stack("sort", "UPDATE_COMPLETE", {"Architecture": "X86_64", "LogRetentionDays": "30", "Gone": "1"})


def test_a_new_stack_begins_with_what_its_environment_says() -> None:
    """What is given overrides that."""
    choice = choose(None, SETTINGS, {"LogRetentionDays": "30"}, DECLARED, "tag")
    assert choice.passed == {"Environment": "dev", "LogRetentionDays": "30", "ImageTag": "tag"}
    assert choice.effective["Architecture"] == "ARM64"


def test_a_deployed_stack_keeps_what_is_not_given() -> None:
    """Only what is given, and the new tag, are passed: CloudFormation keeps the rest."""
    choice = choose(STACK, SETTINGS, {"SaveSeconds": "5"}, DECLARED, "tag")
    assert choice.passed == {"SaveSeconds": "5", "ImageTag": "tag"}
    assert (choice.effective["Architecture"], choice.effective["LogRetentionDays"]) == ("X86_64", "30")
    assert choice.effective["SaveSeconds"] == "5"
    assert "Gone" not in choice.effective


def test_where_a_stack_differs_from_its_environment_the_user_is_told() -> None:
    """The note names both values; a value that is given needs none."""
    (note,) = choose(STACK, SETTINGS, {}, DECLARED).notes
    assert note.startswith("LogRetentionDays stays 30")
    assert choose(STACK, SETTINGS, {"LogRetentionDays": "7"}, DECLARED).notes == ()


def test_a_stack_that_was_never_made_counts_as_new() -> None:
    """Its first change set was declined."""
    review = Stack("sort", "REVIEW_IN_PROGRESS", {"Architecture": "X86_64"})
    assert choose(review, SETTINGS, {}, DECLARED).effective["Architecture"] == "ARM64"
    refuse_unless_deployable(review)


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("Environment", "written as Name=value"),
        ("Enviroment=dev", "no parameter 'Enviroment'"),
        ("Environment=test", "Environment: given 'test', but it is one of dev, prod"),
        ("LogRetentionDays=8", "LogRetentionDays: given '8', but it is one of 7, 30"),
        ("SaveSeconds=often", "SaveSeconds: given 'often', but it is a number"),
        ("SaveSeconds=0", "SaveSeconds: given 0, but it is at least 0.01"),
        ("SaveSeconds=nan", "SaveSeconds: given 'nan', but it is a number in plain digits"),
        ("MaxvCpus=2.5", "MaxvCpus: given '2.5', but it is a whole number"),
        ("MaxvCpus=08", "MaxvCpus: given '08', but it is a whole number"),
        ("MaxvCpus= 8", "MaxvCpus: given ' 8', but it is a whole number"),
        ("ImageTag=latest", "ImageTag: given 'latest'"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(argument: str, said: str) -> None:
    """The message says what was given and what is allowed."""
    with pytest.raises(DeploymentFailed) as refused:
        given_parameters([argument], DECLARED)
    assert said in str(refused.value)


def test_items_of_a_list_are_passed_without_their_spaces() -> None:
    """SAM would end the value at the first."""
    assert given_parameters(["Types=a, b ,c", "SaveSeconds=0.5"], DECLARED) == {"Types": "a,b,c", "SaveSeconds": "0.5"}


def test_a_value_may_hold_an_equals_sign() -> None:
    assert given_parameters(["Architecture=a=b"], DECLARED) == {"Architecture": "a=b"}


@pytest.mark.parametrize("environment", ["default", "dev", "prod"])
def test_every_environment_begins_with_parameters_of_the_template(environment: str) -> None:
    """SAM would pass over others."""
    settings, declared = read_settings(environment), read_template()["Parameters"]
    pairs = [f"{name}={value}" for name, value in settings.parameters.items()]
    assert given_parameters(pairs, declared) == settings.parameters


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"MonthlyBudget": "10"}, "MonthlyBudget needs a NotificationAddress"),
        ({"JobvCpus": "16", "MaxvCpus": "8"}, "MaxvCpus must be at least JobvCpus"),
        ({"NotificationAddress": "nobody"}, "NotificationAddress"),
        ({"JobMemory": "1536.5"}, "'JobMemory' must be a whole number"),
        ({"JobvCpus": "16", "OnDemandMaxvCpus": "16"}, "JobvCpus=16 .*but no instance of .* in InstanceTypes"),
        ({"JobMemory": "122880"}, "JobMemory=122880, but no instance of"),
        ({"JobMemory": "122880", "Architecture": "X86_64"}, "but no instance of c7a.large.* in X86InstanceTypes"),
    ],
)
def test_parameters_that_cannot_be_together_are_refused(given: dict[str, str], said: str) -> None:
    """By the template's own rules, before anything is built; what the stack already has counts too."""
    template = read_template()
    choice = choose(Stack("sort", "CREATE_COMPLETE", {}), SETTINGS, given, template["Parameters"], "tag")
    with pytest.raises(DeploymentFailed, match=said):
        refuse_unless_consistent(template, choice)


@pytest.mark.parametrize(
    "given",
    [
        {"JobvCpus": "16", "Capacity": "FARGATE", "JobMemory": "122880"},
        {"JobvCpus": "16", "OnDemandMaxvCpus": "0", "InstanceTypes": "c7g"},
        {"JobMemory": "122880", "InstanceTypes": "c7g.large,x2gd.metal"},
    ],
    ids=str,
)
def test_a_job_that_something_may_hold_can_be_deployed(given: dict[str, str]) -> None:
    """Fargate has all sizes; instances may have other sizes than are known here."""
    template = read_template()
    refuse_unless_consistent(template, choose(None, SETTINGS, given, template["Parameters"], "tag"))


def test_the_defaults_can_be_deployed() -> None:
    """No rule is against them."""
    template = read_template()
    refuse_unless_consistent(template, choose(None, read_settings("prod"), {}, template["Parameters"], "tag"))
