"""What policies and code cite of AWS's documentation is what botocore's models say, wherever they hold the sentence."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from tests.unit.template.system import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CITED = {
    "the key that costs nothing": (
        "dynamodb",
        "SSESpecification.Enabled",
        (
            "If enabled (true), server-side encryption type is set to KMS and an Amazon Web Services managed key "
            "is used (KMS charges apply). If disabled (false) or not specified, server-side encryption is set to "
            "Amazon Web Services owned key."
        ),
    ),
    "a conflict while an object is written": (
        "s3",
        "PutObjectRequest.IfNoneMatch",
        (
            "Otherwise, Amazon S3 returns a 412 Precondition Failed error. If a conflicting operation occurs "
            "during the upload S3 returns a 409 ConditionalRequestConflict response. On a 409 failure you should "
            "retry the upload."
        ),
    ),
    "a conflict while an object is replaced": (
        "s3",
        "PutObjectRequest.IfMatch",
        (
            "If the ETag values do not match, the operation returns a 412 Precondition Failed error. If a "
            "conflicting operation occurs during the upload S3 returns a 409 ConditionalRequestConflict response."
            " On a 409 failure you should fetch the object's ETag and retry the upload."
        ),
    ),
    "what a redrive does": (
        "stepfunctions",
        "RedriveExecution",
        (
            "When you redrive an execution, it continues the failed execution from the unsuccessful step and uses"
            " the same input."
        ),
    ),
    "for how long a redrive is possible": (
        "stepfunctions",
        "RedriveExecution",
        "Your workflow execution has not exceeded the redrivable period of 14 days.",
    ),
    "when a job that cannot start is cancelled": (
        "batch",
        "JobStateTimeLimitAction.maxTimeSeconds",
        (
            "The approximate amount of time, in seconds, that must pass with the job in the specified state "
            "before the action is taken."
        ),
    ),
    "why a job cannot start": (
        "batch",
        "JobDetail.statusReason",
        "All compute environments have a maxVcpu setting that is smaller than the job requirements.",
    ),
    "that a job that timed out is not retried": (
        "batch",
        "SubmitJobRequest.timeout",
        "If a job is terminated due to a timeout, it isn't retried.",
    ),
    "a conflict with a transaction": (
        "dynamodb",
        "TransactionConflictException",
        "Operation was rejected because there is an ongoing transaction for the item.",
    ),
    "a conflict with another region": (
        "dynamodb",
        "ReplicatedWriteConflictException",
        (
            "The request was rejected because one or more items in the request are being modified by a request in"
            " another Region."
        ),
    ),
}


@pytest.mark.parametrize("what", CITED)
def test_the_sentence_stands_where_it_is_cited(what: str) -> None:
    """Without its mark-up."""
    service, place, sentence = CITED[what]
    name, _, member = place.partition(".")
    model = botocore.session.get_session().get_service_model(service)
    if name in model.operation_names:
        documentation = model.operation_model(name).documentation
    else:
        shape = model.shape_for(name)
        documentation = (shape.members[member] if member else shape).documentation
    assert sentence in " ".join(re.sub(r"<[^>]+>", "", documentation).split())


SERVICES = {
    "Batch": "batch",
    "Step Functions": "stepfunctions",
    "DynamoDB": "dynamodb",
    "CloudWatch": "cloudwatch",
    "EventBridge": "events",
    "Lambda": "lambda",
    "S3": "s3",
}
"""botocore's names of the services whose API references are cited."""

QUOTATION = re.compile(r'((?:"[^"]{12,}"[^"()]{0,12})+)\(?(?!AWS CDK)(?:AWS |Amazon )?([A-Z][\w ]*?) API Reference')
"""Sentences in quotation marks, and the API reference that they are said to stand in."""

MIN_QUOTATIONS = 15
"""Fewer would mean that they are no longer found."""


def test_every_sentence_of_an_api_reference_stands_in_it() -> None:
    """In botocore's model of the service, wherever in pages, template or tests it is quoted."""
    found = [quoted for path in _files() for text in _texts(path) for quoted in QUOTATION.findall(text)]
    sentences = [(SERVICES[name], sentence) for quotes, name in found for sentence in re.findall('"([^"]+)"', quotes)]
    assert len(sentences) >= MIN_QUOTATIONS
    assert [sentence for service, sentence in sentences if sentence.rstrip(".") not in _reference(service)] == []


def _files() -> list[Path]:
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "template.yaml"]
    return [*pages, *(path for part in ("embedded", "tests/unit", "tools") for path in (ROOT / part).rglob("*.py"))]


def _texts(path: Path) -> Iterator[str]:
    """Yield a file's text, or all texts of a program, each in one line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield re.sub(r"\n\s*#?\s*", " ", text)
        return
    nodes = ast.walk(ast.parse(text))
    yield from (" ".join(node.value.split()) for node in nodes if _is_text(node))  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@cache
def _reference(service: str) -> str:
    """Return all that botocore's model of a service documents, without its mark-up."""
    model: Any = botocore.session.get_session().get_service_model(service)
    parts = [model.operation_model(name).documentation for name in model.operation_names]
    for shape in map(model.shape_for, model.shape_names):
        parts.append(shape.documentation)
        parts += [member.documentation for member in getattr(shape, "members", {}).values()]
    return " ".join(re.sub(r"<[^>]+>", "", " ".join(parts)).split())
