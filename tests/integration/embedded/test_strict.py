"""The embedded cloud refuses at the wire what AWS refuses, with the error that the service gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.embedded.helpers import ROLE
from worstsort_embedded.strict import history

if TYPE_CHECKING:
    from tests.integration.embedded.helpers import Machines
    from worstsort_embedded import EmbeddedCloud

SUBNETS = {"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]}


def refused(cloud: EmbeddedCloud, service: str, operation: str, **parameters: Any) -> str:
    """Return the error's name and message, of a call whose parameters the client does not check itself."""
    unchecked = Config(parameter_validation=False, retries={"max_attempts": 0})
    client = cloud.session.client(service, endpoint_url=cloud.endpoint_url, config=unchecked)
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def outputs(cloud: EmbeddedCloud, *names: str) -> list[str]:
    """Return outputs of the stack."""
    return [cloud.outputs[name] for name in names]


def test_a_job_definition_with_six_rules_is_refused(cloud: EmbeddedCloud) -> None:
    rules = [{"onExitCode": "1", "action": "EXIT"}] * 6
    said = refused(
        cloud,
        "batch",
        "register_job_definition",
        jobDefinitionName="six",
        type="container",
        retryStrategy={"attempts": 2, "evaluateOnExit": rules},
    )
    assert said.startswith("ClientException: 1 validation error detected: ")
    assert "'batch RegisterJobDefinition.retryStrategy.evaluateOnExit' failed to satisfy constraint" in said
    assert "Array of up to 5 objects" in said


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"image": "Worst/sort:1"}, "not a valid reference"),
        (
            {
                "image": "sort",
                "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "1024"}],
            },
            "Fargate has no 1 VCPU with 1024 MEMORY",
        ),
    ],
)
def test_an_impossible_container_is_refused(cloud: EmbeddedCloud, properties: dict[str, Any], words: str) -> None:
    said = refused(
        cloud,
        "batch",
        "register_job_definition",
        jobDefinitionName="container",
        type="container",
        platformCapabilities=["FARGATE"],
        containerProperties=properties,
    )
    assert said.startswith("ClientException: ")
    assert words in said


@pytest.mark.parametrize("size", [1, 10_001])
def test_an_array_of_a_wrong_size_is_refused(cloud: EmbeddedCloud, size: int) -> None:
    queue, definition = outputs(cloud, "JobQueueArn", "JobDefinitionArn")
    said = refused(
        cloud,
        "batch",
        "submit_job",
        jobName="array",
        jobQueue=queue,
        jobDefinition=definition,
        arrayProperties={"size": size},
    )
    assert "The array size can be between 2 and 10,000" in said


def test_a_job_of_a_deregistered_definition_is_refused(cloud: EmbeddedCloud) -> None:
    batch = cloud.client("batch")
    needs = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]
    properties = {"image": "sort", "resourceRequirements": needs}
    made = batch.register_job_definition(
        jobDefinitionName="gone", type="container", retryStrategy={"attempts": 1}, containerProperties=properties
    )["jobDefinitionArn"]
    batch.deregister_job_definition(jobDefinition=made)
    said = refused(
        cloud, "batch", "submit_job", jobName="late", jobQueue=cloud.outputs["JobQueueArn"], jobDefinition=made
    )
    assert said.startswith(f"ClientException: Job definition {made} is not in ACTIVE status")


def environment(cloud: EmbeddedCloud, name: str, kind: str, instance_type: str = "c7g.large") -> str:
    """Make a compute environment and return its ARN."""
    of_instances = {"minvCpus": 0, "instanceTypes": [instance_type], "instanceRole": "role"} if kind == "EC2" else {}
    role = cloud.client("iam").create_role(RoleName=f"for-{name}", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    made = cloud.client("batch").create_compute_environment(
        computeEnvironmentName=name,
        type="MANAGED",
        serviceRole=role,
        computeResources={"type": kind, "maxvCpus": 4, **SUBNETS, **of_instances},
    )
    return str(made["computeEnvironmentArn"])


def test_a_queue_keeps_to_one_kind_of_environment(cloud: EmbeddedCloud) -> None:
    """Neither when it is made nor later are instances and Fargate mixed, and no queue changes from one to the other."""
    instances, fargate = environment(cloud, "instances", "EC2"), environment(cloud, "fargate", "FARGATE")
    both = [{"order": at, "computeEnvironment": arn} for at, arn in enumerate((instances, fargate))]
    mixed = refused(
        cloud,
        "batch",
        "create_job_queue",
        jobQueueName="mixed",
        priority=1,
        state="ENABLED",
        computeEnvironmentOrder=both,
    )
    assert mixed.startswith("ClientException: computeEnvironmentOrder mixes EC2 and Fargate")
    cloud.client("batch").create_job_queue(
        jobQueueName="one", priority=1, state="ENABLED", computeEnvironmentOrder=both[:1]
    )
    turned = refused(cloud, "batch", "update_job_queue", jobQueue="one", computeEnvironmentOrder=both[1:])
    assert turned.startswith("ClientException: jobQueue one would change from EC2 to Fargate")


def test_a_queue_keeps_to_one_architecture(cloud: EmbeddedCloud) -> None:
    """Batch mixes none, turns none of several, and starts no A1 instances on its images."""
    arm, x86 = environment(cloud, "graviton", "EC2"), environment(cloud, "intel", "EC2", "c5.large")
    other = environment(cloud, "second", "EC2", "c6g.large")
    both = [{"order": at, "computeEnvironment": arn} for at, arn in enumerate((arm, x86))]
    given: dict[str, Any] = {"jobQueueName": "both", "priority": 1, "state": "ENABLED", "computeEnvironmentOrder": both}
    mixed = refused(cloud, "batch", "create_job_queue", **given)
    assert mixed.startswith("ClientException: computeEnvironmentOrder mixes x86 and ARM")
    arms = [*both[:1], {"order": 1, "computeEnvironment": other}]
    cloud.client("batch").create_job_queue(**given | {"computeEnvironmentOrder": arms})
    types = {"instanceTypes": ["c5.large"]}
    turned = refused(cloud, "batch", "update_compute_environment", computeEnvironment=arm, computeResources=types)
    assert f"computeEnvironment {arm} would be x86 beside {other} in a queue" in turned
    with pytest.raises(ClientError, match="Amazon Linux 2023 does not support A1"):
        environment(cloud, "first", "EC2", "a1.large")


def test_s3_refuses_names_keys_and_tags(cloud: EmbeddedCloud) -> None:
    cloud.client("s3").create_bucket(Bucket="lawful")
    assert refused(cloud, "s3", "create_bucket", Bucket="Capital").startswith("InvalidBucketName: ")
    assert refused(cloud, "s3", "put_object", Bucket="lawful", Key="k" * 1025).startswith("KeyTooLongError: ")
    tags = "&".join(f"tag{at}=1" for at in range(11))
    assert refused(cloud, "s3", "put_object", Bucket="lawful", Key="k", Tagging=tags).startswith("InvalidTag: ")


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_request_is_held_to_the_limits_too(cloud: EmbeddedCloud, version: str) -> None:
    """Its signature is in its address."""
    signing = Config(signature_version=version)
    client = cloud.session.client("s3", endpoint_url=cloud.endpoint_url, config=signing)
    address = client.generate_presigned_url("put_object", {"Bucket": "lawful", "Key": "k" * 1025})
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(address, data=b"", method="PUT"), timeout=20)  # noqa: S310 - on loopback
    assert b"KeyTooLongError" in caught.value.read()


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@pytest.mark.parametrize("action", ["AssumeRoleWithWebIdentity&Version=2011-06-15", "CreateDomain&Version=2009-04-15"])
def test_a_presigned_request_reaches_the_service_that_it_was_signed_for(
    cloud: EmbeddedCloud, version: str, action: str
) -> None:
    """Its body, which nobody has signed, cannot lead it elsewhere."""
    signing = Config(signature_version=version)
    client = cloud.session.client("s3", endpoint_url=cloud.endpoint_url, config=signing)
    address = client.generate_presigned_url("list_buckets")
    request = Request(address, data=f"Action={action}".encode(), method="GET")  # noqa: S310 - on loopback
    with urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
        assert b"ListAllMyBucketsResult" in answer.read()


def test_dynamodb_refuses_large_items_and_empty_keys(cloud: EmbeddedCloud) -> None:
    table = "strict"
    cloud.client("dynamodb").create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
    )
    large = {"S": "x" * (400 * 1024)}
    items: list[dict[str, Any]] = [{"key": {"S": "a"}, "data": large}, {"key": {"S": ""}}, {"key": {"S": "k" * 2049}}]
    for item in items:
        assert refused(cloud, "dynamodb", "put_item", TableName=table, Item=item).startswith("ValidationException: ")
    grown = refused(
        cloud,
        "dynamodb",
        "update_item",
        TableName=table,
        Key={"key": {"S": "a"}},
        UpdateExpression="SET grown = :large",
        ExpressionAttributeValues={":large": large},
    )
    assert grown.startswith("ValidationException: ")
    keys = [{"key": {"S": str(at)}} for at in range(101)]
    many = refused(cloud, "dynamodb", "batch_get_item", RequestItems={table: {"Keys": keys}})
    assert many.startswith("ValidationException: ")


@pytest.mark.parametrize(
    ("name", "given", "error"),
    [
        ("a b", "{}", "InvalidName: "),
        ("n" * 81, "{}", "ValidationException: "),
        ("large", json.dumps("x" * 262_144), "ValidationException: "),
    ],
)
def test_an_execution_is_refused(cloud: EmbeddedCloud, name: str, given: str, error: str) -> None:
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:any"
    said = refused(cloud, "stepfunctions", "start_execution", stateMachineArn=arn, name=name, input=given)
    assert said.startswith(error)


@pytest.mark.parametrize(("size", "kind"), [(6 * 2**20 + 1, "RequestResponse"), (2**20 + 1, "Event")])
def test_a_large_payload_is_refused(cloud: EmbeddedCloud, size: int, kind: str) -> None:
    said = refused(cloud, "lambda", "invoke", FunctionName="any", InvocationType=kind, Payload=b"x" * size)
    assert said.startswith("RequestEntityTooLargeException: ")


def test_a_topics_policy_with_a_condition_for_eventbridge_is_refused(cloud: EmbeddedCloud) -> None:
    """AWS takes such a policy and delivers nothing; here it is an error, so that somebody notices."""
    topic = cloud.client("sns").create_topic(Name="strict")["TopicArn"]
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Condition": {"Bool": {}}}
    said = refused(
        cloud,
        "sns",
        "set_topic_attributes",
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Statement": [statement]}),
    )
    assert said.startswith("InvalidParameter: ")


def test_other_services_limits_are_kept_without_a_rule_of_their_own(cloud: EmbeddedCloud) -> None:
    """They are read from the service's description."""
    assert refused(cloud, "logs", "put_retention_policy", logGroupName="any", retentionInDays=2)
    assert refused(cloud, "sqs", "create_queue", QueueName="q", Attributes={"MessageRetentionPeriod": "59"})
    assert refused(cloud, "iam", "create_role", RoleName="a b", AssumeRolePolicyDocument="{}")
    assert refused(cloud, "lambda", "create_function", FunctionName="f", Role=ROLE, Code={}, MemorySize=127)


def test_what_is_checked_is_counted(cloud: EmbeddedCloud) -> None:
    """Per operation, so that a test can print it."""
    before = cloud.gate.checks["s3 CreateBucket"]
    cloud.client("s3").create_bucket(Bucket="counted")
    assert cloud.gate.checks["s3 CreateBucket"] >= before
    assert cloud.gate.checks.total() > 0


def test_an_execution_whose_history_is_full_fails(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's 25,000 events, for which 50 stand here; no Catch helps, as on AWS."""
    monkeypatch.setattr(history, "most_events", lambda: 50)
    asking = machines.function_state({"do": "echo"}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Again"}])
    asking = {name: value for name, value in asking.items() if name != "End"} | {"Next": "Again"}
    loop = {"StartAt": "Again", "States": {"Again": {"Type": "Pass", "Next": "Ask"}, "Ask": asking}}
    execution = machines.start(loop)
    ended = machines.end(execution)
    assert ended["status"] == "FAILED"
    assert ended["error"] == "States.Runtime"
    assert "50 events" in ended["cause"]
    assert 45 <= len(machines.history(execution)) <= 52
