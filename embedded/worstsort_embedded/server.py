"""The server of moto's services: on loopback only, and silent."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import DynamoDBBackend
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.responses import S3Response
from werkzeug.serving import make_server

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort_embedded.patches import Patches

_LOOPBACK = "127.0.0.1"
_SHUTDOWN_POLL_SECONDS = 0.05


class _SilentHandler(MotoRequestHandler):
    """A request handler that prints nothing."""

    def log(self, *_args: Any) -> None:
        """Print nothing; failures reach the client."""


def cache_services(patches: Patches) -> None:
    """Look up the service of a host name once: moto lists its own folders for every request."""
    services: dict[str | None, Any] = {}

    def find(original: Callable[..., Any], app: DomainDispatcherApplication, host: str | None) -> Any:
        if host not in services:
            services[host] = original(app, host)
        return services[host]

    patches.wrap(werkzeug_app.DomainDispatcherApplication, "get_backend_for_host", find)


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

    def __init__(self, port: int) -> None:
        listener = socket.create_server((_LOOPBACK, port))
        self.port: int = listener.getsockname()[1]
        self._server = make_server(
            _LOOPBACK,
            self.port,
            DomainDispatcherApplication(create_backend_app),
            threaded=True,
            request_handler=_SilentHandler,
            fd=listener.detach(),
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_SHUTDOWN_POLL_SECONDS,), name="server", daemon=True
        )

    @classmethod
    def start(cls, port: int) -> Server:
        """Start to listen on a port, 0 for any free one.

        Raises:
            EmbeddedCloudError: The port is in use or not allowed.
        """
        try:
            server = cls(port)
        except OSError as error:
            raise EmbeddedCloudError(f"port {port} cannot be used ({error.strerror}); choose another") from error
        server._thread.start()
        return server

    def close(self) -> None:
        """Stop listening, and wait for the server's thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
