"""The server of moto's services: on loopback only, and silent."""

from __future__ import annotations

import errno
import socket
import threading
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import DynamoDBBackend
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.responses import S3Response
from werkzeug.serving import make_server

from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.serving.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort_embedded.patches import Patches

_LOOPBACK = "127.0.0.1"
_SHUTDOWN_POLL_SECONDS = 0.05


_MAX_IDLE_SECONDS = 60
"""How long a client may pause within a request."""


class _SilentHandler(MotoRequestHandler):
    """A request handler that prints nothing."""

    timeout = _MAX_IDLE_SECONDS

    def log(self, *_args: Any) -> None:
        """Print nothing; failures reach the client."""

    def log_request(self, *_args: Any) -> None:
        """Print nothing, and do not read the address for it: one that cannot be read would end the answer."""

    def run_wsgi(self) -> None:
        """Answer a request, also one whose address cannot be read."""
        try:
            super().run_wsgi()
        except ValueError:
            self.send_error(400)
            self.close_connection = True


def cache_services(patches: Patches) -> None:
    """Look up the service of a host name once: moto lists its own folders for every request."""
    services: dict[str | None, Any] = {}

    def find(original: Callable[..., Any], app: DomainDispatcherApplication, host: str | None) -> Any:
        if host not in services:
            services[host] = original(app, host)
        return services[host]

    patches.wrap(werkzeug_app.DomainDispatcherApplication, "get_backend_for_host", find)


def close_moto(patches: Patches) -> None:
    """Let no page of another origin read an answer: moto would allow that to all of them."""
    patches.replace(werkzeug_app, "DISABLE_GLOBAL_CORS", True)


def serialise_writes(patches: Patches) -> None:
    """Let no write come between another's condition and its effect: moto handles each request in its own thread."""
    lock = threading.RLock()

    def locked(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(*args, **kwargs)

    patches.wrap(S3Response, "put_object", locked)
    for operation in ("put_item", "update_item", "delete_item", "transact_write_items"):
        patches.wrap(DynamoDBBackend, operation, locked)


class Server:
    """All of moto's services on one port, with one thread per request."""

    def __init__(self, port: int, secret: str, where: str) -> None:
        listener = socket.create_server((_LOOPBACK, port))
        self.port: int = listener.getsockname()[1]
        self._server = make_server(
            _LOOPBACK,
            self.port,
            Guard(DomainDispatcherApplication(create_backend_app), self.port, secret, where),
            threaded=True,
            request_handler=_SilentHandler,
            fd=listener.detach(),
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_SHUTDOWN_POLL_SECONDS,), name="server", daemon=True
        )

    @classmethod
    def start(cls, port: int, secret: str, where: str) -> Server:
        """Start to listen.

        Args:
            port: Where, 0 for any free port.
            secret: The secret access key with which every request must be signed.
            where: Where a person finds the secret, for those who are refused.

        Raises:
            EmbeddedCloudError: The port is in use or not allowed.
        """
        try:
            server = cls(port, secret, where)
        except OSError as error:
            why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            raise EmbeddedCloudError(f"port {port} {why}; choose another, or 0 for any free one") from error
        server._thread.start()
        return server

    def close(self) -> None:
        """Stop listening, and wait for the server's thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
