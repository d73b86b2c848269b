"""Each rule refuses what AWS refuses, accepts what AWS accepts, and quotes what stands in the service description."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import botocore.session
import pytest

from worstsort_embedded.strict.checks import Call
from worstsort_embedded.strict.rules import RULES, violations

KINDS = {"spot": "SPOT", "on-demand": "EC2", "x86": "EC2", "fargate": "FARGATE", "fargate-spot": "FARGATE_SPOT"}
TYPES = {"spot": ["c7g.large", "t4g"], "on-demand": ["a1.large", "default_arm64"], "x86": ["c7i.large", "optimal"]}


class Existing:
    """A world with five compute environments, a queue of instances, and one job definition that was de-registered."""

    def kind_of(self, environment: str) -> str | None:
        """Return the kind of one of the five."""
        return KINDS.get(environment)

    def instance_types_of(self, environment: str) -> list[str]:
        """Return the types of one of the five."""
        return TYPES.get(environment, [])

    def environments_of(self, queue: str) -> list[str]:
        """Return the environments of the queue."""
        return ["spot", "on-demand"] if queue == "queue" else []

    def neighbours_of(self, environment: str) -> list[str]:
        """Return the other environment of the queue."""
        both = self.environments_of("queue")
        return [other for other in both if other != environment] if environment in both else []

    def is_active(self, definition: str) -> bool:
        """Return whether the definition is another."""
        return definition != "island:1"


def order(*environments: str) -> dict[str, Any]:
    """Return the parameter of a queue that names its environments."""
    return {
        "computeEnvironmentOrder": [{"order": at, "computeEnvironment": name} for at, name in enumerate(environments)]
    }


def instances(*kinds: str, image: str | None = "ECS_AL2023", **more: str) -> dict[str, Any]:
    """Return a compute environment of instances; with an image of AWS's, or of its default."""
    images = {"ec2Configuration": [{"imageType": image, **more}]} if image else more
    return {"computeResources": {"type": "EC2", "instanceTypes": list(kinds), **images}}


def container(**properties: Any) -> dict[str, Any]:
    """Return a job definition."""
    return {"containerProperties": properties}


def fargate(vcpus: str = "1", memory: str = "2048", **more: Any) -> dict[str, Any]:
    """Return a job definition for Fargate."""
    needs = [{"type": "VCPU", "value": vcpus}, {"type": "MEMORY", "value": memory}]
    properties = {"resourceRequirements": needs, "executionRoleArn": "role", **more}
    return {"platformCapabilities": ["FARGATE"], **container(**properties)}


def needing(vcpus: str, memory: str) -> dict[str, Any]:
    """Return a job definition that says nothing of where it runs."""
    return container(resourceRequirements=[{"type": "VCPU", "value": vcpus}, {"type": "MEMORY", "value": memory}])


def lifecycle(**rule: Any) -> dict[str, Any]:
    """Return a lifecycle of one rule."""
    return {"LifecycleConfiguration": {"Rules": [{"ID": "rule", **rule}]}}


def policy(service: str, **more: Any) -> dict[str, Any]:
    """Return the policy of a topic to which a service may publish."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", **more}
    return {"AttributeName": "Policy", "AttributeValue": json.dumps({"Statement": [statement]})}


def item(size: int) -> dict[str, Any]:
    """Return an item of a size in bytes."""
    return {"Item": {"key": {"S": "k" * 7}, "data": {"B": b"x" * (size - 14)}}}


TAG = {"Tag": {"Key": "kind", "Value": "partial"}}
TABLE: list[tuple[str, str, list[dict[str, Any]], list[dict[str, Any]]]] = [
    (
        "a queue has one kind of environments",
        "batch CreateJobQueue",
        [order("spot", "fargate"), order("fargate-spot", "on-demand")],
        [order("spot", "on-demand"), order("fargate", "fargate-spot"), order("fargate")],
    ),
    (
        "a queue keeps its kind",
        "batch UpdateJobQueue",
        [{"jobQueue": "queue", **order("fargate")}],
        [{"jobQueue": "queue", **order("on-demand")}, {"jobQueue": "other", **order("fargate")}, {"jobQueue": "queue"}],
    ),
    (
        "a queue has one architecture",
        "batch CreateJobQueue",
        [order("spot", "x86"), order("x86", "on-demand")],
        [order("spot", "on-demand"), order("x86"), order("spot", "unknown"), order("fargate", "fargate-spot"), {}],
    ),
    (
        "a queue has one architecture",
        "batch UpdateJobQueue",
        [{"jobQueue": "queue", **order("on-demand", "x86")}],
        [{"jobQueue": "queue", **order("x86")}],
    ),
    (
        "an environment has one architecture",
        "batch CreateComputeEnvironment",
        [instances("c7g.large", "c7i.large"), instances("optimal", "m6gd"), instances("g5g.xlarge", "g5.xlarge")],
        [instances("c7g.large", "x2gd", "im4gn.large"), instances("optimal", "g4dn.xlarge", "c7i-flex.large")],
    ),
    (
        "an environment has one architecture",
        "batch UpdateComputeEnvironment",
        [instances("default_arm64", "default_x86_64")],
        [{"computeResources": {"maxvCpus": 4}}, {}],
    ),
    (
        "an environment keeps the architecture of its queues",
        "batch UpdateComputeEnvironment",
        [{"computeEnvironment": "spot", **instances("c7i.large")}],
        [
            {"computeEnvironment": "spot", **instances("c6g.large", "default_arm64")},
            {"computeEnvironment": "spot", "computeResources": {"maxvCpus": 4}},
            {"computeEnvironment": "x86", **instances("c7g.large")},
        ],
    ),
    (
        "a definition and a job have a size",
        "batch RegisterJobDefinition",
        [{"jobDefinitionName": "d", **container(command=["x" * 24_700])}],
        [{"jobDefinitionName": "d", **container(command=["x" * 24_000])}],
    ),
    (
        "a definition and a job have a size",
        "batch SubmitJob",
        [{"jobName": "j", "containerOverrides": {"command": ["x" * 31_000]}}],
        [{"jobName": "j", "containerOverrides": {"command": ["x" * 30_000]}}],
    ),
    (
        "amazon linux 2023 runs on no a1",
        "batch CreateComputeEnvironment",
        [
            instances("c7g", "a1.large"),
            instances("a1"),
            instances("a1", image=None),
            instances("a1", image="EKS_AL2023"),
        ],
        [
            instances("c7g.large", "m6g"),
            instances("a1.large", image="ECS_AL2"),
            instances("a1", imageIdOverride="ami-1"),
            instances("a1", image=None, imageId="ami-1"),
        ],
    ),
    (
        "a job is of an active definition",
        "batch SubmitJob",
        [{"jobDefinition": "island:1"}],
        [{"jobDefinition": "island:2"}, {"jobDefinition": "island"}],
    ),
    (
        "an image has no capitals",
        "batch RegisterJobDefinition",
        [
            container(image=f"{name}:tag")
            for name in ("Worst/sort", "1.dkr.ecr.eu-west-1.amazonaws.com/S/repository", "a//b")
        ],
        [
            container(image=name)
            for name in (
                "1.dkr.ecr.eu-west-1.amazonaws.com/s/repository:Tag_1",
                "python",
                "LOCAL:80/a",
                "a/b@sha256:0f",
            )
        ],
    ),
    (
        "fargate has the pair of vcpu and memory",
        "batch RegisterJobDefinition",
        [fargate("1", "1024"), fargate("16", "2048"), fargate("3", "8192"), fargate("2", "4097")],
        [fargate("1", "2048"), fargate("1.0", "8192"), fargate("0.25", "512"), fargate("16", "122880")],
    ),
    (
        "vcpus and memory are numbers",
        "batch RegisterJobDefinition",
        [needing("1", "1536.5"), needing("1", "1e3"), needing("1", " 8"), needing("many", "8"), needing("nan", "8")],
        [needing("1", "1536"), needing("0.25", "512"), needing("1.0", "8192")],
    ),
    (
        "no variable is named as those of batch",
        "batch SubmitJob",
        [{"containerOverrides": {"environment": [{"name": "AWS_BATCH_X", "value": "1"}]}}],
        [{"containerOverrides": {"environment": [{"name": "AWS_REGION", "value": "1"}]}}],
    ),
    (
        "fargate has no fields of instances",
        "batch CreateComputeEnvironment",
        [{"computeResources": {"type": "FARGATE_SPOT", "minvCpus": 0}}],
        [
            {"computeResources": {"type": "SPOT", "minvCpus": 0}},
            {"computeResources": {"type": "FARGATE", "maxvCpus": 1}},
        ],
    ),
    (
        "a job on fargate says nothing of instances",
        "batch RegisterJobDefinition",
        [
            fargate(ulimits=[]),
            fargate(privileged=True),
            fargate(instanceType="c7g.large"),
            {"platformCapabilities": ["FARGATE"], **container(executionRoleArn="role", vcpus=1)},
            fargate(linuxParameters={"tmpfs": []}),
        ],
        [fargate(), fargate(privileged=False), container(ulimits=[], privileged=True)],
    ),
    (
        "a job on fargate has an execution role",
        "batch RegisterJobDefinition",
        [{"platformCapabilities": ["FARGATE"], **container(image="a")}],
        [fargate(), container(image="a")],
    ),
    (
        "rules come with a number of attempts",
        "batch RegisterJobDefinition",
        [{"retryStrategy": {"evaluateOnExit": [{"onExitCode": "1", "action": "EXIT"}]}}],
        [{"retryStrategy": {"attempts": 2, "evaluateOnExit": [{"onExitCode": "1"}]}}, {"retryStrategy": {}}],
    ),
    (
        "a lifecycle has at most 1000 rules",
        "s3 PutBucketLifecycleConfiguration",
        [{"LifecycleConfiguration": {"Rules": [{"ID": str(at)} for at in range(1001)]}}],
        [{"LifecycleConfiguration": {"Rules": [{"ID": str(at)} for at in range(1000)]}}],
    ),
    (
        "a bucket has a lawful name",
        "s3 CreateBucket",
        [{"Bucket": name} for name in ("Capital", "ab", "a" * 64, "under_score", "-first", "a..b", "192.168.5.4")],
        [{"Bucket": name} for name in ("abc", "a" * 63, "1ab", "a.b-c")],
    ),
    (
        "a key is at most 1024 bytes",
        "s3 PutObject",
        [{"Key": "k" * 1025}, {"Key": "\N{EURO SIGN}" * 342}],
        [{"Key": "k" * 1024}],
    ),
    (
        "an object has lawful tags",
        "s3 PutObject",
        [
            {"Tagging": "&".join(f"tag{at}=1" for at in range(11))},
            {"Tagging": "a=1&a=2"},
            {"Tagging": f"{'k' * 129}=1"},
            {"Tagging": f"k={'v' * 257}"},
            {"Tagging": "aws:k=1"},
        ],
        [{"Tagging": "&".join(f"tag{at}=1" for at in range(10))}, {"Tagging": f"{'k' * 128}={'v' * 256}"}, {}],
    ),
    (
        "a lifecycle rule expires by days or by marker",
        "s3 PutBucketLifecycleConfiguration",
        [lifecycle(Expiration={"Days": 1, "ExpiredObjectDeleteMarker": True})],
        [lifecycle(Expiration={"Days": 1}), lifecycle(Expiration={"ExpiredObjectDeleteMarker": True})],
    ),
    (
        "delete markers are not chosen by tag",
        "s3 PutBucketLifecycleConfiguration",
        [
            lifecycle(Filter=TAG, Expiration={"ExpiredObjectDeleteMarker": True}),
            lifecycle(
                Filter={"And": {"Tags": [TAG["Tag"]]}}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1}
            ),
        ],
        [lifecycle(Filter=TAG, Expiration={"Days": 1}), lifecycle(Expiration={"ExpiredObjectDeleteMarker": True})],
    ),
    (
        "an item is at most 400 kb",
        "dynamodb PutItem",
        [item(400 * 1024 + 1)],
        [item(400 * 1024)],
    ),
    (
        "names have no special characters",
        "stepfunctions StartExecution",
        [{"name": name} for name in ("a b", "a:b", "a/b", "a\x00b", "a\x9fb", "{}", 'a"', "n" * 81)],
        [{"name": name} for name in ("a-b_c.1", "n" * 80, "\N{LATIN SMALL LETTER E WITH ACUTE}", "a=b@c+d!'()")],
    ),
    (
        "an input is at most 256 kib",
        "stepfunctions StartExecution",
        [{"input": "x" * 262_145}, {"input": "\N{EURO SIGN}" * 90_000}],
        [{"input": f'"{"x" * 262_142}"'}],
    ),
    (
        "an input is json",
        "stepfunctions StartExecution",
        [{"input": "nojson"}, {"input": ""}, {"input": "{'a': 1}"}, {"input": "[" * 100_000}],
        [{"input": "{}"}, {"input": '{"a": [1]}'}, {"input": "1"}, {}],
    ),
    (
        "a payload is at most 6 mb",
        "lambda Invoke",
        [{"Payload": b"x" * (6 * 2**20 + 1)}, {"Payload": b"x" * (2**20 + 1), "InvocationType": "Event"}],
        [{"Payload": b"1" + b" " * (6 * 2**20 - 1)}, {"Payload": b" " * (2**20 - 1) + b"1", "InvocationType": "Event"}],
    ),
    (
        "a payload is json",
        "lambda Invoke",
        [{"Payload": b"{"}, {"Payload": b"\xff"}, {"Payload": b"[" * 100_000}, {"Payload": b"yes"}],
        [{}, {"Payload": b""}, {"Payload": b"null"}, {"Payload": b'{"a": [1]}'}, {"Payload": "\u00e9".join('""')}],
    ),
    (
        "a function keeps lambdas quotas",
        "lambda CreateFunction",
        [{"Environment": {"Variables": {"A": "x" * 4096}}}, {"Layers": ["layer"] * 6}],
        [{"Environment": {"Variables": {"A": "x" * 4000}}}, {"Layers": ["layer"] * 5}],
    ),
    (
        "eventbridge publishes without condition",
        "sns SetTopicAttributes",
        [policy("events.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": "1"}})],
        [
            policy("events.amazonaws.com"),
            policy("cloudwatch.amazonaws.com", Condition={"StringEquals": {}}),
            {"AttributeName": "DisplayName", "AttributeValue": "no policy"},
        ],
    ),
    (
        "a display name is at most 100 characters",
        "sns CreateTopic",
        [{"Attributes": {"DisplayName": "d" * 101}}],
        [{"Attributes": {"DisplayName": "d" * 100}}],
    ),
]


def broken(operation: str, parameters: dict[str, Any]) -> list[str]:
    """Return the names of the rules that a call breaks."""
    service, verb = operation.split()
    return [each.rule.name for each in violations(Call(service, verb, parameters, "here"), Existing())]


@pytest.mark.parametrize(
    ("name", "operation", "refused", "accepted"), TABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_refuses_and_accepts(
    name: str, operation: str, refused: list[dict[str, Any]], accepted: list[dict[str, Any]]
) -> None:
    """Calls on both sides of the line."""
    assert [parameters for parameters in refused if name not in broken(operation, parameters)] == []
    assert [parameters for parameters in accepted if broken(operation, parameters)] == []


def test_every_rule_has_a_row() -> None:
    """None is left untested."""
    assert {rule.name for rule in RULES} == {row[0] for row in TABLE}


def test_every_rule_is_for_operations_that_exist() -> None:
    """A misspelt operation would never be checked."""
    session = botocore.session.get_session()
    for rule in RULES:
        for service, verb in map(str.split, rule.operations):
            assert verb in session.get_service_model(service).operation_names


QUOTED = [rule for rule in RULES if rule.source.startswith("botocore: ") and ";" not in rule.source]


@pytest.mark.parametrize("rule", QUOTED, ids=lambda rule: rule.name)
def test_a_sentence_from_the_service_description_stands_there(rule: Any) -> None:
    """The first sentence is looked up word by word where the rule says that it stands."""
    service, place = rule.source.removeprefix("botocore: ").split(" ", 1)
    structure, member = place.split(",")[0].split(".")
    model = botocore.session.get_session().get_service_model(service)
    described = html.unescape(re.sub(r"<[^>]+>", " ", model.shape_for(structure).members[member].documentation))
    sentence = re.split(r" \(A sentence", rule.sentence)[0]
    assert _words(sentence) in _words(described)


def _words(text: str) -> str:
    """Return a text without white space and closing punctuation, which markup sets apart differently."""
    return re.sub(r"[\s.]", "", text)
