"""The calls that CloudFormation makes for a template's resources, so that their values can be held to AWS's limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model

from worstsort_embedded.strict.checks import UNKNOWN, Call
from worstsort_embedded.strict.intrinsics import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Json = dict[str, Any]

OPERATIONS: dict[str, tuple[str, ...]] = {
    "Batch::ComputeEnvironment": ("batch CreateComputeEnvironment", "batch UpdateComputeEnvironment"),
    "Batch::JobDefinition": ("batch RegisterJobDefinition",),
    "Batch::JobQueue": ("batch CreateJobQueue",),
    "CloudWatch::Alarm": ("cloudwatch PutMetricAlarm",),
    "CloudWatch::Dashboard": ("cloudwatch PutDashboard",),
    "DynamoDB::Table": ("dynamodb CreateTable", "dynamodb UpdateContinuousBackups", "dynamodb UpdateTimeToLive"),
    "EC2::InternetGateway": ("ec2 CreateInternetGateway",),
    "EC2::LaunchTemplate": ("ec2 CreateLaunchTemplate",),
    "EC2::Route": ("ec2 CreateRoute",),
    "EC2::RouteTable": ("ec2 CreateRouteTable",),
    "EC2::Subnet": ("ec2 CreateSubnet", "ec2 ModifySubnetAttribute"),
    "EC2::SubnetRouteTableAssociation": ("ec2 AssociateRouteTable",),
    "EC2::VPC": ("ec2 CreateVpc",),
    "EC2::VPCEndpoint": ("ec2 CreateVpcEndpoint",),
    "EC2::VPCGatewayAttachment": ("ec2 AttachInternetGateway",),
    "Events::Rule": ("events PutRule", "events PutTargets"),
    "IAM::InstanceProfile": ("iam CreateInstanceProfile",),
    "IAM::ManagedPolicy": ("iam CreatePolicy",),
    "IAM::Policy": ("iam PutRolePolicy",),
    "Lambda::EventInvokeConfig": ("lambda PutFunctionEventInvokeConfig",),
    "Lambda::Function": ("lambda CreateFunction",),
    "Lambda::LayerVersion": ("lambda PublishLayerVersion",),
    "Lambda::Permission": ("lambda AddPermission",),
    "Logs::LogGroup": ("logs CreateLogGroup", "logs PutRetentionPolicy"),
    "Logs::MetricFilter": ("logs PutMetricFilter",),
    "Scheduler::Schedule": ("scheduler CreateSchedule",),
    "SNS::Subscription": ("sns Subscribe",),
    "StepFunctions::StateMachine": ("stepfunctions CreateStateMachine",),
}
"""The operations of which a type's properties are the parameters; the first that has a property's name gets it."""

OF_CLOUDFORMATION = {
    "Batch::ComputeEnvironment": {"ReplaceComputeEnvironment"},
    "Batch::JobDefinition": {"ResourceRetentionPolicy"},
    "EC2::VPC": {"EnableDnsSupport", "EnableDnsHostnames", "Tags"},
    "EC2::InternetGateway": {"Tags"},
    "EC2::RouteTable": {"Tags"},
    "EC2::Subnet": {"Tags"},
    "IAM::InstanceProfile": {"Roles"},
    "IAM::Policy": {"Roles"},
    "StepFunctions::StateMachine": {"DefinitionSubstitutions"},
}
"""Properties that are CloudFormation's own, or that it turns into calls without limits of their own."""

_NAMES = {
    ("CreateStateMachine", "DefinitionString"): "definition",
    ("CreateStateMachine", "StateMachineName"): "name",
    ("CreateStateMachine", "StateMachineType"): "type",
    ("CreateTableInput", "PointInTimeRecoverySpecification"): "pointInTimeRecoverySpecification",
    ("SSESpecification", "SSEEnabled"): "Enabled",
    ("Subscribe", "Endpoint"): "Endpoint",
    ("CreateSchedule", "Name"): "Name",
    ("CreateJobQueue", "Name"): "jobQueueName",
}
"""The service's names where they are not CloudFormation's in another case."""


def calls(resources: Mapping[str, Any]) -> Iterator[Call]:
    """Yield the calls that create resources, whose functions are resolved, named after their logical ids."""
    for name, resource in resources.items():
        kind = str(resource["Type"]).removeprefix("AWS::")
        properties = resource.get("Properties", {})
        translate = _TRANSLATIONS.get(kind)
        if translate is not None:
            made: Iterable[tuple[str, Json]] = translate(properties)
        elif kind in OPERATIONS:
            made = _placed(kind, properties)
        else:
            continue
        for operation, parameters in made:
            service, verb = operation.split()
            shape = get_service_model(service).operation_model(verb).input_shape
            yield Call(service, verb, _conformed(parameters, shape), name)


def unmapped(resources: Mapping[str, Any]) -> Iterator[str]:
    """Yield the types and properties for which no operation is known, so that nothing goes unchecked in silence."""
    for name, resource in resources.items():
        kind = str(resource["Type"]).removeprefix("AWS::")
        if kind in _TRANSLATIONS:
            continue
        if kind not in OPERATIONS:
            yield f"{name}: no operation is known for AWS::{kind}"
            continue
        members = {member.lower() for operation in OPERATIONS[kind] for member in _members(operation)}
        for key in resource.get("Properties", {}):
            if _name(kind, key).lower() not in members and key not in OF_CLOUDFORMATION.get(kind, ()):
                yield f"{name}: no operation of AWS::{kind} has {key}"


def _name(kind: str, key: str) -> str:
    """Return the service's name of a property."""
    for operation in OPERATIONS[kind]:
        if (operation.split()[1], key) in _NAMES:
            return _NAMES[operation.split()[1], key]
    return key


def _members(operation: str) -> Mapping[str, Any]:
    service, verb = operation.split()
    shape: Any = get_service_model(service).operation_model(verb).input_shape
    members: Mapping[str, Any] = shape.members
    return members


def _placed(kind: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    """Yield a type's operations, each with the properties that it is the first to have."""
    rest = {key: item for key, item in properties.items() if key not in OF_CLOUDFORMATION.get(kind, ())}
    for at, operation in enumerate(OPERATIONS[kind]):
        members = {member.lower() for member in _members(operation)}
        own = {key: item for key, item in rest.items() if _name(kind, key).lower() in members}
        rest = {key: item for key, item in rest.items() if key not in own}
        if own or at == 0:
            yield operation, {_name(kind, key): item for key, item in own.items()}


def _conformed(value: Any, shape: Any) -> Any:
    """Return a value in the service's form: its names, texts for documents, and a map for a list of tags."""
    kind = getattr(shape, "type_name", None)
    if kind == "string" and isinstance(value, dict):
        return json.dumps(value, default=as_text)
    if kind == "map" and isinstance(value, list):
        return {str(item.get("Key")): item.get("Value") for item in value}
    if kind == "list" and isinstance(value, list):
        return [_conformed(item, shape.member) for item in value]
    if not isinstance(value, dict) or kind not in {"structure", "map"}:
        return value
    if kind == "map":
        return {key: _conformed(item, shape.value) for key, item in value.items()}
    names = {member.lower(): member for member in shape.members}
    renamed = {_NAMES.get((shape.name, key), names.get(key.lower(), key)): item for key, item in value.items()}
    return {key: _conformed(item, shape.members.get(key)) for key, item in renamed.items()}


def _bucket(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    name = properties.get("BucketName", UNKNOWN)
    yield "s3 CreateBucket", {"Bucket": name}
    if encryption := properties.get("BucketEncryption"):
        rules = [
            {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
            for rule in encryption["ServerSideEncryptionConfiguration"]
        ]
        yield "s3 PutBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": rules}}
    if ownership := properties.get("OwnershipControls"):
        yield "s3 PutBucketOwnershipControls", {"OwnershipControls": ownership}
    if versioning := properties.get("VersioningConfiguration"):
        yield "s3 PutBucketVersioning", {"VersioningConfiguration": versioning}
    if block := properties.get("PublicAccessBlockConfiguration"):
        yield "s3 PutPublicAccessBlock", {"PublicAccessBlockConfiguration": block}
    if tags := properties.get("Tags"):
        yield "s3 PutBucketTagging", {"Tagging": {"TagSet": tags}}
    if lifecycle := properties.get("LifecycleConfiguration"):
        rules = [_lifecycle_rule(rule) for rule in lifecycle["Rules"]]
        yield "s3 PutBucketLifecycleConfiguration", {"LifecycleConfiguration": {"Rules": rules}}


def _lifecycle_rule(rule: Mapping[str, Any]) -> Json:
    """Return a rule as the API has it, which nests what CloudFormation has in one level."""
    made: Json = {"ID" if key == "Id" else key: item for key, item in rule.items()}
    expiration = {
        name: made.pop(key)
        for key, name in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if key in made
    }
    tags, prefix = made.pop("TagFilters", []), made.pop("Prefix", None)
    if expiration:
        made["Expiration"] = expiration
    both: Json = ({"Tags": tags} if tags else {}) | ({"Prefix": prefix} if prefix is not None else {})
    made["Filter"] = {"And": both} if len(tags) > 1 or len(both) > 1 else ({"Tag": tags[0]} if tags else both)
    return made


def _role(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    own = {key: item for key, item in properties.items() if key not in {"Policies", "ManagedPolicyArns"}}
    yield "iam CreateRole", own
    yield from (("iam PutRolePolicy", policy) for policy in properties.get("Policies", []))
    yield from (("iam AttachRolePolicy", {"PolicyArn": arn}) for arn in properties.get("ManagedPolicyArns", []))


def _repository(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    own = {key: item for key, item in properties.items() if key not in {"EmptyOnDelete", "LifecyclePolicy"}}
    yield "ecr CreateRepository", own
    if policy := properties.get("LifecyclePolicy"):
        yield "ecr PutLifecyclePolicy", policy


def _security_group(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    own = {"Description" if key == "GroupDescription" else key: item for key, item in properties.items()}
    rules = {way: own.pop(f"SecurityGroup{way}", []) for way in ("Egress", "Ingress")}
    own.pop("Tags", None)
    yield "ec2 CreateSecurityGroup", own
    for way, of_way in rules.items():
        for rule in of_way:
            permission = {key: item for key, item in rule.items() if key in {"IpProtocol", "FromPort", "ToPort"}}
            ranges = {"CidrIp": rule.get("CidrIp", UNKNOWN), "Description": rule.get("Description", "")}
            yield f"ec2 AuthorizeSecurityGroup{way}", {"IpPermissions": [permission | {"IpRanges": [ranges]}]}


def _topic(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    own = {"Name": "TopicName", "Tags": "Tags"}
    named = {name: properties[key] for name, key in own.items() if key in properties}
    attributes = {key: as_text(item) for key, item in properties.items() if key not in own.values()}
    yield "sns CreateTopic", named | {"Attributes": attributes}


def _topic_policy(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    policy = json.dumps(properties["PolicyDocument"], default=as_text)
    yield "sns SetTopicAttributes", {"AttributeName": "Policy", "AttributeValue": policy}


def _queue(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    own = {"QueueName": "QueueName"}
    named = {name: properties[key] for name, key in own.items() if key in properties}
    attributes = {key: as_text(item) for key, item in properties.items() if key not in {"QueueName", "Tags"}}
    yield "sqs CreateQueue", named | {"Attributes": attributes}


def _queue_policy(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    policy = json.dumps(properties["PolicyDocument"], default=as_text)
    yield "sqs SetQueueAttributes", {"Attributes": {"Policy": policy}}


def _bucket_policy(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    yield "s3 PutBucketPolicy", {"Policy": json.dumps(properties["PolicyDocument"], default=as_text)}


def _budget(properties: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    yield "budgets CreateBudget", dict(properties)


_TRANSLATIONS: dict[str, Callable[[Mapping[str, Any]], Iterable[tuple[str, Json]]]] = {
    "Budgets::Budget": _budget,
    "EC2::SecurityGroup": _security_group,
    "ECR::Repository": _repository,
    "IAM::Role": _role,
    "S3::Bucket": _bucket,
    "S3::BucketPolicy": _bucket_policy,
    "SNS::Topic": _topic,
    "SNS::TopicPolicy": _topic_policy,
    "SQS::Queue": _queue,
    "SQS::QueuePolicy": _queue_policy,
}
"""Types whose properties are arranged otherwise than the operations' parameters."""
