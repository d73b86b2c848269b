"""The addresses at which pages read: each an answer of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from worstsort import __version__
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.run_id import check_run_id
from worstsort.runs.status import Status
from worstsort_cli.console.gate import REPORT_POLICY
from worstsort_cli.console.readings.overview import MAX_PAGE, SORTS, Query
from worstsort_cli.console.sources.carried import After, Chosen, Part

if TYPE_CHECKING:
    from worstsort_cli.console.reader import Reader
    from worstsort_cli.console.sources.cloud_executions import CloudExecutions

_MAX_OFFSET = 10_000_000


_RUN, _IN_CLOUD = "/runs/<place>/<run_id>", "/runs/cloud/<run_id>"
"""A run wherever it is, and one whose execution can be asked about."""


def showing(reader: Reader, *, read_only: bool) -> Blueprint:
    """Return the addresses."""
    at = Blueprint("showing", __name__, url_prefix="/api")
    _show_all(at, reader, read_only=read_only)
    _show_run(at, reader)
    _show_execution(at, reader.executions)
    _show_epochs(at, reader)
    return at


def _show_all(at: Blueprint, reader: Reader, *, read_only: bool) -> None:
    """Add the addresses of what is said of all runs together."""

    @at.get("/about")
    def about() -> Response:
        cloud = reader.cloud
        return jsonify(
            version=__version__,
            read_only=read_only,
            stack=cloud.name,
            folder=str(reader.folder) if reader.folder else None,
            poll_seconds=cloud.poll_seconds,
            calls_in_last_minute=cloud.calls_in_last_minute(),
            calls=cloud.calls(),
            statuses=[status.value for status in Status],
        )

    @at.get("/runs")
    def runs() -> Response:
        return jsonify(reader.runs(_query()))

    @at.get("/leaderboard")
    def leaderboard() -> Response:
        return jsonify(reader.leaderboard())


def _show_run(at: Blueprint, reader: Reader) -> None:
    """Add the addresses of one run, and of what it has left."""

    @at.get(_RUN)
    def one(place: str, run_id: str) -> Response:
        return jsonify(reader.run(place, run_id))

    @at.get(f"{_RUN}/convergence")
    def convergence(place: str, run_id: str) -> Response:
        return jsonify(reader.convergence(place, run_id))

    @at.get(f"{_RUN}/champion.svg")
    def champion(place: str, run_id: str) -> Response:
        return Response(reader.picture(place, run_id), mimetype="image/svg+xml")

    @at.get(f"{_RUN}/report")
    def report(place: str, run_id: str) -> Response:
        page = Response(reader.report(place, run_id), mimetype="text/html")
        page.headers["Content-Security-Policy"] = REPORT_POLICY
        return page

    @at.get(f"{_RUN}/files/<name>")
    def file(place: str, run_id: str, name: str) -> Response:
        content = Response(reader.file(place, run_id, name), mimetype="application/octet-stream")
        content.headers["Content-Disposition"] = f"attachment; filename={name}"  # one of a few that are known
        return content


def _show_execution(at: Blueprint, executions: CloudExecutions) -> None:
    """Add the addresses of how a run of a cloud is carried out."""

    @at.get(f"{_IN_CLOUD}/machine")
    def machine(run_id: str) -> Response:
        return jsonify(executions.machine(_chosen(run_id)))

    @at.get(f"{_IN_CLOUD}/states/<state>")
    def state(run_id: str, state: str) -> Response:
        return jsonify(executions.state(_chosen(run_id), state, _part(20)))

    @at.get(f"{_IN_CLOUD}/events")
    def events(run_id: str) -> Response:
        text, state = request.args.get("text", ""), request.args.get("state", "")
        return jsonify(executions.events(_chosen(run_id), text, state, _part(100)))


def _show_epochs(at: Blueprint, reader: Reader) -> None:
    """Add the addresses of a run's epochs, islands and logs."""

    @at.get(f"{_RUN}/epochs")
    def epochs(place: str, run_id: str) -> Response:
        return jsonify(reader.carried(place).epochs(_chosen(run_id)))

    @at.get(f"{_RUN}/epochs/<int:epoch>")
    def epoch(place: str, run_id: str, epoch: int) -> Response:
        return jsonify(reader.carried(place).epoch(_chosen(run_id), epoch, _part(100)))

    @at.get(f"{_RUN}/epochs/<int:epoch>/islands/<int:island>/log")
    def log(place: str, run_id: str, epoch: int, island: int) -> Response:
        attempt = _number("attempt", -1, -1, 100)
        stream, token = request.args.get("stream", ""), request.args.get("next", "")
        after = After(stream, token) if stream and token else None
        chosen = _chosen(run_id)
        return jsonify(reader.carried(place).log(chosen, epoch, island, None if attempt < 0 else attempt, after))


def _chosen(run_id: str) -> Chosen:
    check_run_id(run_id, "run")
    return Chosen(run_id, request.args.get("execution", ""))


def _query() -> Query:
    sort, status = request.args.get("sort", "-started_at"), request.args.get("status", "")
    problems: list[Problem] = []
    if sort.removeprefix("-") not in SORTS:
        problems.append(Problem("sort", sort, f"one of {', '.join(SORTS)}, with - before it for the other way round"))
    if status and status not in list(Status):
        problems.append(Problem("status", status, f"one of {', '.join(Status)}"))
    if problems:
        raise InputRefused(problems)
    offset, limit = _part(50)
    return Query(request.args.get("text", ""), status, sort, offset, limit)


def _part(limit: int) -> Part:
    return Part(_number("offset", 0, 0, _MAX_OFFSET), _number("limit", limit, 1, MAX_PAGE))


def _number(name: str, default: int, least: int, most: int) -> int:
    given: Any = request.args.get(name, default)
    try:
        value = int(given)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise InputRefused([Problem(name, given, f"an integer from {least} to {most}")])
    return value
