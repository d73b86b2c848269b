"""Which calls create a resource, with which of its properties."""

from __future__ import annotations

from typing import Any

import pytest

from worstsort_embedded.strict.resources import OPERATIONS, calls, unmapped

DOCUMENT = {"Version": "2012-10-17", "Statement": []}
TEXT = '{"Version": "2012-10-17", "Statement": []}'
TAGS = [{"Key": "k", "Value": "v"}]

ARRANGED: list[tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]]]] = [
    (
        "S3::Bucket",
        {
            "BucketName": "b",
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"X": 1}}]},
            "OwnershipControls": {"Rules": []},
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
            "Tags": TAGS,
            "LifecycleConfiguration": {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 3}]},
        },
        [
            ("s3 CreateBucket", {"Bucket": "b"}),
            (
                "s3 PutBucketEncryption",
                {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"X": 1}}]}},
            ),
            ("s3 PutBucketOwnershipControls", {"OwnershipControls": {"Rules": []}}),
            ("s3 PutBucketVersioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
            ("s3 PutPublicAccessBlock", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}),
            ("s3 PutBucketTagging", {"Tagging": {"TagSet": TAGS}}),
            (
                "s3 PutBucketLifecycleConfiguration",
                {
                    "LifecycleConfiguration": {
                        "Rules": [{"ID": "old", "Status": "Enabled", "Expiration": {"Days": 3}, "Filter": {}}]
                    }
                },
            ),
        ],
    ),
    ("S3::BucketPolicy", {"Bucket": "b", "PolicyDocument": DOCUMENT}, [("s3 PutBucketPolicy", {"Policy": TEXT})]),
    (
        "IAM::Role",
        {
            "RoleName": "r",
            "Policies": [{"PolicyName": "p"}, {"PolicyName": "q"}],
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/x"],
        },
        [
            ("iam CreateRole", {"RoleName": "r"}),
            ("iam PutRolePolicy", {"PolicyName": "p"}),
            ("iam PutRolePolicy", {"PolicyName": "q"}),
            ("iam AttachRolePolicy", {"PolicyArn": "arn:aws:iam::aws:policy/x"}),
        ],
    ),
    (
        "ECR::Repository",
        {"RepositoryName": "r", "EmptyOnDelete": True, "LifecyclePolicy": {"LifecyclePolicyText": "{}"}},
        [
            ("ecr CreateRepository", {"repositoryName": "r"}),
            ("ecr PutLifecyclePolicy", {"lifecyclePolicyText": "{}"}),
        ],
    ),
    (
        "EC2::SecurityGroup",
        {
            "GroupDescription": "d",
            "Tags": TAGS,
            "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}],
        },
        [
            ("ec2 CreateSecurityGroup", {"Description": "d"}),
            (
                "ec2 AuthorizeSecurityGroupEgress",
                {
                    "IpPermissions": [
                        {
                            "IpProtocol": "tcp",
                            "FromPort": 443,
                            "ToPort": 443,
                            "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": ""}],
                        }
                    ]
                },
            ),
        ],
    ),
    (
        "SNS::Topic",
        {"TopicName": "t", "DisplayName": "d", "Tags": TAGS},
        [("sns CreateTopic", {"Name": "t", "Tags": TAGS, "Attributes": {"DisplayName": "d"}})],
    ),
    (
        "SNS::TopicPolicy",
        {"Topics": ["t"], "PolicyDocument": DOCUMENT},
        [("sns SetTopicAttributes", {"AttributeName": "Policy", "AttributeValue": TEXT})],
    ),
    (
        "SQS::Queue",
        {"QueueName": "q", "MessageRetentionPeriod": 60, "Tags": TAGS},
        [("sqs CreateQueue", {"QueueName": "q", "Attributes": {"MessageRetentionPeriod": "60"}})],
    ),
    (
        "SQS::QueuePolicy",
        {"Queues": ["q"], "PolicyDocument": DOCUMENT},
        [("sqs SetQueueAttributes", {"Attributes": {"Policy": TEXT}})],
    ),
    (
        "EC2::Subnet",
        {"CidrBlock": "10.0.0.0/24", "MapPublicIpOnLaunch": True, "Tags": TAGS},
        [
            ("ec2 CreateSubnet", {"CidrBlock": "10.0.0.0/24"}),
            ("ec2 ModifySubnetAttribute", {"MapPublicIpOnLaunch": True}),
        ],
    ),
    (
        "Logs::LogGroup",
        {"LogGroupName": "/g", "RetentionInDays": 7},
        [("logs CreateLogGroup", {"logGroupName": "/g"}), ("logs PutRetentionPolicy", {"retentionInDays": 7})],
    ),
]


@pytest.mark.parametrize(("kind", "properties", "expected"), ARRANGED, ids=[kind for kind, *_ in ARRANGED])
def test_each_property_is_in_the_call_that_is_held_to_its_limits(
    kind: str, properties: dict[str, Any], expected: list[tuple[str, dict[str, Any]]]
) -> None:
    """As the service's API has it, and not where CloudFormation does."""
    made = list(calls({"Made": {"Type": f"AWS::{kind}", "Properties": properties}}))
    assert [(f"{call.service} {call.operation}", call.parameters) for call in made] == expected
    assert {call.origin for call in made} == {"Made"}


@pytest.mark.parametrize("kind", OPERATIONS)
def test_a_resource_without_properties_is_made_by_its_first_operation(kind: str) -> None:
    """Each of which is one of its service."""
    (made,) = calls({"Made": {"Type": f"AWS::{kind}"}})
    assert f"{made.service} {made.operation}" == OPERATIONS[kind][0]
    assert list(unmapped({"Made": {"Type": f"AWS::{kind}", "Properties": {"Nobody": 1}}})) == [
        f"Made: no operation of AWS::{kind} has Nobody"
    ]


def test_a_type_that_nobody_knows_is_told_and_not_called() -> None:
    """So that nothing goes unchecked in silence."""
    unknown = {"Made": {"Type": "AWS::EC2::Unheard", "Properties": {}}}
    assert list(calls(unknown)) == []
    assert list(unmapped(unknown)) == ["Made: no operation is known for AWS::EC2::Unheard"]
