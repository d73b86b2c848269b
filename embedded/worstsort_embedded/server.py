"""moto's server, on loopback only and silent."""

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


class _SilentHandler(MotoRequestHandler):
    """Does not print a line for every request."""

    def log(self, *_args: Any) -> None:
        """Say nothing; failures reach the client."""


def remember_services(patches: Patches) -> None:
    """Find the service that a host name stands for once: moto lists its own folders for every request."""
    known: dict[str | None, Any] = {}

    def find(original: Callable[..., Any], app: DomainDispatcherApplication, host: str | None) -> Any:
        if host not in known:
            known[host] = original(app, host)
        return known[host]

    patches.wrap(werkzeug_app.DomainDispatcherApplication, "get_backend_for_host", find)


def write_one_at_a_time(patches: Patches) -> None:
    """Let no other write come between a write's condition and the write: moto's requests have a thread each."""
    turn = threading.RLock()

    def alone(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with turn:
            return original(*args, **kwargs)

    patches.wrap(S3Response, "put_object", alone)
    for operation in ("put_item", "update_item", "delete_item", "transact_write_items"):
        patches.wrap(DynamoDBBackend, operation, alone)


class Server:
    """Serves all of moto's services on one port, one thread a request."""

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
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="server", daemon=True)

    @classmethod
    def start(cls, port: int) -> Server:
        """Listen on a port, 0 for any free one."""
        try:
            server = cls(port)
        except OSError as error:
            raise EmbeddedCloudError(f"port {port} cannot be used ({error.strerror}); choose another") from error
        server._thread.start()
        return server

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
