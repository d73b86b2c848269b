"""Verification of a request's signature, with the signers that botocore's clients use, so that both sides agree."""

from __future__ import annotations

import hmac
import re
import time
from calendar import timegm
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest, HTTPHeaders
from botocore.credentials import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ALGORITHM = "AWS4-HMAC-SHA256"
_MAX_EXPIRES_SECONDS = 7 * 24 * 3600
"""The longest life of a presigned URL, as S3 has it."""

_FIELD = re.compile(r"(Credential|SignedHeaders|Signature)=([^\s,]+)")
_SCOPE = re.compile(r"([^/]+)/(\d{8})/([\w-]+)/([\w.-]+)/aws4_request")
_TIMESTAMP = re.compile(r"\d{8}T\d{6}Z")
_NUMBER = re.compile(r"[0-9]{1,15}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGEST_HEADER = "x-amz-content-sha256"
_AMAZON_PREFIX = "x-amz-"
"""How the names of headers begin that change what a request does."""

_SIGNED_AS_HEADERS = {"content-md5", "content-type"}
"""Parameters of a URL that version 2 signs as if they were headers, as it does with those of AWS's own."""

_SIGNED_PARAMETERS = {*HmacV1QueryAuth.QSAOfInterest, *_SIGNED_AS_HEADERS, "AWSAccessKeyId", "Expires", "Signature"}
"""Parameters of a URL that version 2 signs, besides those of AWS's own, and those of the signature itself."""


class SignatureRefused(Exception):
    """A request whose signature was not made with the secret, or that has none; the message says which."""


class BodyChanged(Exception):
    """A request whose body is not the one that its signature covers."""


@dataclass(frozen=True)
class Request:
    """A request as its signer saw it.

    Attributes:
        method: The HTTP method.
        url: The URL as sent, with nothing decoded.
        headers: The headers' values by their names in lower case, with dashes for underscores, as WSGI merges them.
        body: Reads the body.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: Callable[[], bytes]

    def header(self, name: str) -> str | None:
        """Return a header's value, None if there is none."""
        return self.headers.get(merged_name(name))


def merged_name(header: str) -> str:
    """Return a header's name as WSGI keeps it, which tells neither cases nor dashes and underscores apart."""
    return header.lower().replace("_", "-")


@dataclass(frozen=True)
class _Claim:
    """What a request says about its own signature."""

    scope: str
    signed_headers: str
    timestamp: str
    signature: str


def verify(request: Request, secret: str) -> None:
    """Check that a request was signed with the secret, in its headers or, presigned, in its URL.

    The age of a signature in headers is not checked: nobody can listen on loopback, and clocks may jump.

    Raises:
        SignatureRefused: It was not, or its time is over.
        BodyChanged: It was, but with another body.
    """
    query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    if authorization := request.header("authorization"):
        _verify(request, secret, _claim_of_header(request, authorization))
    elif query.get("X-Amz-Algorithm"):
        claim = _claim_of_url(query)
        _check_time(_seconds(claim.timestamp), query.get("X-Amz-Expires", ""))
        _verify(_without(request, "X-Amz-Signature"), secret, claim, presigned=True)
    elif "AWSAccessKeyId" in query and "Signature" in query:
        _verify_version_2(request, secret, query)
    else:
        raise SignatureRefused("the request is not signed")


def _claim_of_header(request: Request, authorization: str) -> _Claim:
    algorithm, _, rest = authorization.partition(" ")
    fields = dict(_FIELD.findall(rest))
    if algorithm != _ALGORITHM or len(fields) != 3:
        raise SignatureRefused(f"the Authorization header is not one of {_ALGORITHM}")
    timestamp = request.header("x-amz-date") or ""
    return _Claim(fields["Credential"], fields["SignedHeaders"], timestamp, fields["Signature"])


def _claim_of_url(query: Mapping[str, str]) -> _Claim:
    names = ("X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Date", "X-Amz-Signature")
    if query["X-Amz-Algorithm"] != _ALGORITHM or any(name not in query for name in names):
        raise SignatureRefused(f"the URL is not presigned with {_ALGORITHM}")
    return _Claim(*(query[name] for name in names))


def _seconds(timestamp: str) -> int:
    """Return a time of a signature in seconds since 1970."""
    try:
        return timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))
    except ValueError as error:
        raise SignatureRefused("X-Amz-Date is not a time") from error


def _check_time(signed_at: float, expires: str) -> None:
    if not _NUMBER.fullmatch(expires) or not 1 <= int(expires) <= _MAX_EXPIRES_SECONDS:
        raise SignatureRefused(f"X-Amz-Expires is not a number from 1 to {_MAX_EXPIRES_SECONDS}")
    if time.time() > signed_at + int(expires):
        raise SignatureRefused("the presigned URL has expired")


def _without(request: Request, name: str) -> Request:
    """Return the request without one parameter of its query."""
    parts = urlsplit(request.url)
    kept = "&".join(pair for pair in parts.query.split("&") if pair.partition("=")[0] != name)
    return Request(request.method, urlunsplit(parts._replace(query=kept)), request.headers, request.body)


def _verify(request: Request, secret: str, claim: _Claim, *, presigned: bool = False) -> None:
    scope = _SCOPE.fullmatch(claim.scope)
    if not scope or not _TIMESTAMP.fullmatch(claim.timestamp) or claim.timestamp[:8] != scope[2]:
        raise SignatureRefused("the signature's scope and time are not those of a request")
    key, _, region, service = scope.groups()
    headers = _signed_headers(request, claim.signed_headers)
    declared = request.header(_DIGEST_HEADER)
    payload = declared or ("UNSIGNED-PAYLOAD" if presigned and service == "s3" else sha256(request.body()).hexdigest())
    signer: Any = (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials(key, secret), service, region)
    signer.headers_to_sign = lambda _request: headers  # what was signed is what the request says, no more and no less
    signer.payload = lambda _request: payload
    signed = AWSRequest(method=request.method, url=request.url, headers=headers)
    signed.context["timestamp"] = claim.timestamp
    expected = signer.signature(signer.string_to_sign(signed, signer.canonical_request(signed)), signed)
    _compare(expected, claim.signature)
    if declared and _DIGEST.fullmatch(declared) and sha256(request.body()).hexdigest() != declared:
        raise BodyChanged("the body's SHA-256 is not the one that was signed")


def _signed_headers(request: Request, names: str) -> HTTPHeaders:
    headers = HTTPHeaders()
    for name in names.split(";"):
        value = request.header(name.lower())
        if value is None:
            raise SignatureRefused("a signed header is missing")
        headers[name.lower()] = value
    if "host" not in headers:
        raise SignatureRefused("the header Host is not signed")
    _check_amazon_headers(request, {merged_name(name): value for name, value in headers.items()})
    return headers


def _check_amazon_headers(request: Request, signed: Mapping[str, str]) -> None:
    """Refuse a header of AWS's own that the signature does not cover: x-amz-copy-source makes a copy of an upload."""
    for name, value in request.headers.items():
        if name.startswith(_AMAZON_PREFIX) and signed.get(name) != value:
            raise SignatureRefused(f"the header {name} is not signed")


def _verify_version_2(request: Request, secret: str, query: Mapping[str, str]) -> None:
    """Check a URL that was presigned with version 2, which botocore still makes for S3 unless told otherwise."""
    _check_parameters(urlsplit(request.url).query)
    expires = query.get("Expires", "")
    if not _NUMBER.fullmatch(expires):
        raise SignatureRefused("Expires is not a time")
    if time.time() > int(expires):
        raise SignatureRefused("the presigned URL has expired")
    headers = HTTPHeaders()
    for name, value in query.items():
        if name.startswith(_AMAZON_PREFIX) or name in _SIGNED_AS_HEADERS:
            headers[name] = value
    _check_amazon_headers(request, {merged_name(name): value for name, value in headers.items()})
    signer: Any = HmacV1QueryAuth(Credentials(query["AWSAccessKeyId"], secret))
    signer._get_date = lambda: expires  # noqa: SLF001 - the one date that the signature covers
    _compare(signer.get_signature(request.method, urlsplit(request.url), headers), query["Signature"])


def _check_parameters(query: str) -> None:
    """Refuse a parameter that version 2 does not cover, or two of one name: what they ask for was not signed."""
    names = Counter(pair.partition("=")[0] for pair in query.split("&"))
    for name, times in names.items():
        covered = name in _SIGNED_PARAMETERS or name.startswith(_AMAZON_PREFIX)
        if not covered or times > 1:
            raise SignatureRefused(
                f"the parameter {name} is not signed, or stands there twice; version 4 signs all parameters"
                " (Config(signature_version='s3v4') in boto3)"
            )


def _compare(expected: str, given: str) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise SignatureRefused("the signature was made with another secret access key, or of another request")
