"""A signature of botocore's own clients is accepted, and no other."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Any
from unittest.mock import patch

import pytest
from botocore.config import Config

from worstsort_embedded.serving.clients import isolated_session
from worstsort_embedded.serving.signature import BodyChanged, Request, SignatureRefused, merged_name, verify

SECRET = "s" * 40
ENDPOINT = "http://localhost:4566"


def sent(service: str, operation: str, secret: str = SECRET, **arguments: Any) -> Any:
    """Return the request that a client would send."""
    client = isolated_session(secret).client(service, endpoint_url=ENDPOINT)
    requests: list[Any] = []

    def keep(request: Any, **_: Any) -> Any:
        requests.append(request)
        raise InterruptedError

    client.meta.events.register("before-send", keep)
    with pytest.raises(InterruptedError):
        getattr(client, operation)(**arguments)
    return requests[0]


def request_of(prepared: Any, **changes: Any) -> Request:
    """Return a client's request as it arrives, with changes."""
    headers = {merged_name(name): _text(value) for name, value in prepared.headers.items()} | {"host": "localhost:4566"}
    headers |= changes.pop("headers", {})
    body = prepared.body or b""
    arrived = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
    values = {"method": prepared.method, "url": prepared.url, "body": lambda: arrived, **changes}
    return Request(values["method"], values["url"], headers, values["body"])


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("dynamodb", "get_item", {"TableName": "t", "Key": {"k": {"S": "é"}}}),
    (
        "s3",
        "put_object",
        {"Bucket": "bucket", "Key": "a b+c/../é//x", "Body": b"x", "Metadata": {"under_score": " a  b"}},
    ),
    ("s3", "list_objects_v2", {"Bucket": "bucket", "Prefix": "a/b c&d=e", "MaxKeys": 3}),
    ("batch", "submit_job", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d"}),
    ("cloudformation", "describe_stacks", {"StackName": "worstsort"}),
    ("lambda", "invoke", {"FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:f", "Payload": b"{}"}),
    ("stepfunctions", "list_state_machines", {}),
]


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS)
def test_a_clients_request_passes(service: str, operation: str, arguments: dict[str, Any]) -> None:
    """Whatever the protocol, the path and the headers are."""
    verify(request_of(sent(service, operation, **arguments)), SECRET)


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS)
def test_another_secret_is_refused(service: str, operation: str, arguments: dict[str, Any]) -> None:
    """The message says so."""
    with pytest.raises(SignatureRefused, match="another secret"):
        verify(request_of(sent(service, operation, "other", **arguments)), SECRET)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"url": f"{ENDPOINT}/other"},
        {"url": f"{ENDPOINT}/?delete"},
        {"headers": {"x-amz-target": "DynamoDB_20120810.DeleteTable"}},
        {"headers": {"host": "rebind.example:4566"}},
        {"headers": {"x-amz-date": "20200101T000000Z"}},
        {"body": lambda: b"{}"},
    ],
)
def test_a_signature_covers_the_whole_request(change: dict[str, Any]) -> None:
    """A signature that was made for one request is worth nothing for another."""
    prepared = sent(*CALLS[0][:2], **CALLS[0][2])
    with pytest.raises(SignatureRefused):
        verify(request_of(prepared, **change), SECRET)


def test_a_body_that_does_not_have_the_signed_digest_is_noticed() -> None:
    """S3's clients sign the digest instead of the body."""
    prepared = sent(*CALLS[1][:2], **CALLS[1][2])
    with pytest.raises(BodyChanged):
        verify(request_of(prepared, body=lambda: b"other"), SECRET)


def presigned(version: str | None, secret: str = SECRET, **options: Any) -> Request:
    """Return a request for a presigned URL."""
    config = Config(signature_version=version) if version else None
    client = isolated_session(secret).client("s3", endpoint_url=ENDPOINT, config=config)
    url = client.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "a b"}, **options)
    return Request("GET", url, {"host": "localhost:4566"}, bytes)


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_presigned_url_passes_until_it_expires(version: str | None) -> None:
    """Both versions of signatures that botocore makes for S3."""
    request = presigned(version, ExpiresIn=60)
    verify(request, SECRET)
    later = time.time() + 61
    with patch("time.time", lambda: later), pytest.raises(SignatureRefused, match="expired"):
        verify(request, SECRET)


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_presigned_url_of_another_secret_object_or_method_is_refused(version: str | None) -> None:
    """A leaked URL gives access to nothing else."""
    request = presigned(version)
    others = [
        presigned(version, "other"),
        Request("DELETE", request.url, request.headers, request.body),
        Request("GET", request.url.replace("a%20b", "c"), request.headers, request.body),
    ]
    for other in others:
        with pytest.raises(SignatureRefused, match="another secret"):
            verify(other, SECRET)


@pytest.mark.parametrize("version", [None, "s3v4"])
@pytest.mark.parametrize(
    "added",
    ["attributes", "prefix=secret", "list-type=2", "encryption", "version%49d=1", "Acl", "x%2Damz-acl=public", "é"],
)
def test_a_parameter_cannot_be_added_to_a_presigned_url(version: str | None, added: str) -> None:
    """A sub-resource that version 2 does not sign would be another request."""
    request = presigned(version)
    with pytest.raises(SignatureRefused):
        verify(Request("GET", f"{request.url}&{added}", request.headers, request.body), SECRET)


@pytest.mark.parametrize("added", ["Expires=1", "Signature=x", "AWSAccessKeyId=x", "versionId=2"])
def test_a_parameter_of_a_presigned_url_stands_there_once(added: str) -> None:
    """Else a reader could take the one and the signature cover the other."""
    client = isolated_session(SECRET).client("s3", endpoint_url=ENDPOINT)
    parameters = {"Bucket": "bucket", "Key": "k", "VersionId": "1"}
    url = client.generate_presigned_url("get_object", Params=parameters)
    verify(Request("GET", url, {"host": "localhost:4566"}, bytes), SECRET)
    for doubled in (f"{url}&{added}", url.replace("?", f"?{added}&")):
        with pytest.raises(SignatureRefused, match="stands there twice"):
            verify(Request("GET", doubled, {"host": "localhost:4566"}, bytes), SECRET)


def presigned_upload(version: str | None, headers: dict[str, str]) -> Request:
    """Return an upload to a presigned URL, with metadata that is signed, and with more headers."""
    config = Config(signature_version=version) if version else None
    client = isolated_session(SECRET).client("s3", endpoint_url=ENDPOINT, config=config)
    parameters = {"Bucket": "bucket", "Key": "up", "Metadata": {"signed": "yes"}}
    url = client.generate_presigned_url("put_object", Params=parameters)
    return Request("PUT", url, {"host": "localhost:4566", "x-amz-meta-signed": "yes", **headers}, lambda: b"x")


UNSIGNED_HEADERS = {
    "x-amz-copy-source": "/bucket/secret",
    "x-amz-acl": "public-read",
    "x-amz-meta-more": "1",
    "x-amz-tagging": "a=b",
}


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_an_upload_to_a_presigned_url_may_repeat_signed_headers_and_add_common_ones(version: str | None) -> None:
    """Those of HTTP and of tracing mean nothing to S3."""
    verify(presigned_upload(version, {"accept": "*/*", "x-amzn-trace-id": "Root=1", "user-agent": "curl"}), SECRET)


@pytest.mark.parametrize("version", [None, "s3v4"])
@pytest.mark.parametrize("name", UNSIGNED_HEADERS)
def test_a_presigned_url_does_not_pass_with_an_unsigned_header_of_aws(version: str | None, name: str) -> None:
    """A URL to upload one object would read every other with x-amz-copy-source."""
    with pytest.raises(SignatureRefused, match=f"the header {name} is not signed"):
        verify(presigned_upload(version, {name: UNSIGNED_HEADERS[name]}), SECRET)


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_signed_header_of_a_presigned_url_has_the_signed_value(version: str | None) -> None:
    with pytest.raises(SignatureRefused):
        verify(presigned_upload(version, {"x-amz-meta-signed": "no"}), SECRET)


@pytest.mark.parametrize("name", UNSIGNED_HEADERS)
def test_a_header_of_aws_cannot_be_added_to_a_signed_request(name: str) -> None:
    with pytest.raises(SignatureRefused, match=f"the header {name} is not signed"):
        verify(request_of(sent(*CALLS[1][:2], **CALLS[1][2]), headers={name: UNSIGNED_HEADERS[name]}), SECRET)


EMPTY = sha256(b"").hexdigest()
SCOPE = "embedded/20260101/us-east-1/s3/aws4_request"
PRESIGNED = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}&X-Amz-SignedHeaders=host&X-Amz-Signature=0"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic ZW1iZWRkZWQ6ZW1iZWRkZWQ=",
        "AWS embedded:signature",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=embedded, SignedHeaders=host, Signature=0",
        f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature={EMPTY}",
        f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=, Signature={EMPTY}",
        f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=x-amz-date, Signature={EMPTY}",
        f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;missing, Signature={EMPTY}",
        f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=é",
        f"AWS4-HMAC-SHA256 Credential=/{SCOPE}, SignedHeaders=host, Signature={EMPTY}",
    ],
)
def test_what_is_no_signature_is_refused(authorization: str) -> None:
    """With a message, and with no other error."""
    headers = {"authorization": authorization, "host": "localhost:4566", "x-amz-date": "20260101T000000Z"}
    with pytest.raises(SignatureRefused):
        verify(Request("GET", f"{ENDPOINT}/", headers, bytes), SECRET)


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Algorithm=none",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        f"{PRESIGNED}&X-Amz-Date=today",
        f"{PRESIGNED}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=-1",
        "AWSAccessKeyId=embedded&Signature=x&Expires=99999999999",
        "AWSAccessKeyId=embedded&Signature=x&Expires=never",
        f"AWSAccessKeyId=embedded&Signature=x&Expires={'9' * 5000}",
        f"{PRESIGNED}&X-Amz-Date=20201399T999999Z&X-Amz-Expires=60",
        f"{PRESIGNED}&X-Amz-Date=20260101T000000Z&X-Amz-Expires={'9' * 5000}",
    ],
)
def test_what_is_no_presigned_url_is_refused(query: str) -> None:
    """With a message, and with no other error."""
    with pytest.raises(SignatureRefused):
        verify(Request("GET", f"{ENDPOINT}/bucket/key?{query}", {"host": "localhost:4566"}, bytes), SECRET)
