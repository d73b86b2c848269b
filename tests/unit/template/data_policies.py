"""Policies for stored data, and for who may access it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from tests.unit.template.policy import Policies
from tests.unit.template.system import ROOT, many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

WITHOUT_RESOURCES = {
    "batch:DescribeJobs", "batch:ListJobs", "ecr:GetAuthorizationToken",
    "logs:CreateLogDelivery", "logs:GetLogDelivery",
    "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies", "logs:DescribeLogGroups", "xray:PutTraceSegments", "xray:PutTelemetryRecords",
    "xray:GetSamplingRules", "xray:GetSamplingTargets",
}  # fmt: skip
"""Actions that IAM allows only on all resources (Service Authorization Reference)."""

MOST_DAYS_OF_OLD_VERSIONS = 30
"""How long a version that was replaced or deleted may be billed."""


def _table(system: System, name: str = "GenerationsTable") -> Json:
    return system.of("DynamoDB::Table")[name]


def _bucket(system: System) -> Json:
    return system.of("S3::Bucket")["Bucket"]


@POLICIES.add(
    "A wrong delete or a bad write can be undone for 35 days.",
    lambda s: _table(s).pop("PointInTimeRecoverySpecification"),
)
def tables_are_recoverable(system: System) -> Iterable[str]:
    for name, table in system.of("DynamoDB::Table").items():
        if not table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield f"{name} cannot be recovered"


@POLICIES.add(
    "DynamoDB encrypts every table; SSEEnabled only exchanges the key for one that is billed.",
    lambda s: _table(s).update(SSESpecification={"SSEEnabled": True}),
    lambda s: _table(s, "ChampionsTable").update(SSESpecification={"SSEEnabled": True, "SSEType": "KMS"}),
)
def tables_are_encrypted_with_the_key_that_costs_nothing(system: System) -> Iterable[str]:
    # "Server-side encryption at rest is enabled on all DynamoDB table data and cannot be disabled": Amazon DynamoDB
    # Developer Guide, "Encryption at rest usage notes". What SSEEnabled changes, botocore says: see test_citations.py.
    for name, table in system.of("DynamoDB::Table").items():
        if table.get("SSESpecification", {}).get("SSEEnabled"):
            yield f"{name} is encrypted with a key for which KMS charges"


@POLICIES.add(
    "In prod nobody deletes a table by accident; in dev a stack can be thrown away.",
    lambda s: _table(s).update(DeletionProtectionEnabled=False),
    variant="prod",
)
def tables_are_protected_in_prod(system: System) -> Iterable[str]:
    prod = system.parameters.get("Environment") == "prod"
    for name, table in system.of("DynamoDB::Table").items():
        if table.get("DeletionProtectionEnabled") is not prod:
            yield f"{name} is {'not ' if prod else ''}protected"


@POLICIES.add(
    "Series are details once folded; if they never expire, the table grows with every run.",
    lambda s: _table(s).pop("TimeToLiveSpecification"),
    lambda s: _table(s)["TimeToLiveSpecification"].update(Enabled=False),
    lambda s: _table(s, "ChampionsTable").update(TimeToLiveSpecification={"AttributeName": "at", "Enabled": True}),
)
def series_expire_and_champions_do_not(system: System) -> Iterable[str]:
    ttl = _table(system).get("TimeToLiveSpecification", {})
    if (ttl.get("AttributeName"), ttl.get("Enabled")) != ("expires_at", True):
        yield "series do not expire"
    if "TimeToLiveSpecification" in _table(system, "ChampionsTable"):
        yield "champions expire"


@POLICIES.add(
    "A bucket is private and encrypted, whatever a later grant says.",
    lambda s: _bucket(s)["PublicAccessBlockConfiguration"].update(BlockPublicPolicy=False),
    lambda s: _bucket(s).pop("PublicAccessBlockConfiguration"),
    lambda s: _bucket(s)["OwnershipControls"]["Rules"][0].update(ObjectOwnership="ObjectWriter"),
    lambda s: _bucket(s).pop("BucketEncryption"),
)
def buckets_are_private_and_encrypted(system: System) -> Iterable[str]:
    for name, bucket in system.of("S3::Bucket").items():
        block = bucket.get("PublicAccessBlockConfiguration", {})
        for field in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"):
            if block.get(field) is not True:
                yield f"{name}: {field} is off"
        if str(bucket.get("OwnershipControls")).count("BucketOwnerEnforced") != 1:
            yield f"{name} still has access control lists"
        if "BucketEncryption" not in bucket:
            yield f"{name} is not encrypted"


@POLICIES.add(
    "Unencrypted traffic can be read and changed in transit.",
    lambda s: s.resources.pop("BucketPolicy"),
    lambda s: s.of("S3::BucketPolicy")["BucketPolicy"]["PolicyDocument"]["Statement"][0].update(Effect="Allow"),
    lambda s: s.of("S3::BucketPolicy")["BucketPolicy"]["PolicyDocument"]["Statement"][0].update(
        Resource="${Bucket.Arn}/*"
    ),
    lambda s: s.resources.pop("DeadLettersPolicy"),
    lambda s: s.resources.pop("NotificationsPolicy"),
)
def nothing_is_reached_without_tls(system: System) -> Iterable[str]:
    guarded = [*system.of("S3::BucketPolicy").values(), *system.of("SQS::QueuePolicy", "SNS::TopicPolicy").values()]
    found: dict[str, Json] = {}
    for policy in guarded:
        owners = many(policy.get("Bucket") or policy.get("Queues") or policy.get("Topics"))
        for statement in policy["PolicyDocument"]["Statement"]:
            insecure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
            if statement["Effect"] == "Deny" and statement["Principal"] == "*" and str(insecure).lower() == "false":
                found.update({owner["Ref"]: statement for owner in owners})
    for name in system.of("S3::Bucket", "SQS::Queue", "SNS::Topic"):
        if name not in found:
            yield f"{name} can be reached without TLS"
    if "Bucket" in found and len(many(found["Bucket"]["Resource"])) != 2:
        yield "objects or the bucket itself can be reached without TLS"


@POLICIES.add(
    "The remains of killed uploads, and populations that nobody resumes, would cost money forever.",
    lambda s: _bucket(s).pop("LifecycleConfiguration"),
    lambda s: _bucket(s)["LifecycleConfiguration"]["Rules"].pop(0),
    lambda s: _bucket(s)["LifecycleConfiguration"]["Rules"].pop(1),
    lambda s: [rule.pop("TagFilters", None) for rule in _bucket(s)["LifecycleConfiguration"]["Rules"]],
    lambda s: [rule.get("NoncurrentVersionExpiration", {}).pop("NoncurrentDays", None) for rule in _rules(s)],
    lambda s: [rule["NoncurrentVersionExpiration"].update(NoncurrentDays=366) for rule in _rules(s)[-1:]],
)
def old_objects_expire_and_artefacts_do_not(system: System) -> Iterable[str]:
    rules = _bucket(system).get("LifecycleConfiguration", {}).get("Rules", [])
    if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
        yield "unfinished uploads stay"
    expired = [rule for rule in rules if "ExpirationInDays" in rule and rule["Status"] == "Enabled"]
    if not any({"Key": "kind", "Value": "checkpoint"} in rule.get("TagFilters", []) for rule in expired):
        yield "populations stay"
    if any(not rule.get("TagFilters") for rule in expired):
        yield "everything expires, artefacts too"
    versioned = _bucket(system).get("VersioningConfiguration", {}).get("Status") == "Enabled"
    kept_days = [
        rule["NoncurrentVersionExpiration"].get("NoncurrentDays", math.inf)
        for rule in rules
        if "NoncurrentVersionExpiration" in rule and not rule.get("TagFilters") and rule["Status"] == "Enabled"
    ]
    if versioned and min(kept_days, default=math.inf) > MOST_DAYS_OF_OLD_VERSIONS:
        yield "old versions stay"


@POLICIES.add(
    "Whatever deletes an object of a versioned bucket leaves a marker, which is listed and kept for ever; and "
    'CloudFormation says of its removal: "This cannot be specified with ExpirationInDays, ExpirationDate, or '
    'TagFilters." (User Guide, AWS::S3::Bucket Rule, ExpiredObjectDeleteMarker)',
    lambda s: [rule.pop("ExpiredObjectDeleteMarker", None) for rule in _rules(s)],
    lambda s: [rule.update(Status="Disabled") for rule in _rules(s)],
    lambda s: [rule.update(TagFilters=[{"Key": "kind", "Value": "partial"}]) for rule in _rules(s)],
    lambda s: [rule.update(ExpirationInDays=30) for rule in _rules(s)],
)
def delete_markers_do_not_stay(system: System) -> Iterable[str]:
    removing = [
        rule for rule in _rules(system) if rule.get("ExpiredObjectDeleteMarker") and rule["Status"] == "Enabled"
    ]
    if not removing:
        yield "delete markers stay"
    for rule in removing:
        forbidden = {"ExpirationInDays", "ExpirationDate", "TagFilters"} & set(rule)
        yield from (f"{rule['Id']} removes delete markers and has {name}" for name in sorted(forbidden))


@POLICIES.add(
    "An island replaces its save all the time, and each version is billed until it expires.",
    lambda s: [rule.pop("NoncurrentVersionExpiration", None) for rule in _rules(s)],
    lambda s: _saves(s)["NoncurrentVersionExpiration"].update(NoncurrentDays=30),
    lambda s: s.source["Parameters"]["SaveSeconds"].update(Default=15),
)
def saves_cost_little(system: System) -> Iterable[str]:
    if _saves(system).get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") != 1:
        yield "replaced saves stay"
    if system.source["Parameters"]["SaveSeconds"]["Default"] < 60:
        yield "islands save more than once a minute"


def _rules(system: System) -> list[Json]:
    rules: list[Json] = _bucket(system).get("LifecycleConfiguration", {}).get("Rules", [])
    return rules


def _saves(system: System) -> Json:
    """Return the rule for the saves within an epoch."""
    (rule,) = (rule for rule in _rules(system) if {"Key": "kind", "Value": "partial"} in rule.get("TagFilters", []))
    return rule


@POLICIES.add(
    "A tag that moves would falsify which code evolved a recorded run; and old images cost money.",
    lambda s: s.of("ECR::Repository")["Repository"].update(ImageTagMutability="MUTABLE"),
    lambda s: s.of("ECR::Repository")["Repository"].pop("ImageScanningConfiguration"),
    lambda s: s.of("ECR::Repository")["Repository"].pop("LifecyclePolicy"),
)
def images_are_immutable_scanned_and_expire(system: System) -> Iterable[str]:
    for name, repository in system.of("ECR::Repository").items():
        if repository.get("ImageTagMutability") != "IMMUTABLE":
            yield f"tags of {name} can be moved"
        if not repository.get("ImageScanningConfiguration", {}).get("ScanOnPush"):
            yield f"{name} does not scan"
        policy = json.loads(repository.get("LifecyclePolicy", {}).get("LifecyclePolicyText", '{"rules": []}'))
        if not any(rule["action"]["type"] == "expire" for rule in policy["rules"]):
            yield f"{name} keeps every image"


@POLICIES.add(
    "A compromised function must not have the rights of all functions.",
    lambda s: s.of("Lambda::Function")["PrepareRunFunction"].update(
        Role=s.of("Lambda::Function")["RecordFailureFunction"]["Role"]
    ),
)
def every_function_has_a_role_of_its_own(system: System) -> Iterable[str]:
    roles = [str(function["Role"]) for function in system.of("Lambda::Function").values()]
    return (f"{role} is shared" for role in sorted(set(roles)) if roles.count(role) > 1)


@POLICIES.add(
    "A star grants rights that nobody thought of.",
    lambda s: s.statements()[0][1].update(Action="dynamodb:*"),
    lambda s: s.statements()[0][1].update(Action="*"),
    lambda s: s.statements()[0][1].update(Resource="*"),
    lambda s: s.of("IAM::Role")["JobRole"].update(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"]),
)
def no_role_may_do_everything(system: System) -> Iterable[str]:
    for role, statement in system.statements():
        actions = many(statement["Action"])
        yield from (f"{role} may {action}" for action in actions if "*" in action)
        if "*" in many(statement["Resource"]):
            yield from (f"{role} may {action} on all" for action in actions if action not in WITHOUT_RESOURCES)
    for name, properties in system.of("IAM::Role").items():
        yield from (
            f"{name} has {arn}" for arn in map(str, properties.get("ManagedPolicyArns", [])) if "FullAccess" in arn
        )


@POLICIES.add(
    "A star for all resources needs a reason in a comment next to it.",
    lambda s: s.source.update(text=_text().replace("# Batch has no resource-level permissions", "# ")),
)
def every_star_has_its_reason_next_to_it(system: System) -> Iterable[str]:
    lines = system.source.get("text", _text()).splitlines()
    for at, line in enumerate(lines):
        if line.strip() == 'Resource: "*"':
            before = lines[max(0, at - 18) : at]
            if not any("resource-level" in comment or "not to a repository" in comment for comment in before):
                yield f"line {at + 1}"


def _text() -> str:
    return (ROOT / "template.yaml").read_text()


@POLICIES.add(
    "Without s3:ListBucket, S3 answers 403 for a missing object, and the code treats that as another error.",
    lambda s: [
        statement.update(Action="s3:PutObject")
        for _, statement in s.statements()
        if "s3:ListBucket" in many(statement["Action"])
    ],
)
def whoever_reads_objects_can_tell_that_one_is_missing(system: System) -> Iterable[str]:
    readers = {role for role, statement in system.statements() if "s3:GetObject" in many(statement["Action"])}
    listers = {role for role, statement in system.statements() if "s3:ListBucket" in many(statement["Action"])}
    return (f"{role} gets 403 for a missing object" for role in sorted(readers - listers))
