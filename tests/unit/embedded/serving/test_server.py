"""How a server fares with connections that fail."""

from __future__ import annotations

import errno
import selectors
import socket

import pytest

from worstsort_embedded.serving.server import Server


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\n", b"\x16\x03"])
def test_a_connection_that_fails_is_answered_or_closed_in_silence(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    """Such as when the process may open no more files; the next one is answered as before."""
    server = Server.start(0, "s" * 40, "the variables are in a drawer")
    try:
        for failing in (True, False):
            with monkeypatch.context() as patches:
                if failing:
                    patches.setattr(selectors, "DefaultSelector", _no_more_files)
                received = _exchange(server.port, sent)
                assert b"Traceback" not in received
            assert b" 403 " in _exchange(server.port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    finally:
        server.close()
    assert capfd.readouterr() == ("", "")


def _no_more_files() -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def _exchange(port: int, sent: bytes) -> bytes:
    """Send bytes to a port; return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))
