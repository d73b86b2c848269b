"""The server of moto's services: on loopback only, and silent."""

from __future__ import annotations

import errno
import socket
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.serving.connections import Handler, Listener
from worstsort_embedded.serving.guard import Guard

_LOOPBACK = "127.0.0.1"
_SHUTDOWN_POLL_SECONDS = 0.05


class Server:
    """All of moto's services on one port, with one thread per connection."""

    def __init__(self, port: int, secret: str, where: str) -> None:
        listener = socket.create_server((_LOOPBACK, port))
        self.port: int = listener.getsockname()[1]
        guard = Guard(DomainDispatcherApplication(create_backend_app), self.port, secret, where)
        self._server = Listener(_LOOPBACK, self.port, guard, Handler, passthrough_errors=True, fd=listener.detach())
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
