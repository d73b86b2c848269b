"""From a command's options to the configuration of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.runs.config import RunConfig, load_json
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.limits import violations

if TYPE_CHECKING:
    from typing import TextIO


def read(input_file: TextIO | None, fields: dict[str, Any]) -> RunConfig:
    """The configuration in a file, if there is one, with the options that were given laid over it.

    Raises:
        InputRefused: a field, or what the fields together would need, is not allowed.
    """
    raw = load_json(input_file.read(), "--input") if input_file else {}
    if not isinstance(raw, dict):
        raise InputRefused([Problem("--input", raw, "a JSON object")])
    given = {name: value for name, value in fields.items() if value is not None}
    max_epochs = given.pop("max_epochs", None)
    if max_epochs is not None:
        stop = raw.get("stop") or {}
        given["stop"] = stop | {"max_epochs": max_epochs} if isinstance(stop, dict) else stop
    config = RunConfig.parse(raw | given)
    problems = violations(config)
    if problems:
        raise InputRefused(problems)
    return config
