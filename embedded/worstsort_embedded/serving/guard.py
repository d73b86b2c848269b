"""The guard before the services: only signed requests of programs on this machine pass, and none of web pages."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.parse import RequestParserError

from worstsort_embedded.refusal import Refusal, addressee, answer, internal_error
from worstsort_embedded.serving.signature import BodyChanged, Request, SignatureRefused, merged_name, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LOG = logging.getLogger(__name__)
_CLOSED = ("/moto-api", "/favicon.ico", "/latest/meta-data", "/latest/api")
"""Paths of moto's own interface, which can empty every service, and of an instance's metadata."""

_OWN_SITES = ("none", "same-origin")
"""What a browser says of a request that comes from its user, who may open a presigned URL, or from this very server."""

_MAX_BODY_BYTES = 512 * 1024 * 1024
_BODY = "worstsort.body"
"""Where a request's environment has the body once it is read."""

_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RequestParserError,
    TypeError,
    UnknownServiceError,
    ValueError,
)
"""Errors with which moto ends when a request is not what it expects."""

_LENGTH = re.compile(r"[0-9]{1,12}")
_TARGET = re.compile(r"[\w.-]+\.\w+")


class Guard:
    """A WSGI application around the services' own.

    Args:
        app: The services.
        port: The port that it serves.
        secret: The secret access key with which every request must be signed.
        where: Where a person finds the secret, for the refusals.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], port: int, secret: str, where: str) -> None:
        self._app, self._secret, self._where = app, secret, where
        names = ("localhost", "127.0.0.1")
        self._hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request: by the services if it may pass, else with an error in the form that its client reads."""
        try:
            self._check_caller(environ)
            _check_form(environ)
            return self._app(environ, start_response)
        except Refusal as refusal:
            return answer(environ, start_response, refusal)
        except ConnectionError:
            raise
        except Exception as error:
            LOG.debug("a request failed", exc_info=True)
            return answer(environ, start_response, _refusal(environ, error))

    def _check_caller(self, environ: dict[str, Any]) -> None:
        """Refuse whoever may not pass, and whatever these checks cannot read: nothing of it has shown that it may."""
        try:
            self._check_origin(environ)
            self._check_signature(environ)
        except (Refusal, ConnectionError):
            raise
        except Exception as error:
            said = f"the request's origin and signature cannot be read: {type(error).__name__}: {str(error)[:200]}"
            raise Refusal("403 Forbidden", "AccessDenied", said) from error

    def _check_origin(self, environ: dict[str, Any]) -> None:
        """Refuse what a web page can send: browsers name the page, and a name bound to loopback is in Host."""
        host, referer = environ.get("HTTP_HOST", ""), environ.get("HTTP_REFERER")
        if host.lower() not in self._hosts or not environ.get("REQUEST_URI", "").startswith("/"):
            raise Refusal("403 Forbidden", "AccessDenied", f"this server is {min(self._hosts)}, not {host!r}")
        if (
            "HTTP_ORIGIN" in environ
            or environ.get("HTTP_SEC_FETCH_SITE", "none").lower() not in _OWN_SITES
            or (referer is not None and urlsplit(referer).netloc.lower() not in self._hosts)
        ):
            raise Refusal("403 Forbidden", "AccessDenied", "web pages have no access to the embedded cloud")

    def _check_signature(self, environ: dict[str, Any]) -> None:
        try:
            verify(_request(environ), self._secret)
        except SignatureRefused as refused:
            message = f"{refused}: a client needs the variables that this start of the cloud has drawn; {self._where}"
            raise Refusal("403 Forbidden", "InvalidSignatureException", message) from refused
        except BodyChanged as changed:
            raise Refusal("400 Bad Request", "XAmzContentSHA256Mismatch", str(changed)) from changed
        if environ.get("PATH_INFO", "").startswith(_CLOSED):
            raise Refusal("404 Not Found", "UnknownOperationException", "there is nothing at this path")


def _refusal(environ: dict[str, Any], error: Exception) -> Refusal:
    """Return what a client is told about an error that the services have ended with, and whose fault it is."""
    service, _ = addressee(environ)
    if isinstance(error, OperationNotFoundError):
        return Refusal("400 Bad Request", "UnknownOperationException", f"no such operation: {error}")
    if isinstance(error, NotImplementedError):
        return Refusal("501 Not Implemented", "NotImplemented", f"the embedded cloud lacks this operation: {error}")
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, _UNREADABLE):
        return Refusal("400 Bad Request", "ValidationException", f"the request cannot be read: {said}")
    return Refusal("500 Internal Server Error", internal_error(service), f"the embedded cloud failed: {said}")


def _request(environ: dict[str, Any]) -> Request:
    """Return the request as its signer saw it."""
    headers = {
        merged_name(key.removeprefix("HTTP_")): value.encode("latin-1").decode("utf-8", "replace")
        for key, value in environ.items()
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}
    }
    host, uri = environ["HTTP_HOST"], environ["REQUEST_URI"]
    return Request(environ["REQUEST_METHOD"], f"http://{host}{uri}", headers, lambda: _body(environ))


def _body(environ: dict[str, Any]) -> bytes:
    """Read the body, and put it back for the next reader.

    Raises:
        Refusal: It is too long, or ends before its length.
    """
    stream, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH") or "0"
    if _BODY in environ:
        return bytes(environ[_BODY])
    if not _LENGTH.fullmatch(length) or int(length) > _MAX_BODY_BYTES:
        raise Refusal("400 Bad Request", "InvalidArgument", f"Content-Length is {length[:20]!r}")
    chunked = bool(environ.get("wsgi.input_terminated"))
    try:
        body: bytes = stream.read(_MAX_BODY_BYTES if chunked else int(length))
    except OSError as error:
        raise Refusal("400 Bad Request", "IncompleteBody", f"the body cannot be read: {error}") from error
    if not chunked and len(body) < int(length):
        raise Refusal("400 Bad Request", "IncompleteBody", f"the body has {len(body)} bytes of {length}")
    environ |= {_BODY: body, "wsgi.input": io.BytesIO(body)}
    return body


def _check_form(environ: dict[str, Any]) -> None:
    """Refuse a JSON request whose operation or body is not one, as every service does before it reads further."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target is None:
        return
    if not _TARGET.fullmatch(target):
        raise Refusal("400 Bad Request", "UnknownOperationException", f"X-Amz-Target is {target!r}")
    try:
        value = json.loads(_body(environ) or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refusal("400 Bad Request", "SerializationException", f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Refusal("400 Bad Request", "SerializationException", "the body is not a JSON object")
