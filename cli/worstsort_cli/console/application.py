"""The console's pages and answers: one page whose scripts ask for JSON, and nothing without the gate."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from worstsort.gosort import InvalidInput, UnknownTarget
from worstsort.plain_text import visible
from worstsort.runs.errors import InputRefused, RunError
from worstsort_cli.console.acting import acting
from worstsort_cli.console.showing import showing
from worstsort_cli.console.sources.cloud import CloudGone
from worstsort_cli.console.sources.place import NothingThere, NotYet
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from worstsort_cli.console.gate import Gate
    from worstsort_cli.console.reader import Reader

_PACKAGE = "worstsort_cli.console"
_MAX_BODY_BYTES = 1_000_000
_KINDS = (".html", ".css", ".js")
_CHARTS = ("uPlot.iife.min.js", "uPlot.min.css")
"""The chart library, which comes with the report."""


@dataclass(frozen=True)
class Settings:
    """How a console was started.

    Attributes:
        read_only: Whether nothing can be started, stopped or resumed.
    """

    read_only: bool = False


def make(gate: Gate, reader: Reader, settings: Settings) -> Flask:
    """Return the application."""
    app = Flask("worstsort_console", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY_BYTES
    gate.guard(app)
    assets = _assets()

    @app.get("/assets/<name>")
    def asset(name: str) -> Response:
        if name not in assets:
            abort(404, "there is no such file")
        return Response(assets[name], mimetype=guess_type(name)[0])

    @app.get("/")
    @app.get("/<path:path>")
    def page(path: str = "") -> Response:
        if path.startswith("api/"):
            abort(404, "there is nothing at this address")
        return Response(assets["console.html"], mimetype="text/html")

    app.register_blueprint(showing(reader, read_only=settings.read_only))
    app.register_blueprint(acting(reader, settings.read_only))
    app.register_error_handler(Exception, _explain)
    return app


def _assets() -> dict[str, bytes]:
    """Return all files that the pages load, by name."""
    own = [file for file in (resources.files(_PACKAGE) / "assets").iterdir() if file.name.endswith(_KINDS)]
    charts = [resources.files("worstsort.artefacts") / "assets" / name for name in _CHARTS]
    return {file.name: file.read_bytes() for file in (*own, *charts)}


def _explain(error: Exception) -> tuple[Response, int] | HTTPException:
    """Return an error as JSON: what a person can do about it, field by field where an input was refused."""
    if isinstance(error, InputRefused):
        return jsonify(error="the input was refused", problems=problems(error)), 422
    for kinds, status in _STATUS.items():
        if isinstance(error, kinds):
            said = {"gone": isinstance(error, CloudGone), "yet": isinstance(error, NotYet)}
            return jsonify(error=visible(str(error)), **said), status
    if isinstance(error, HTTPException):
        if request.path.startswith(("/api/", "/assets/")):
            return jsonify(error=error.description), error.code or 500
        return error
    return jsonify(error=visible(f"unexpected {type(error).__name__}: {error}")), 500


def problems(error: InputRefused) -> list[dict[str, Any]]:
    """Return what was refused, field by field."""
    return [{"field": visible(problem.field), "said": visible(str(problem))} for problem in error.problems]


_STATUS: dict[Any, int] = {
    NotYet: 202,  # no error, of which browsers would keep a record
    NothingThere: 404,
    CloudGone: 503,
    (InvalidInput, UnknownTarget): 422,
    (CommandFailed, RunError, OSError): 409,
}
"""The status of an answer for each kind of error, the first that applies."""
