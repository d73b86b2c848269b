"""The policies for deploying, operating and reading name actions that exist, and suffice for all that is deployed."""

from __future__ import annotations

import fnmatch
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.template.system import VARIANTS, System
from tests.unit.tools.policies import POLICIES, Permission, actions, allowed, permissions

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("deploy", "operate", "preview", "read", "smoke")
HANDLERS: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "cloudformation_handlers.json").read_text()
)
"""The permissions that CloudFormation's handlers of each type state (`aws cloudformation describe-type --type RESOURCE
--type-name NAME`), as pulumi/pulumi-aws-native had them in its folder aws-cloudformation-schema on 7 August 2026."""

NOT_USED = {
    "kms:": "tables, bucket, topic and queue are encrypted with keys that AWS owns or S3 manages",
    "s3tables:": "the bucket has no metadata tables",
    "s3files:": "functions mount no file systems",
    "elasticfilesystem:": "functions mount no file systems",
    "eks:": "jobs run on ECS",
    "kinesis:": "no table is streamed",
    "firehose:": "no topic delivers to a stream",
    "vpc-lattice:": "endpoints are gateways",
    "vpce:": "endpoints are of this region",
    "iam:deletegrouppolicy": "policies are the roles'",
    "iam:deleteuserpolicy": "policies are the roles'",
    "iam:getgrouppolicy": "policies are the roles'",
    "iam:getuserpolicy": "policies are the roles'",
    "iam:putgrouppolicy": "policies are the roles'",
    "iam:putuserpolicy": "policies are the roles'",
    "iam:putrolepermissionsboundary": "roles have no boundary",
    "iam:deleterolepermissionsboundary": "roles have no boundary",
    "lambda:passcapacityprovider": "functions run on Lambda's own capacity",
    "lambda:getcodesigningconfig": "functions are not signed",
    "ec2:attachvpngateway": "there is no VPN",
    "ec2:detachvpngateway": "there is no VPN",
    "logs:associatekmskey": "logs are encrypted with AWS's keys",
    "logs:disassociatekmskey": "logs are encrypted with AWS's keys",
    "logs:deleteindexpolicy": "no field of the logs is indexed",
    "logs:putindexpolicy": "no field of the logs is indexed",
    "logs:deleteresourcepolicy": "Step Functions' policy is the account's, and stays",
    "logs:createlogstream": "of the log group's own handlers; CloudFormation writes no log",
    "logs:putlogevents": "of the log group's own handlers; CloudFormation writes no log",
}
"""Permissions that handlers state for properties which the template does not have, by their beginnings."""

OF_ZONES = {"ec2:DescribeAvailabilityZones", "ec2:DescribeAccountAttributes", "ec2:DescribeSubnets"}
NEEDED_BY_FUNCTIONS: dict[str, set[str]] = {"Fn::GetAZs": OF_ZONES}
"""Permissions of the caller that intrinsic functions need: "For both platforms, you need permissions to the Amazon EC2
DescribeAvailabilityZones and DescribeAccountAttributes actions. For EC2-VPC, you also need permissions to the Amazon
EC2 DescribeSubnets action." (CloudFormation User Guide, "Fn::GetAZs", IAM permissions)"""

OF_THE_TEMPLATE_ALONE = {
    "Ref", "Condition", "Fn::And", "Fn::Contains", "Fn::Equals", "Fn::FindInMap", "Fn::GetAtt", "Fn::If", "Fn::Not",
    "Fn::Or", "Fn::Select", "Fn::Sub", "Fn::ToJsonString",
}  # fmt: skip
"""Functions whose pages in the CloudFormation User Guide name no permissions."""

READS_ELSEWHERE = re.compile(r"\{\{resolve:|AWS::SSM::Parameter::|AWS::EC2::\w+::Id|AWS::Route53::HostedZone::Id")
"""What has CloudFormation read values from other services: dynamic references, and types of parameters."""


def functions(node: Any) -> Iterator[str]:
    """Yield the intrinsic functions of a template."""
    if isinstance(node, dict):
        yield from (key for key in node if len(node) == 1 and (key.startswith("Fn::") or key in {"Ref", "Condition"}))
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from functions(each)


def not_readable(source: dict[str, Any], granted: list[Permission]) -> list[str]:
    """Return what CloudFormation reads with the caller's permissions for a template, and may not."""
    used = set(functions(source))
    wanted = set().union(*(NEEDED_BY_FUNCTIONS.get(function, set()) for function in used))
    by_hand = [permission for permission in granted if not permission.through and permission.resource == "*"]
    missing = [action for action in sorted(wanted) if not any(permission.covers(action) for permission in by_hand)]
    unknown = sorted(used - set(NEEDED_BY_FUNCTIONS) - OF_THE_TEMPLATE_ALONE)
    return missing + unknown + READS_ELSEWHERE.findall(json.dumps(source, default=str))


def ends_jobs_of_others(granted: list[Permission]) -> list[Permission]:
    """Return the permissions to end jobs that are not of this project."""
    ending = [
        permission for permission in granted if permission.covers("batch:TerminateJob") and not permission.through
    ]
    return [permission for permission in ending if permission.project != "worstsort"]


def needed() -> dict[str, set[str]]:
    """Return the permissions that the template's resource types need, each with the types."""
    types = {resource["Type"] for given in VARIANTS.values() for resource in System.load(given).resources.values()}
    found: dict[str, set[str]] = {}
    for kind in types:
        for stated in HANDLERS[kind].values():
            for permission in stated:
                found.setdefault(permission.lower(), set()).add(kind)
    return {name: kinds for name, kinds in found.items() if not name.startswith(tuple(NOT_USED))}


def uncovered(granted: list[Permission]) -> list[str]:
    """Return the needed permissions that are missing, or that AWS can grant only on `*`."""
    missing = []
    for action in sorted(needed()):
        if action not in actions():
            continue  # handlers also state names that IAM does not know, such as s3:REST.PUT.OBJECT
        covering = [permission for permission in granted if permission.covers(action)]
        limited = bool(actions()[action])
        if not any(limited or permission.resource == "*" for permission in covering):
            missing.append(action)
    return missing


@pytest.fixture(autouse=True)
def _linters() -> None:
    try:
        actions()
    except FileNotFoundError:
        pytest.skip("the list of AWS's actions comes with the linters: make lint")


def test_deploying_may_do_what_cloudformation_needs_for_every_resource() -> None:
    """CloudFormation acts with the permissions of whoever calls it."""
    assert uncovered(permissions("deploy")) == []


@pytest.mark.parametrize("lost", ["dynamodb:*", "iam:CreateRole", "iam:PassRole", "ec2:*Vpc*", "batch:Describe*"])
def test_a_missing_permission_is_noticed(lost: str) -> None:
    """The check fails for a policy without it."""
    assert uncovered([permission for permission in permissions("deploy") if permission.action != lost])


@pytest.mark.parametrize("name", NAMES)
def test_every_action_exists(name: str) -> None:
    """A misspelt one would allow nothing, and IAM does not say so."""
    unknown = [
        permission.action
        for permission in permissions(name)
        if not fnmatch.filter(actions(), permission.action.lower())
    ]
    assert unknown == []


@pytest.mark.parametrize("name", NAMES)
def test_only_what_has_no_resource_is_allowed_on_all(name: str) -> None:
    """AWS can limit every other action to named resources; networks have ids instead of names."""
    too_wide = [
        permission.action
        for permission in permissions(name)
        if permission.resource == "*" and not permission.through and actions().get(permission.action.lower())
    ]
    assert too_wide == []


def test_what_is_only_for_cloudformation_cannot_be_called_by_hand() -> None:
    """No pattern of actions is allowed outside CloudFormation."""
    assert [given.action for given in permissions("deploy") if "*" in given.action and not given.through] == []


def test_reading_changes_nothing() -> None:
    """Every action of it reads."""
    verbs = {permission.action.partition(":")[2] for permission in permissions("read")}
    assert [
        verb for verb in verbs if not re.match("Describe|List|Get|BatchGet|Query|Scan|FilterLogEvents$", verb)
    ] == []


@pytest.mark.parametrize("name", ["deploy", "preview"])
def test_whoever_makes_a_change_set_may_do_what_the_templates_functions_need(name: str) -> None:
    """CloudFormation evaluates them with the permissions of whoever calls it, before it makes anything."""
    source, granted = System.load({}).source, permissions(name)
    assert not_readable(source, granted) == []
    for lost in OF_ZONES:
        assert not_readable(source, [each for each in granted if each.action != lost]) == [lost]
    only_through = [replace(each, through=each.through or each.action in OF_ZONES) for each in granted]
    assert not_readable(source, only_through) == sorted(OF_ZONES)


def test_a_function_whose_permissions_nobody_looked_up_is_noticed() -> None:
    """A function, a dynamic reference and a type of parameter that are new to the template."""
    granted = permissions("deploy")
    assert not_readable({"A": {"Fn::ImportValue": "other"}}, granted) == ["Fn::ImportValue"]
    assert not_readable({"A": "{{resolve:ssm:name}}"}, granted) == ["{{resolve:"]
    assert not_readable({"Type": "AWS::SSM::Parameter::Value<String>"}, granted) == ["AWS::SSM::Parameter::"]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_may_end_jobs_of_others(name: str) -> None:
    """Ids of jobs are not known in advance, and the account may have others: the tag tells this project's."""
    assert ends_jobs_of_others(permissions(name)) == []


@pytest.mark.parametrize("name", ["deploy", "smoke"])
def test_a_permission_to_end_any_job_is_noticed(name: str) -> None:
    """Without its condition, with the tag of another project, and by a pattern."""
    (ending,) = [each for each in permissions(name) if each.action == "batch:TerminateJob"]
    for wide in (replace(ending, project=None), replace(ending, project="*"), replace(ending, project="other")):
        assert ends_jobs_of_others([wide]) == [wide]
    document = {"Statement": [{"Effect": "Allow", "Action": "batch:Term*", "Resource": "*"}]}
    assert len(ends_jobs_of_others(list(allowed(document)))) == 1


def test_jobs_have_the_tag_by_which_they_may_be_ended() -> None:
    """Every submission of the state machine gives it."""
    states = System.load({}).states().values()
    submitted = [state["Parameters"] for state in states if ":batch:submitJob" in str(state.get("Resource"))]
    assert len(submitted) == 2
    assert {parameters["Tags"]["project"] for parameters in submitted} == {"worstsort"}


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_fits_into_a_managed_policy(name: str) -> None:
    """Its limit is 6,144 characters (AWS's knowledge centre, "iam-increase-policy-size"), white space not counted."""
    assert len(re.sub(r"\s", "", (POLICIES / f"{name}.json").read_text())) <= 6144


def test_the_exceptions_are_stated_by_handlers() -> None:
    """None is out of date."""
    stated = {name.lower() for kind in HANDLERS.values() for handler in kind.values() for name in handler}
    assert [beginning for beginning in NOT_USED if not any(name.startswith(beginning) for name in stated)] == []
