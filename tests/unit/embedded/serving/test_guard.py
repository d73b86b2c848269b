"""The guard lets signed requests of programs through, and nothing else, and answers every request."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from worstsort_embedded.serving.guard import Guard

SECRET, PORT, HOST = "s" * 40, 4566, "localhost:4566"


def environ(path: str = "/", body: bytes = b"{}", method: str = "POST", secret: str = SECRET) -> dict[str, Any]:
    """Return a signed request as it arrives at the guard."""
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    request = AWSRequest(method, f"http://{HOST}{path}", target, body)
    SigV4Auth(Credentials("embedded", secret), "dynamodb", "us-east-1").add_auth(request)
    arrived = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    return {
        "REQUEST_METHOD": method, "REQUEST_URI": path, "PATH_INFO": path.partition("?")[0], "HTTP_HOST": HOST,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **arrived,
    }  # fmt: skip


class Services:
    """The services behind the guard, which note what reaches them and may fail."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.reached: list[dict[str, Any]] = []
        self.failure = failure

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer with the request's body."""
        self.reached.append(environ)
        if self.failure:
            raise self.failure
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]


def ask(services: Services, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Send a request through the guard; return the answer's status, headers and body."""
    answered: list[Any] = []
    guard = Guard(services, PORT, SECRET, "the variables are in a drawer")
    body = b"".join(guard(environ, lambda *start: answered.append(start)))
    (status, headers), *_ = answered
    return int(status.split()[0]), dict(headers), body


def test_a_signed_request_reaches_the_services_with_its_body() -> None:
    services = Services()
    assert ask(services, environ(body=b'{"a": 1}'))[::2] == (200, b'{"a": 1}')


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": f"http://{HOST}"},
        {"HTTP_ORIGIN": ""},
        {"HTTP_REFERER": "http://evil.example/page"},
        {"HTTP_REFERER": "about:client"},
        {"HTTP_REFERER": "http://[evil"},
        {"HTTP_REFERER": "http://localhost:8000/"},
        {"HTTP_REFERER": f"http://{HOST}@evil.example/"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "cross-site  "},
        {"HTTP_SEC_FETCH_SITE": "another"},
        {"HTTP_HOST": "rebind.example:4566"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_HOST": "localhost:4567"},
        {"HTTP_HOST": "localhost.evil.example:4566"},
        {"HTTP_HOST": "evil.localhost:4566"},
        {"HTTP_HOST": f"{HOST},{HOST}"},
        {"HTTP_HOST": "[::1]:4566"},
        {"HTTP_HOST": "0.0.0.0:4566"},
        {"HTTP_HOST": ""},
        {"REQUEST_URI": "http://evil.example/"},
        {"REQUEST_URI": "*"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_what_a_page_can_send_is_refused_before_anything_reads_it(method: str, headers: dict[str, str]) -> None:
    """With a right signature, too; the body is not even read, and no header allows a page to read the answer."""
    services, request = Services(), environ(method=method) | headers
    request["wsgi.input"] = None
    status, answered, _ = ask(services, request)
    assert status == 403
    assert not services.reached
    assert not [name for name in answered if name.lower().startswith("access-control")]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("path", ["/", "/bucket?delete", "/moto-api/reset", "/v1/submitjob", "/2015-03-31/functions/"])
def test_a_request_without_the_secret_is_told_where_it_is(method: str, path: str) -> None:
    """Another user of the machine can read where the variables are, but not what they are."""
    services = Services()
    unsigned = environ(path, method=method)
    del unsigned["HTTP_AUTHORIZATION"]
    for request in (unsigned, environ(path, method=method, secret="e" * 40)):
        status, _, body = ask(services, request)
        assert status == 403
        assert b"the variables are in a drawer" in body
        assert SECRET.encode() not in body
    assert not services.reached


@pytest.mark.parametrize("path", ["/moto-api/reset", "/moto-api", "/favicon.ico", "/latest/meta-data/iam"])
def test_motos_own_interface_is_closed_to_everyone(path: str) -> None:
    services = Services()
    assert ask(services, environ(path))[0] == 404
    assert not services.reached


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_a_body_may_be_empty(body: bytes) -> None:
    """Some operations have no input."""
    assert ask(Services(), environ(body=body))[0] == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b"\xff\xfe", b"a=b", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """As every JSON service of AWS does."""
    services = Services()
    status, _, answered = ask(services, environ(body=body))
    assert (status, json.loads(answered)["__type"]) == (400, "SerializationException")
    assert not services.reached


@pytest.mark.parametrize(
    "change",
    [
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "many"},
        {"CONTENT_LENGTH": "99999999999999"},
        {"CONTENT_LENGTH": "3"},
        {"CONTENT_LENGTH": "9" * 5000},
        {"HTTP_AUTHORIZATION": "é" * 1000},
        {"HTTP_X_AMZ_DATE": "2026"},
    ],
)
def test_a_malformed_request_is_refused(change: dict[str, str]) -> None:
    """With 400 or 403 and no traceback."""
    services = Services()
    assert ask(services, environ() | change)[0] in {400, 403}
    assert not services.reached


PRESIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host&X-Amz-Signature=0&X-Amz-Expires=60"


@pytest.mark.parametrize(
    "change",
    [
        {"HTTP_REFERER": "http://[evil"},
        {"HTTP_REFERER": "http://localhost:4566\N{FULLWIDTH SOLIDUS}@evil.example/"},
        {"REQUEST_URI": f"/?{PRESIGNED}&X-Amz-Credential=a/20201399/r/s3/aws4_request&X-Amz-Date=20201399T999999Z"},
        {"REQUEST_URI": f"/?AWSAccessKeyId=a&Signature=b&Expires={'9' * 5000}"},
        {"HTTP_AUTHORIZATION": "\N{SNOWMAN}"},
        {"REQUEST_METHOD": None},
        {"HTTP_X_AMZ_META": None},
    ],
)
def test_what_the_checks_of_a_caller_cannot_read_is_forbidden(change: dict[str, Any]) -> None:
    """Without a signature nobody is told more than that; the answer says which."""
    services, request = Services(), environ()
    del request["HTTP_AUTHORIZATION"]
    status, _, body = ask(services, request | change)
    assert (status, bool(json.loads(body)["message"])) == (403, True)
    assert not services.reached


@pytest.mark.parametrize("failure", [KeyError("TableName"), ValueError("no"), AttributeError("None"), TypeError("x")])
def test_a_request_that_the_services_cannot_read_is_the_clients_fault(failure: Exception) -> None:
    """The answer is one line with the name of the error, and no traceback."""
    status, headers, body = ask(Services(failure), environ())
    assert (status, headers["x-amzn-ErrorType"]) == (400, "ValidationException")
    assert type(failure).__name__ in json.loads(body)["message"]
    assert b"Traceback" not in body


def test_a_failure_of_the_services_is_one_line() -> None:
    """Clients retry it, as on AWS."""
    status, headers, body = ask(Services(RuntimeError("broken")), environ())
    assert (status, headers["x-amzn-ErrorType"]) == (500, "InternalServerError")
    assert b"Traceback" not in body


def test_an_operation_that_moto_lacks_is_named() -> None:
    """It is nobody's mistake, and trying again is of no use."""
    status, headers, body = ask(Services(NotImplementedError("The list_exports action")), environ())
    assert (status, headers["x-amzn-ErrorType"]) == (501, "NotImplemented")
    assert json.loads(body)["message"] == "the embedded cloud lacks this operation: The list_exports action"
