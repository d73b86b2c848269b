"""The strict mode of the embedded cloud: requests that AWS would refuse are refused before moto sees them."""

from __future__ import annotations

import io
import json
import re
import threading
import uuid
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.batch.models import batch_backends
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.exceptions import HTTPException

from worstsort_embedded.strict.checks import Call, check, missing
from worstsort_embedded.strict.rule import as_texts
from worstsort_embedded.strict.rules import violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from worstsort_embedded.patches import Patches
    from worstsort_embedded.strict.limit import Limit

_SIGNED = re.compile(r"(?:X-Amz-)?Credential=[^/]+/[^/]+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_SERVICES = {"states": "stepfunctions", "monitoring": "cloudwatch"}
"""botocore's names of services whose requests are signed under another name."""

_BODIES = {"s3 PutObject", "s3 UploadPart"}
"""Operations whose body is data, of any size, which no limit concerns."""

_ERRORS = {
    "batch": "ClientException",
    "cloudformation": "ValidationError",
    "cloudwatch": "InvalidParameterValue",
    "ec2": "InvalidParameterValue",
    "iam": "ValidationError",
    "s3": "InvalidArgument",
    "sns": "InvalidParameter",
    "sqs": "InvalidAttributeValue",
}
"""The error of a service's refusals; ValidationException elsewhere."""

_STRICT_PROTOCOLS = {"json", "rest-json", "query"}
"""Protocols of which a request has all its fields once it is read; S3's bodies are not."""

_ACCOUNT = "123456789012"
_MAX_PARSED_BYTES = 8 * 1024 * 1024


class Gate:
    """A door before moto that refuses what AWS refuses, and counts what it has held to AWS's limits.

    Attributes:
        checks: The number of checks made, per service and operation.
        limits: The limits that values were held to, with the field of each.
    """

    def __init__(self) -> None:
        self.checks: Counter[str] = Counter()
        self.limits: set[tuple[str, Limit]] = set()
        self._lock = threading.Lock()

    def install(self, patches: Patches) -> None:
        """Put the gate before moto's application."""
        patches.wrap(DomainDispatcherApplication, "__call__", self._answer)

    def _answer(
        self,
        original: Callable[..., Any],
        app: DomainDispatcherApplication,
        environ: dict[str, Any],
        start_response: Any,
    ) -> Iterable[bytes]:
        call, region = understood(environ)
        if call is None or (refusal := self._refusal(call, region)) is None:
            answer: Iterable[bytes] = original(app, environ, start_response)
            return answer
        return refuse(call, *refusal, start_response)

    def _refusal(self, call: Call, region: str) -> tuple[str, str] | None:
        """Return the name and the message of the error with which AWS refuses a call, or None."""
        made = list(check(call))
        held = [(each.field, each.limit) for each in made if each.limit is not None]
        with self._lock:
            self.checks[f"{call.service} {call.operation}"] += len(held)
            self.limits.update(held)
        error = _ERRORS.get(call.service, "ValidationException")
        failed = [str(each) for each in made if not each.passed]
        if str(get_service_model(call.service).protocol) in _STRICT_PROTOCOLS:
            failed = [*missing(call), *failed]
        if failed:
            plural = "s" if len(failed) > 1 else ""
            return error, f"{len(failed)} validation error{plural} detected: {'; '.join(failed)}"
        for broken in violations(call, Account(region)):
            return broken.rule.error or error, f'{broken.how} ("{broken.rule.sentence}", {broken.rule.source})'
        return None


class Account:
    """What exists in the embedded cloud, for rules that depend on it."""

    def __init__(self, region: str) -> None:
        self._batch = batch_backends[_ACCOUNT].get(region)

    def kind_of(self, environment: str) -> str | None:
        """Return a compute environment's type, such as SPOT, by its ARN or name; None if it is not known."""
        made = self._batch.get_compute_environment(environment) if self._batch else None
        resources = made.compute_resources if made else None
        return str(resources.get("kind", resources["type"])) if resources else None

    def instance_types_of(self, environment: str) -> list[str]:
        """Return a compute environment's instance types, by its ARN or name; none if they are not known."""
        made = self._batch.get_compute_environment(environment) if self._batch else None
        return as_texts((made.compute_resources or {}).get("instanceTypes")) if made else []

    def environments_of(self, queue: str) -> list[str]:
        """Return the compute environments of a queue, by its ARN or name."""
        made = self._batch.get_job_queue(queue) if self._batch else None
        return [environment.arn for environment in made.environments] if made else []

    def is_active(self, definition: str) -> bool:
        """Return whether a job definition has not been de-registered."""
        made = self._batch.get_job_definition(definition) if self._batch else None
        return made is None or made.status == "ACTIVE"


def understood(environ: dict[str, Any]) -> tuple[Call | None, str]:
    """Return the call that a request makes, and its region; no call if the request is not one of AWS's."""
    query = unquote(environ.get("QUERY_STRING", ""))
    signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", "") or query)
    if signed:
        service, region = signed["service"], signed["region"]
    elif "AWSAccessKeyId=" in query:  # an address that was signed by version 2, which S3 alone takes
        service, region = "s3", ""
    else:
        return None, ""
    try:
        return _parsed(_SERVICES.get(service, service), environ), region
    except (HTTPException, LookupError, NotImplementedError, ValueError, TypeError, AttributeError):
        return None, ""  # moto answers what it makes of it


def _parsed(service: str, environ: dict[str, Any]) -> Call | None:
    """Read a request by the service's description, as AWS does."""
    model = get_service_model(service)
    body = _body(environ)
    request = Request(dict(environ, **{"wsgi.input": io.BytesIO(body)}))
    operation, labels = _operation(model, request)
    if operation is None or operation.input_shape is None:
        return None
    name = f"{service} {operation.name}"
    protocol = determine_request_protocol(model, request.content_type)
    parser = PROTOCOL_PARSERS[protocol](operation, map_type=dict)
    parsed = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": b"" if name in _BODIES else request.data,
            "url_path": request.path,
            "url_params": labels,
        }
    )
    return Call(service, operation.name, {key: value for key, value in parsed.items() if key != "Body"}, name)


def _body(environ: dict[str, Any]) -> bytes:
    """Return the body of a request, and leave it to be read again; nothing of one without a length."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    if not 0 < size <= _MAX_PARSED_BYTES:
        return b""
    body: bytes = environ["wsgi.input"].read(size)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _operation(model: Any, request: Request) -> tuple[Any, dict[str, Any]]:
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2] or request.values.get("Action")
    if target:
        return model.operation_model(target), {}
    operation, labels = get_service_router(model.service_name).match(request)
    return operation, dict(labels)


def refuse(call: Call, error: str, message: str, start_response: Any) -> Iterator[bytes]:
    """Answer as the service of a call refuses: its protocol's form of an error."""
    protocol = str(get_service_model(call.service).protocol)
    request_id = str(uuid.uuid4())
    if protocol in {"json", "rest-json"}:
        kind, text = "application/x-amz-json-1.1", json.dumps({"__type": error, "message": message})
    elif protocol == "rest-xml":
        inside = f"<Code>{error}</Code><Message>{escape(message)}</Message><RequestId>{request_id}</RequestId>"
        kind, text = "application/xml", f"<Error>{inside}</Error>"
    elif protocol == "ec2":
        inside = f"<Errors><Error><Code>{error}</Code><Message>{escape(message)}</Message></Error></Errors>"
        kind, text = "text/xml", f"<Response>{inside}<RequestID>{request_id}</RequestID></Response>"
    else:
        inside = f"<Error><Type>Sender</Type><Code>{error}</Code><Message>{escape(message)}</Message></Error>"
        kind, text = "text/xml", f"<ErrorResponse>{inside}<RequestId>{request_id}</RequestId></ErrorResponse>"
    status = "413 Request Entity Too Large" if error == "RequestEntityTooLargeException" else "400 Bad Request"
    body = text.encode()
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("x-amzn-ErrorType", error),
        ("x-amzn-RequestId", request_id),
    ]
    start_response(status, headers)
    yield body
