"""Who may reach the console: whoever has the token of this start, from its own pages, and nobody else."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from flask import abort, request

if TYPE_CHECKING:
    from flask import Flask, Response

LOOPBACK = "127.0.0.1"

_TOKEN_BYTES = 32
_SAFE = ("GET", "HEAD")
_OWN_SITES = ("none", "same-origin")
"""What a browser says of a request that comes from its user or from the console's own pages."""

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What the console's own pages may load: its own files, and no text of theirs ever becomes a script or an element."""

REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'"
)
"""What a report may do: it is one file that brings its own scripts, so it gets an origin of its own, and no network."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Gate:
    """The check before every request, and the headers after it.

    The address that is printed carries the token; the page that answers it sets a cookie, which no script can read and
    no other site can send along. A name that somebody has bound to loopback fails at Host, a foreign page at Origin.

    Args:
        port: The port that is served.

    Attributes:
        token: What this start has drawn.
    """

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._cookie = f"worstsort-console-{port}"  # cookies are shared by all ports of a host
        names = (LOOPBACK, "localhost")
        self._hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())

    def guard(self, app: Flask) -> None:
        """Let nothing of an application be reached but through here."""
        app.before_request(self._check)
        app.after_request(self._seal)

    def _check(self) -> None:
        if request.headers.get("Host", "").lower() not in self._hosts:
            abort(403, f"this console is {min(self._hosts)}, and answers under no other name")
        if request.headers.get("Sec-Fetch-Site", "none").lower() not in _OWN_SITES or not self._is_own_origin():
            abort(403, "other pages have no access to the console")
        if not self._knows_token():
            abort(403, "this needs the address that `worstsort console` printed at its start, with its token")

    def _is_own_origin(self) -> bool:
        origin = request.headers.get("Origin")
        if origin is None:  # browsers send it with everything that could change something
            return request.method in _SAFE
        return origin.lower() in {f"http://{host}" for host in self._hosts}

    def _knows_token(self) -> bool:
        given = request.cookies.get(self._cookie, "")
        if request.method in _SAFE:
            given = request.args.get("token", given)
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _seal(self, response: Response) -> Response:
        for name, value in (_HEADERS | {"Content-Security-Policy": _PAGE_POLICY}).items():
            response.headers.setdefault(name, value)
        if "token" in request.args and response.status_code < 400:
            response.set_cookie(self._cookie, self.token, httponly=True, samesite="Strict", path="/")
        return response
