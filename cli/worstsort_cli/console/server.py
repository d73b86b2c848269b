"""The console's server: a thread of this process that listens on loopback until it is told to stop."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from worstsort_cli.console.application import Settings, make
from worstsort_cli.console.gate import LOOPBACK, Gate
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_cli.console.reader import Reader

LOG = logging.getLogger(__name__)

_MAX_IDLE_SECONDS = 60
"""How long a client may pause within a request."""

_SHUTDOWN_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Address:
    """Where a console listens.

    Attributes:
        base: The address without the token, which others may see.
        url: The address with the token of this start: whoever has it can do what the console can.
    """

    base: str
    url: str


@contextmanager
def serving(reader: Reader, port: int, *, read_only: bool = False) -> Iterator[Address]:
    """Serve a console for as long as the context lasts.

    Args:
        reader: What it shows.
        port: Where it listens, 0 for any free port.
        read_only: Whether nothing can be started, stopped or resumed through it.

    Raises:
        CommandFailed: The port is taken.
    """
    try:
        listener = socket.create_server((LOOPBACK, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        said = f"port {port} is taken; --port names another, and 0 means any free one" if taken else str(error)
        raise CommandFailed(said) from error
    bound: int = listener.getsockname()[1]
    gate = Gate(bound)
    app = make(gate, reader, Settings(read_only=read_only))
    with listener:  # of which the server makes a copy for itself
        server = _Server(LOOPBACK, bound, app, _Handler, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(_SHUTDOWN_POLL_SECONDS,), name="console", daemon=True)
    thread.start()
    base = f"http://{LOOPBACK}:{bound}/"
    try:
        yield Address(base, f"{base}?token={gate.token}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(WSGIRequestHandler):
    """A request handler that prints nothing: addresses carry the token."""

    timeout = _MAX_IDLE_SECONDS

    def log(self, *_args: Any) -> None:
        """Print nothing."""

    def log_request(self, *_args: Any) -> None:
        """Print nothing."""


class _Server(ThreadedWSGIServer):
    """A server with a thread per request that ends with its process, and prints nothing."""

    daemon_threads = True

    def handle_error(self, *_args: Any) -> None:
        """Print nothing: the connection is closed, and its client sees that."""
        LOG.debug("a connection failed: %r", sys.exception())
