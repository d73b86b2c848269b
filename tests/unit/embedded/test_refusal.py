"""Errors have the names and the forms that each service's clients know."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.parsers import create_parser

from worstsort_embedded.refusal import INTERNAL_ERRORS, Refusal, answer, internal_error

USED = ["batch", "cloudformation", "cloudwatch", "dynamodb", "ec2", "events", "iam", "lambda", "logs", "s3", "sns",
        "sqs", "ssm", "stepfunctions", "sts"]  # fmt: skip
"""The services that the template, the functions, the worker and the command use."""

OWN_NAMES = {
    "batch": "ServerException",
    "cloudwatch": "InternalServiceError",
    "dynamodb": "InternalServerError",
    "ec2": "InternalError",
    "events": "InternalException",
    "iam": "ServiceFailure",
    "lambda": "ServiceException",
    "logs": "InternalServerException",
    "s3": "InternalError",
    "sns": "InternalError",
    "ssm": "InternalServerError",
}


def answered(service: str, path: str = "/", signed_as: str | None = None) -> dict[str, Any]:
    """Return what botocore's own parser of a service's answers reads in an error."""
    scope = f"AWS4-HMAC-SHA256 Credential=embedded/20260101/us-east-1/{signed_as or service}/aws4_request"
    started: list[Any] = []
    refusal = Refusal("500 Internal Server Error", internal_error(service), "broken <é>")
    body = b"".join(
        answer({"HTTP_AUTHORIZATION": scope, "PATH_INFO": path}, lambda *start: started.append(start), refusal)
    )
    ((status, headers),) = started
    protocol = botocore.session.get_session().get_service_model(service).metadata["protocol"]
    response = {"status_code": int(status.split()[0]), "headers": {k.lower(): v for k, v in headers}, "body": body}
    error: dict[str, Any] = create_parser(protocol).parse(response, None)["Error"]
    return error


@pytest.mark.parametrize("service", USED)
def test_a_failure_has_the_name_that_the_service_gives_to_its_own(service: str) -> None:
    """State machines and SDKs retry it by this name, such as Lambda.ServiceException."""
    assert internal_error(service) == OWN_NAMES.get(service, "InternalFailure")


@pytest.mark.parametrize(
    "service", [service for service in USED if service != "cloudwatch"]
)  # it speaks CBOR, moto not
@pytest.mark.parametrize("path", ["/", "/2015-03-31/functions/", "/v1/x"])
def test_clients_read_name_and_message(service: str, path: str) -> None:
    """In whatever protocol; the path tells nothing."""
    signed_as = {"stepfunctions": "states"}.get(service)
    error = answered(service, path, signed_as)
    assert (error["Code"], error["Message"]) == (OWN_NAMES.get(service, "InternalFailure"), "broken <é>")


def test_no_service_lists_two_failures_of_its_own() -> None:
    """So it does not matter which is looked for first."""
    session = botocore.session.get_session()
    for service in USED:
        model = session.get_service_model(service)
        shapes = [model.shape_for(name) for name in model.shape_names if name in INTERNAL_ERRORS]
        assert len([shape for shape in shapes if shape.metadata.get("exception")]) <= 1, service
