"""What policies and code cite of AWS's documentation is what botocore's models say, wherever they hold the sentence."""

from __future__ import annotations

import re

import botocore.session
import pytest

from tests.unit.template.system import ROOT

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


def test_each_sentence_of_aws_in_the_operators_page_is_among_them_or_from_a_user_guide() -> None:
    """What stands in an API reference stands in botocore, too."""
    page = " ".join((ROOT / "docs/operating.md").read_text().split())
    known = {sentence for _, _, sentence in CITED.values()}
    for marked in re.findall(r"\*AWS: (.*?)\*", page):
        if "API Reference" in marked:
            quoted = re.findall(r'"([A-Z][^"]+\.)"', marked)
            assert quoted
            assert set(quoted) <= known
