"""What policies and code cite of AWS's documentation is what botocore's models say, wherever they hold the sentence."""

from __future__ import annotations

import re

import botocore.session
import pytest

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
    shape = botocore.session.get_session().get_service_model(service).shape_for(name)
    documentation = (shape.members[member] if member else shape).documentation
    assert sentence in " ".join(re.sub(r"<[^>]+>", "", documentation).split())
