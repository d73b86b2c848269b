"""The strict mode of the embedded cloud: requests that AWS would refuse are refused before moto sees them."""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from moto.batch.models import batch_backends
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.exceptions import HTTPException, NotFound

from worstsort_embedded.refusal import Refusal, addressee
from worstsort_embedded.strict.checks import Call, check, missing
from worstsort_embedded.strict.json_types import mismatches
from worstsort_embedded.strict.rule import as_texts
from worstsort_embedded.strict.rules import violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from worstsort_embedded.patches import Patches
    from worstsort_embedded.strict.limit import Limit

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

_JSON_PROTOCOLS = {"json", "rest-json"}
_CONTENT_TYPES = {"json": "application/x-amz-json-1.1", "rest-json": "application/json"}
_MAX_MISMATCHES = 5
"""How many values of other types a refusal names."""

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
        if call is not None:
            self._hold(call, region)
            _check_served(app, call, environ)
        answer: Iterable[bytes] = original(app, environ, start_response)
        return answer

    def _hold(self, call: Call, region: str) -> None:
        """Hold a call to AWS's limits; raises Refusal with the service's error."""
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
            raise _refusal(error, f"{len(failed)} validation error{plural} detected: {'; '.join(failed)}")
        for broken in violations(call, Account(region)):
            said = f'{broken.how} ("{broken.rule.sentence}", {broken.rule.source})'
            raise _refusal(broken.rule.error or error, said)


def _refusal(code: str, message: str) -> Refusal:
    """Return an error of the caller's."""
    too_large = code == "RequestEntityTooLargeException"
    return Refusal("413 Request Entity Too Large" if too_large else "400 Bad Request", code, message)


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

    def neighbours_of(self, environment: str) -> list[str]:
        """Return the other compute environments of the queues that lead to one, by its ARN or name."""
        made = self._batch.get_compute_environment(environment) if self._batch else None
        queues = self._batch._job_queues.values() if self._batch else ()  # noqa: SLF001 - moto lists them nowhere else
        found = [queue.environments for queue in queues if made in queue.environments]
        return [other.arn for environments in found for other in environments if other is not made]

    def is_active(self, definition: str) -> bool:
        """Return whether a job definition has not been de-registered."""
        made = self._batch.get_job_definition(definition) if self._batch else None
        return made is None or made.status == "ACTIVE"


def understood(environ: dict[str, Any]) -> tuple[Call | None, str]:
    """Return the call that a request makes, and its region; no call if the request is not one of AWS's."""
    service, region = addressee(environ)
    if service is None:
        return None, ""
    try:
        return _parsed(service, environ), region
    except NotFound as error:
        if str(get_service_model(service).protocol) == "rest-json":
            where = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            raise Refusal("404 Not Found", "UnknownOperationException", f"no such operation: {where}") from error
    except (HTTPException, LookupError, NotImplementedError, ValueError, TypeError, AttributeError):
        pass  # moto answers what it makes of it
    return None, ""


def _check_served(app: DomainDispatcherApplication, call: Call, environ: dict[str, Any]) -> None:
    """Refuse an operation to whose address moto does not listen; one of another protocol it refuses itself."""
    if str(get_service_model(call.service).protocol) == "rest-json":
        routes = app.get_application(environ).url_map.bind_to_environ(environ)
        if not routes.test():
            raise NotImplementedError(f"{call.service} {call.operation}")


def _parsed(service: str, environ: dict[str, Any]) -> Call | None:
    """Read a request by the service's description, as AWS does."""
    model = get_service_model(service)
    request = Request({**environ, **_content_type(model), "wsgi.input": io.BytesIO(_body(environ))})
    operation, labels = _operation(model, request)
    if operation is None or operation.input_shape is None:
        return None
    name = f"{service} {operation.name}"
    protocol = determine_request_protocol(model, request.content_type)
    if protocol in _JSON_PROTOCOLS and "payload" not in operation.input_shape.serialization:
        _check_types(operation.input_shape, request.data, name)
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
    return Call(service, operation.name, parsed, name)


def _content_type(model: Any) -> dict[str, str]:
    """Return what the body of a request is to a service with a single protocol, whatever its client says."""
    only = str(model.protocol)
    single = model.metadata.get("protocols", [only]) == [only]
    return {"CONTENT_TYPE": _CONTENT_TYPES[only]} if single and only in _CONTENT_TYPES else {}


def _check_types(shape: Any, body: bytes, name: str) -> None:
    """Refuse a JSON body that cannot be read, or that has values of other types than its operation."""
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise _refusal("SerializationException", f"the body is not JSON: {error}") from error
    if found := "; ".join(islice(mismatches(shape, given, name), _MAX_MISMATCHES)):
        raise _refusal("SerializationException", found)


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
