"""Connections that stay open, and what closes one."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from worstsort_embedded.serving.connections import Handler, Listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONG = 1 << 20


def echo(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answer with what was asked, but leave bodies of /unread unread, and say a wrong length of /short."""
    path = environ["PATH_INFO"]
    body = b"" if path == "/unread" else environ["wsgi.input"].read(max(0, int(environ.get("CONTENT_LENGTH") or 0)))
    length = {"/short": [("Content-Length", "99")], "/none": [], "/nothing": []}.get(
        path, [("Content-Length", str(len(body)))]
    )
    start("204 No Content" if path == "/nothing" else "200 OK", length)
    return [] if path == "/nothing" else [body]


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    listener = Listener("127.0.0.1", 0, echo, Handler, passthrough_errors=True)
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
    thread.start()
    try:
        with socket.create_connection(("127.0.0.1", listener.server_port), timeout=60) as opened:
            yield opened
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def request(path: str, body: bytes = b"", *more: str, method: str = "PUT", version: str = "1.1") -> bytes:
    """Return a request as it is sent."""
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(lines).encode() + body


def answered(connection: socket.socket) -> tuple[int, bytes]:
    """Read one answer that says its length; return its status and body."""
    reading = connection.makefile("rb", buffering=0)
    status, length = int(reading.readline().split()[1]), 0
    while line := reading.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return status, reading.read(length)


def is_closed(connection: socket.socket) -> bool:
    """Return whether the server has closed a connection after what it has sent."""
    while part := connection.recv(LONG):
        assert part
    return True


@pytest.mark.parametrize("path", ["/", "/none", "/nothing"])
def test_a_connection_serves_one_request_after_the_other(connection: socket.socket, path: str) -> None:
    """Whether the application says how long its answer is, or not, or has none."""
    for word in (b"one", b"two"):
        connection.sendall(request(path, word))
        assert answered(connection) == ((204, b"") if path == "/nothing" else (200, word))


def test_the_body_of_a_request_is_asked_for(connection: socket.socket) -> None:
    """S3 is sent a body only once it has asked for it, and the next request begins after it."""
    whole = request("/", b"body", "Expect: 100-continue")
    for _ in range(2):
        connection.sendall(whole[:-4])
        assert connection.recv(len(b"HTTP/1.1 100 Continue\r\n\r\n")) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(whole[-4:])
        assert answered(connection) == (200, b"body")


@pytest.mark.parametrize(
    "asked",
    [
        request("/unread", b"x" * LONG),
        request("/", b"", "Connection: close"),
        request("/", b"word", version="1.0"),
        request("/", b"", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        request("/").replace(b"Content-Length: 0", b"Content-Length: -1"),
        request("/short", b"word"),
    ],
    ids=["unread", "close", "1.0", "chunked", "length", "short"],
)
def test_a_connection_is_closed_where_the_next_request_is_in_doubt(connection: socket.socket, asked: bytes) -> None:
    """After its answer, so that nothing of one request is taken for another."""
    connection.sendall(asked)
    assert connection.recv(4) == b"HTTP"
    assert is_closed(connection)


def test_an_idle_connection_does_not_keep_its_thread_when_the_server_is_closed() -> None:
    """A cloud that is closed leaves no thread, however many clients have not hung up."""
    before = set(threading.enumerate())
    listener = Listener("127.0.0.1", 0, echo, Handler, passthrough_errors=True)
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
    thread.start()
    with socket.create_connection(("127.0.0.1", listener.server_port), timeout=60) as idle:
        idle.sendall(request("/", b"word"))
        assert answered(idle) == (200, b"word")
        listener.shutdown()
        listener.server_close()
        thread.join()
        assert is_closed(idle)
        for serving in set(threading.enumerate()) - before:
            serving.join(60)
            assert not serving.is_alive()
