"""Policies for rights: who may take a role, what it may do, and that every document says so in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies
from tests.unit.template.system import many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

UNSEEN: dict[str, dict[str, tuple[str, ...]]] = {
    "JobExecutionRole": {
        "*": ("ecr:GetAuthorizationToken",),
        "Repository": ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        "JobLogGroup": ("logs:CreateLogStream", "logs:PutLogEvents"),
    },
    "StateMachineRole": {
        "*": (
            "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
            "logs:PutResourcePolicy", "logs:UpdateLogDelivery", "xray:GetSamplingRules",
            "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
        ),
    },
}  # fmt: skip
"""Rights with which AWS itself acts, by role and resource: no request of a run shows that they are needed."""

SEEN_SERVICES = {"StateMachineRole": ("batch:", "events:", "lambda:", "states:")}
"""Services whose calls by a role are seen in runs, or listed one by one: tests/system/test_permissions.py."""


PARTS = {"Principal", "Action", "Resource"}
"""What a statement about a resource says beside its effect."""

TAKEN_BY = {
    "StateMachineRole": "states.amazonaws.com",
    "InstanceRole": "ec2.amazonaws.com",
    "JobRole": "ecs-tasks.amazonaws.com",
    "JobExecutionRole": "ecs-tasks.amazonaws.com",
}
"""The one service that may take each role; those that SAM makes are for functions."""


@POLICIES.add(
    "A role that no service can take fails in the account alone, and one that others can take is theirs, too.",
    lambda s: s.of("IAM::Role")["JobExecutionRole"].pop("AssumeRolePolicyDocument"),
    lambda s: _trust(s, "JobRole")["Principal"].update(Service="ec2.amazonaws.com"),
    lambda s: _trust(s, "InstanceRole")["Principal"].update(AWS="*"),
    lambda s: _trust(s, "StateMachineRole").update(Effect="Deny"),
    lambda s: _trust(s, "RecordFailureFunctionRole").update(Action="sts:TagSession"),
)
def each_role_is_taken_by_its_service_alone(system: System) -> Iterable[str]:
    for name, role in system.of("IAM::Role").items():
        service = TAKEN_BY.get(name, "lambda.amazonaws.com")
        statements = role.get("AssumeRolePolicyDocument", {}).get("Statement", [])
        if [(each["Effect"], many(each["Action"])) for each in statements] != [("Allow", ["sts:AssumeRole"])]:
            yield f"{name} cannot be taken, or not only so"
        if any(each["Principal"] not in ({"Service": service}, {"Service": [service]}) for each in statements):
            yield f"{name} is not for {service}"


def _trust(system: System, role: str) -> Json:
    (statement,) = system.of("IAM::Role")[role]["AssumeRolePolicyDocument"]["Statement"]
    found: Json = statement
    return found


@POLICIES.add(
    'A statement without its effect is refused only during a deployment: "Valid values for Effect are Allow and Deny." '
    "(AWS IAM User Guide, IAM JSON policy elements: Effect) What a role may do is allowed, and nothing else is said.",
    lambda s: s.statements()[0][1].pop("Effect"),
    lambda s: s.statements()[-1][1].update(Effect="Deny"),
    lambda s: s.statements()[0][1].pop("Resource"),
    lambda s: s.of("SNS::TopicPolicy")["NotificationsPolicy"]["PolicyDocument"]["Statement"][0].pop("Principal"),
    lambda s: s.of("S3::BucketPolicy")["BucketPolicy"]["PolicyDocument"]["Statement"][0].update(Effect="Allowed"),
)
def every_statement_is_whole(system: System) -> Iterable[str]:
    for who, statement in system.statements():
        if statement.get("Effect") != "Allow" or not {"Action", "Resource"} <= set(statement):
            yield f"{who} has {statement}"
    for kind in ("S3::BucketPolicy", "SNS::TopicPolicy", "SQS::QueuePolicy"):
        for name, given in system.of(kind).items():
            for statement in given["PolicyDocument"]["Statement"]:
                if statement.get("Effect") not in {"Allow", "Deny"} or not set(statement) >= PARTS:
                    yield f"{name} has {statement}"


def _unseen(system: System, role: str) -> dict[str, set[str]]:
    rights: dict[str, set[str]] = {}
    for who, statement in system.statements():
        for action in many(statement["Action"]) if who == role else ():
            if not action.startswith(SEEN_SERVICES.get(role, ("nothing",))):
                for resource in many(statement["Resource"]):
                    name = resource if isinstance(resource, str) else resource["Fn::GetAtt"][0]
                    rights.setdefault(name, set()).add(action)
    return rights


@POLICIES.add(
    "What AWS does with a role is seen in no run here: a right that is missing fails in the account, and one too many "
    "is noticed by nobody.",
    lambda s: next(x for who, x in s.statements() if who == "JobExecutionRole").update(Action="ecr:DeleteRepository"),
    lambda s: [x for who, x in s.statements() if who == "JobExecutionRole"][1]["Action"].append("ecr:PutImage"),
    lambda s: [x for who, x in s.statements() if who == "JobExecutionRole"][2].update(Resource="*"),
    lambda s: next(x for _, x in s.statements() if "xray:PutTraceSegments" in many(x["Action"]))["Action"].pop(),
)
def what_aws_does_with_a_role_is_granted_to_the_letter(system: System) -> Iterable[str]:
    for role, wanted in UNSEEN.items():
        found = _unseen(system, role)
        for resource in sorted({*found, *wanted}):
            odd = found.get(resource, set()) ^ set(wanted.get(resource, ()))
            yield from (f"{role}: {action} on {resource}" for action in sorted(odd))


@POLICIES.add(
    "A service tricked by another account must not act with our rights.",
    lambda s: s.of("IAM::Role")["StateMachineRole"]["AssumeRolePolicyDocument"]["Statement"][0].pop("Condition"),
    lambda s: s.of("IAM::Role")["JobRole"]["AssumeRolePolicyDocument"]["Statement"][0].pop("Condition"),
    lambda s: s.of("IAM::Role")["JobRole"]["AssumeRolePolicyDocument"]["Statement"][0].update(
        Condition={"StringNotEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    ),
)
def roles_are_assumed_for_this_account_only(system: System) -> Iterable[str]:
    for name in ("StateMachineRole", "JobRole"):
        for statement in system.of("IAM::Role")[name]["AssumeRolePolicyDocument"]["Statement"]:
            if statement.get("Condition") != {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}:
                yield name


@POLICIES.add(
    "A document without a version is one of 2008, in which variables such as ${aws:username} are only text.",
    lambda s: _written(s, "JobRole")["Policies"][0]["PolicyDocument"].pop("Version"),
    lambda s: _written(s, "StateMachineRole")["AssumeRolePolicyDocument"].update(Version="2008-10-17"),
    lambda s: _written(s, "ReconcileRunFunction")["Policies"][0].pop("Version"),
)
def every_policy_document_has_the_version_of_today(system: System) -> Iterable[str]:
    for name in system.source["Resources"]:
        for document in _documents(_written(system, name)):
            if document.get("Version") != "2012-10-17":
                yield f"{name} has a document of {document.get('Version')}"


def _written(system: System, name: str) -> Json:
    """Return a resource's properties as the template has them: SAM adds documents of its own."""
    properties: Json = system.source["Resources"][name].get("Properties", {})
    return properties


def _documents(node: Any) -> Iterable[Json]:
    """Yield all policy documents in a resource: what has statements."""
    if isinstance(node, dict):
        if "Statement" in node:
            yield node
        for value in node.values():
            yield from _documents(value)
    elif isinstance(node, list):
        for value in node:
            yield from _documents(value)
