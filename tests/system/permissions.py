"""The calls of AWS that the embedded cloud sees, and the calls that the deployed roles allow."""

from __future__ import annotations

import ast
import fnmatch
import io
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import parse_qs, unquote

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_embedded import EmbeddedCloud

_CREDENTIAL = re.compile(r"Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/")
_BATCH = {
    "deregisterjobdefinition": "DeregisterJobDefinition",
    "describejobdefinitions": "DescribeJobDefinitions",
    "describejobs": "DescribeJobs",
    "listjobs": "ListJobs",
    "submitjob": "SubmitJob",
    "terminatejob": "TerminateJob",
}
_LIST = "/v1/listjobs"
_JSON = {"dynamodb": "dynamodb", "logs": "logs", "states": "states"}


@dataclass(frozen=True)
class Call:
    """An action on a resource, given by the last part of its ARN."""

    who: str
    action: str
    resource: str


@dataclass(frozen=True)
class Grant:
    """A permission of a role, for resources whose ARNs match the pattern."""

    who: str
    action: str
    pattern: str

    def covers(self, call: Call) -> bool:
        """Return whether the grant allows the call."""
        same = (self.who, self.action) == (call.who, call.action)
        return same and (self.pattern == "*" or fnmatch.fnmatchcase(call.resource, self.pattern.split(":", 5)[5]))


@contextmanager
def recorded() -> Iterator[set[Call]]:
    """Collect the calls that reach the embedded cloud."""
    calls: set[Call] = set()
    answer = DomainDispatcherApplication.__call__

    def listening(app: Any, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        calls.update(understood(environ, body))
        return answer(app, environ, start_response)

    with patch.object(DomainDispatcherApplication, "__call__", listening):
        yield calls


def understood(environ: dict[str, Any], body: bytes) -> Iterator[Call]:
    """Yield the calls of a signed request, which may need several permissions."""
    signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not signed:
        return
    who, _, service = signed.groups()
    for action, resource in _asked(service, environ, body):
        yield Call(who, action, resource)


def _asked(service: str, environ: dict[str, Any], body: bytes) -> Iterator[tuple[str, str]]:
    path = unquote(environ["PATH_INFO"])
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if service == "s3":
        yield from _of_s3(environ, path)
    elif service == "batch":
        yield from _of_batch(json.loads(body or b"{}"), path)
    elif service == "lambda":
        yield "lambda:InvokeFunction", "function:" + path.split("/")[3].rpartition(":")[2]
    elif service == "dynamodb":
        given = json.loads(body)
        for table in given.get("RequestItems", [given.get("TableName")]):
            yield f"dynamodb:{target}", f"table/{table}"
    elif service in _FORMS:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        yield f"{service}:{form['Action']}", _stack(form) if service == "cloudformation" else _topic(form)
    elif service in _NAMED:
        yield from _NAMED[service](environ, body)
    elif service in _JSON:
        given = json.loads(body or b"{}")
        arn = given.get("stateMachineArn") or given.get("executionArn") or ""
        group = f"log-group:{given.get('logGroupName')}:*" if service == "logs" else ""
        yield f"{service}:{target}", arn.split(":", 5)[-1] or group


def _of_batch(given: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    arns = [given[key].split(":", 5)[5] for key in ("jobQueue", "jobDefinition") if key in given and path != _LIST]
    for resource in arns or [f"job/{given['jobId']}" if "jobId" in given else "*"]:
        yield "batch:" + _BATCH.get(path.rpartition("/")[2], path), resource
    if "tags" in given and path.endswith("submitjob"):
        yield from (("batch:TagResource", resource) for resource in (arns[-1], "job/submitted"))


def _stack(form: dict[str, str]) -> str:
    """Return the stack that a call of CloudFormation is about, which may be given by its name or by an ARN."""
    given = form.get("StackName") or form.get("ChangeSetName") or ""
    if ":changeSet/" in given:
        return "changeSet/" + given.partition(":changeSet/")[2]
    return given.split(":", 5)[5] if given.startswith("arn:") else f"stack/{given}/id"


def _topic(form: dict[str, str]) -> str:
    """Return the topic that a call of SNS is about; to end a subscription, AWS has no resource to name."""
    return form["TopicArn"].split(":", 5)[5] if "TopicArn" in form else "*"


def _of_ecr(environ: dict[str, Any], body: bytes) -> Iterator[tuple[str, str]]:
    repository = json.loads(body or b"{}").get("repositoryName")
    action = environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]
    yield f"ecr:{action}", f"repository/{repository}" if repository else "*"


def _of_sqs(environ: dict[str, Any], body: bytes) -> Iterator[tuple[str, str]]:
    given = json.loads(body or b"{}")
    queue = given.get("QueueName") or given.get("QueueUrl", "").rpartition("/")[2]
    yield f"sqs:{environ['HTTP_X_AMZ_TARGET'].rpartition('.')[2]}", queue


def _of_cloudwatch(environ: dict[str, Any], _body: bytes) -> Iterator[tuple[str, str]]:
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    yield f"cloudwatch:{target or environ['PATH_INFO'].rpartition('/')[2]}", "alarm:*"


_FORMS = {"ec2", "cloudformation", "sns"}
_NAMED = {"ecr": _of_ecr, "monitoring": _of_cloudwatch, "sqs": _of_sqs}
"""What reads the calls of services that roles of the stack do not call, by the names that they are signed with."""


def _of_s3(environ: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    method, (bucket, _, key) = environ["REQUEST_METHOD"], path.lstrip("/").partition("/")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if not key and method == "POST" and "delete" in query:
        yield "s3:DeleteObject", f"{bucket}/*"
        yield "s3:DeleteObjectVersion", f"{bucket}/*"
        return
    if not key:
        yield "s3:ListBucketVersions" if "versions" in query else "s3:ListBucket", bucket
        return
    yield (
        {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}[method],
        f"{bucket}/{key}",
    )
    if "HTTP_X_AMZ_TAGGING" in environ and parse_qs(environ["HTTP_X_AMZ_TAGGING"]):
        yield "s3:PutObjectTagging", f"{bucket}/{key}"


def granted(cloud: EmbeddedCloud) -> set[Grant]:
    """Return what the deployed roles allow, without the managed policies that AWS gives to Lambda functions."""
    iam, grants = cloud.client("iam"), set()
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            grants |= set(_of_document(name, document))
    return grants


def _of_document(who: str, document: dict[str, Any] | str) -> Iterator[Grant]:
    # moto keeps the text of what CloudFormation gave it, which is Python, not JSON.
    decoded = ast.literal_eval(document) if isinstance(document, str) else document
    for statement in decoded["Statement"]:
        for action in _many(statement["Action"]):
            for resource in _many(statement["Resource"]):
                # AWS's ARNs of log groups end with :*, moto's do not.
                streams = ":*" if ":log-group:" in resource and not resource.endswith(":*") else ""
                yield Grant(who, action, resource + streams)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
