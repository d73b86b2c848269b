"""The addresses at which pages act: check, estimate, start, stop and resume; all but the first two off if read-only."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, request

from worstsort.genetic import PRESETS
from worstsort.gosort import TARGETS
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.run_id import check_run_id
from worstsort_cli.clouds import acting as runs
from worstsort_cli.clouds.status import capacity
from worstsort_cli.costs.estimate import estimate as project
from worstsort_cli.costs.resource_usage import measure
from worstsort_cli.files import json_file, run_input

if TYPE_CHECKING:
    from worstsort_cli.console.reader import Reader


def acting(reader: Reader, read_only: bool) -> Blueprint:  # noqa: FBT001 - as the command has it
    """Return the addresses."""
    at = Blueprint("acting", __name__, url_prefix="/api")

    def refuse_if_read_only() -> None:
        if read_only:
            abort(403, "this console was started with --read-only")

    @at.get("/schema")
    def schema() -> Response:
        presets = {name: asdict(settings) for name, settings in PRESETS.items()}
        return jsonify(schema=RunConfig.model_json_schema(), presets=presets, targets=list(TARGETS))

    @at.post("/check")
    def check() -> Response:
        config, _ = _asked(reader)
        return jsonify(config=config.model_dump(mode="json"))

    @at.post("/estimate")
    def estimate() -> Response:
        config, _ = _asked(reader)
        with reader.cloud.reaching():
            found = project(config, measure(config), capacity(reader.cloud.deployment()))
        return jsonify(found.as_json() | {"embedded": reader.cloud.deployment().embedded})

    @at.post("/start")
    def start() -> Response:
        refuse_if_read_only()
        config, name = _asked(reader)
        with reader.cloud.reaching():
            run_id, arn = runs.start(reader.cloud.deployment(), config, name)
        reader.changed(run_id)
        return jsonify(run_id=run_id, execution_arn=arn)

    @at.post("/runs/cloud/<run_id>/stop")
    def stop(run_id: str) -> Response:
        refuse_if_read_only()
        check_run_id(run_id, "run")
        with reader.cloud.reaching():
            run = runs.stop(reader.cloud.deployment(), run_id)
        reader.changed(run_id)
        return jsonify(run_id=run_id, epoch=run.epoch)

    @at.post("/runs/cloud/<run_id>/resume")
    def resume(run_id: str) -> Response:
        refuse_if_read_only()
        check_run_id(run_id, "run")
        with reader.cloud.reaching():
            run, arn = runs.resume(reader.cloud.deployment(), run_id)
        reader.changed(run_id)
        return jsonify(run_id=run_id, epoch=run.epoch, execution_arn=arn)

    return at


def _asked(reader: Reader) -> tuple[RunConfig, str | None]:
    """Return the configuration and the name that a page asks for.

    Raises:
        InputRefused: The body is no such object, or a field of it is not allowed.
        CommandFailed: The cloud cannot run it.
    """
    body = json_file.parse(request.get_data(), "body") if request.is_json else None
    if not isinstance(body, dict) or not isinstance(body.get("config"), dict):
        raise InputRefused([Problem("body", "something else", "a JSON object with a configuration as `config`")])
    name = body.get("name") or None
    if name is not None:
        check_run_id(str(name), "name")
    run_input.refuse_program(body["config"])
    config = run_input.read(None, body["config"])
    with reader.cloud.reaching():
        runs.check_fit(reader.cloud.deployment(), config)
    return config, None if name is None else str(name)
