"""Connections to the server: kept open from one request to the next, which werkzeug's development server does not do.

A connection and a thread for each request would take a quarter of the time of a small one. Keeping them is safe, since
an answer's length is always known here, and since whatever leaves in doubt where the next request begins closes one.
"""

from __future__ import annotations

import logging
import re
import socket
import sys
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LOG = logging.getLogger(__name__)
_MAX_IDLE_SECONDS = 60
"""How long a client may pause within a request, and between two."""

_DRAIN_SECONDS, _DRAIN_READS, _DRAIN_BYTES = 0.01, 1000, 1 << 20
"""For how long, how often and how much at a time what nobody has asked for is read before a connection is closed: with
bytes unread, closing it would be a reset, and the client would not see its answer."""

_BUFFER_BYTES = 1 << 16
_LENGTH = re.compile(r"[0-9]{1,15}")
_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class _Body:
    """The body of a request, as far as its reader wants it."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, by default all; fewer if the client sends no more."""
        found: bytes = self._stream.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(found)
        return found


class Handler(MotoRequestHandler):
    """A handler of all requests of a connection that prints nothing."""

    protocol_version = "HTTP/1.1"
    timeout = _MAX_IDLE_SECONDS
    wbufsize = _BUFFER_BYTES
    disable_nagle_algorithm = True

    def log(self, *_args: Any) -> None:
        """Print nothing; failures reach the client."""

    def log_request(self, *_args: Any) -> None:
        """Print nothing, and do not read the address for it: one that cannot be read would end the answer."""

    def handle_expect_100(self) -> bool:
        """Ask for the body at once: the client waits."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def run_wsgi(self) -> None:
        """Answer a request, also one whose address cannot be read."""
        try:
            self.environ = environ = self.make_environ()
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            self.close_connection = True
            return
        length, chunked = environ.get("CONTENT_LENGTH") or "0", "HTTP_TRANSFER_ENCODING" in environ
        body = _Body(self.rfile, int(length)) if _LENGTH.fullmatch(length) and not chunked else None
        if body is not None:
            environ["wsgi.input"] = body
        complete = self._answer(environ)
        unread = body is None or body.left > 0
        self.close_connection |= unread or not complete
        if unread:
            self._drain()

    def _answer(self, environ: dict[str, Any]) -> bool:
        """Send the application's answer, and return whether it is as long as it says."""
        status, headers, content = _called(self.server.app, environ)
        code, _, reason = status.partition(" ")
        bare = self.command == "HEAD" or int(code) in _WITHOUT_BODY
        declared = next((value for name, value in headers if name.lower() == "content-length"), None)
        if declared is None and not bare:
            declared = str(len(content))
            headers = [*headers, ("Content-Length", declared)]
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if not bare:
            self.wfile.write(content)
        self.wfile.flush()
        return bare or declared == str(len(content))

    def _drain(self) -> None:
        """Read what the client still sends, for a moment."""
        self.connection.settimeout(_DRAIN_SECONDS)
        with suppress(OSError):
            for _ in range(_DRAIN_READS):
                if not self.rfile.read1(_DRAIN_BYTES):
                    return


def _called(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return status, headers and body of an application's answer."""
    content: list[bytes] = []
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _failed: Any = None) -> Callable[[bytes], None]:
        begun[:] = [(status, headers)]
        return content.append

    answer = app(environ, start)
    try:
        content.extend(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    (status, headers), *_ = begun
    return status, headers, b"".join(content)


class Listener(ThreadedWSGIServer):
    """A server with a thread per connection that prints nothing, whatever fails while an answer is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._connections: set[Any] = set()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin to serve a connection."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, and let no connection bring another request; what is being answered still is."""
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)

    def handle_error(self, *_args: Any) -> None:
        """Print nothing: the connection is closed, and its client sees that."""
        LOG.debug("a connection failed: %r", sys.exception())
