"""Parameters are held to what the template declares, and to its rules, before anything is made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.command import ROOT
from worstsort_embedded.deployment.parameters import refusals, trimmed
from worstsort_embedded.template import load

TEMPLATE, _ = load(ROOT / "template.yaml")
REFUSED = {
    "one that does not exist": ({"Capacities": "SPOT"}, "[Capacities] do not exist"),
    "another kind of capacity": ({"Capacity": "FARGATE_ONLY"}, "'Capacity' must be one of AllowedValues: SPOT,"),
    "no number": ({"MaxvCpus": "many"}, "'MaxvCpus' must be a number; not 'many'"),
    "too few": ({"MaxvCpus": "0"}, "'MaxvCpus' must be a number not less than 1"),
    "too many": ({"JobTimeoutSeconds": "90000"}, "'JobTimeoutSeconds' must be a number not greater than 86400"),
    "a pattern that is not met": ({"ImageTag": "-x"}, "'ImageTag' must match pattern"),
    "Graviton for X86_64": (
        {"Architecture": "X86_64", "X86InstanceTypes": "c7i.large,c7g.large"},
        "not 'c7g.large'. Each must be a type of X86_64",
    ),
    "X86_64 for Graviton": ({"InstanceTypes": "c7i.large"}, "not 'c7i.large'. Each must be a Graviton type"),
    "Graviton without Amazon Linux 2023": (
        {"InstanceTypes": "c7g.large,a1.large"},
        "not 'a1.large'. Each must be a Gravit",
    ),
    "a job that is wider than everything": (
        {"JobvCpus": "16", "MaxvCpus": "15", "OnDemandMaxvCpus": "0"},
        "MaxvCpus must be at least JobvCpus",
    ),
    "a job that is wider than the share of On-Demand": (
        {"Capacity": "FARGATE_SPOT", "JobvCpus": "16"},
        "OnDemandMaxvCpus must be 0 or at least JobvCpus",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cloudformation_refuses_is_refused(what: str) -> None:
    """With the name of the parameter, what was given and what is allowed."""
    given, said = REFUSED[what]
    (refused,) = refusals(TEMPLATE, given)
    assert said in refused


@pytest.mark.parametrize("given", ["2.5", "nan", "inf", "1e3", " 8", "8 ", "08", "1.0", "+8", "1_0", "\u0668", "8\n"])
@pytest.mark.parametrize(
    "name",
    [name for name, each in TEMPLATE["Parameters"].items() if each["Type"] == "Number" and name != "SaveSeconds"],
)
def test_a_number_is_whole_and_written_in_one_way(name: str, given: str) -> None:
    """Batch, Logs and S3 take integers, and rules compare texts; only SaveSeconds is a fraction."""
    assert any(
        f"'{name}' must be" in refused and repr(given) in refused for refused in refusals(TEMPLATE, {name: given})
    )


@pytest.mark.parametrize("given", ["nan", "inf", "1e1", " 8", "08", "08.5", "1.", ".5", "1_0"])
def test_a_fraction_is_written_in_digits(given: str) -> None:
    """And is a number."""
    (refused,) = refusals(TEMPLATE, {"SaveSeconds": given})
    assert "'SaveSeconds' must be a number" in refused
    assert list(refusals(TEMPLATE, {"SaveSeconds": "0.5"})) == []


def test_items_of_lists_lose_their_spaces() -> None:
    """Other values keep theirs."""
    given = {"InstanceTypes": " c7g.large, c7g.xlarge ", "NotificationAddress": "a, b", "Unknown": "a, b"}
    assert trimmed(TEMPLATE, given) == given | {"InstanceTypes": "c7g.large,c7g.xlarge"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Capacity": "FARGATE_SPOT"},
        {"Architecture": "X86_64"},
        {"JobvCpus": "16", "MaxvCpus": "16", "OnDemandMaxvCpus": "16"},
    ],
    ids=str,
)
def test_what_is_allowed_is_not(given: dict[str, str]) -> None:
    """Defaults fit each other, too."""
    assert list(refusals(TEMPLATE, given)) == []


def test_a_function_that_is_not_known_is_no_silent_yes() -> None:
    """Of lists, it is documented nowhere what the functions of rules take."""
    rule: dict[str, Any] = {"Assertions": [{"Assert": {"Fn::EachMemberIn": [{"Ref": "Types"}, ["a"]]}}]}
    with pytest.raises(NotImplementedError, match="EachMemberIn"):
        list(refusals({"Parameters": {}, "Rules": {"Types": rule}}, {}))
