"""Errors as AWS's services answer them: their names, and their form in the protocol that a service's clients read."""

from __future__ import annotations

import json
import re
import uuid
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNED = re.compile(r"(?:X-Amz-)?Credential=[^/]+/[^/]+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_SERVICES = {"states": "stepfunctions", "monitoring": "cloudwatch"}
"""botocore's names of services whose requests are signed under another name."""

INTERNAL_ERRORS = (
    "InternalServerError", "InternalServerException", "InternalException", "InternalErrorException",
    "InternalServiceFault", "KMSInternalException", "ServiceFailureException", "ServerException", "ServiceException",
)  # fmt: skip
"""What services call a failure of their own, as botocore's models list it; no service lists two of them."""

_COMMON_INTERNAL_ERROR = "InternalFailure"
"""The same where the model lists none: "The request processing has failed because of an unknown error, exception or
failure" (AWS's references, Common Errors)."""

_OTHER_INTERNAL_ERRORS = {"s3": "InternalError", "ec2": "InternalError"}
"""The same of services with a list of errors of their own (S3's Error Responses, EC2's Error Codes)."""


class Refusal(Exception):
    """A request that is answered with an error.

    Attributes:
        status: The HTTP status with its reason.
        code: The service's name for the error.
    """

    def __init__(self, status: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def addressee(environ: dict[str, Any]) -> tuple[str | None, str]:
    """Return the service, by botocore's name, and the region of a request; no service if it does not say."""
    query = unquote(environ.get("QUERY_STRING", ""))
    if signed := _SIGNED.search(environ.get("HTTP_AUTHORIZATION", "") or query):
        return _SERVICES.get(signed["service"], signed["service"]), signed["region"]
    # an address that was signed by version 2, which S3 alone takes
    return ("s3" if "AWSAccessKeyId=" in query else None), ""


@cache
def internal_error(service: str | None) -> str:
    """Return what a service calls a failure of its own; its clients, and state machines, retry it by this name."""
    if service is None or _protocol(service) is None:
        return _COMMON_INTERNAL_ERROR
    if service in _OTHER_INTERNAL_ERRORS:
        return _OTHER_INTERNAL_ERRORS[service]
    model = get_service_model(service)
    for shape in map(model.shape_for, filter(model.shape_names.__contains__, INTERNAL_ERRORS)):
        if shape.metadata.get("exception"):
            return str(shape.metadata.get("error", {}).get("code", shape.name))
    return _COMMON_INTERNAL_ERROR


def answer(environ: dict[str, Any], start_response: Callable[..., Any], refusal: Refusal) -> list[bytes]:
    """Answer a request with an error."""
    request_id = str(uuid.uuid4())
    kind, text = _form(_spoken(environ), refusal.code, str(refusal), request_id)
    body = text.encode("utf-8", "backslashreplace")
    headers = {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "x-amzn-ErrorType": refusal.code,
        "x-amzn-RequestId": request_id,
    }
    start_response(refusal.status, list(headers.items()))
    return [body]


def _form(protocol: str, code: str, message: str, request_id: str) -> tuple[str, str]:
    """Return the media type and the text of an error in a protocol."""
    if protocol in {"json", "rest-json"}:
        return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    inside = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if protocol == "rest-xml":
        return "application/xml", f"<Error>{inside}<RequestId>{request_id}</RequestId></Error>"
    if protocol == "ec2":
        error = f"<Errors><Error>{inside}</Error></Errors><RequestID>{request_id}</RequestID>"
        return "text/xml", f"<Response>{error}</Response>"
    error = f"<Error><Type>Sender</Type>{inside}</Error><RequestId>{request_id}</RequestId>"
    return "text/xml", f"<ErrorResponse>{error}</ErrorResponse>"


def _spoken(environ: dict[str, Any]) -> str:
    """Return the protocol of a request: that of the service it was signed for, else what it looks like."""
    service, _ = addressee(environ)
    if service and (protocol := _protocol(service)):
        return protocol
    looks_like_json = "HTTP_X_AMZ_TARGET" in environ or environ.get("PATH_INFO", "").startswith(("/v1/", "/20"))
    return "json" if looks_like_json else "query"


@cache
def _protocol(service: str) -> str | None:
    """Return the protocol of a service, None if AWS has no such service."""
    try:
        return str(get_service_model(service).protocol)
    except (UnknownServiceError, ValueError):
        return None
