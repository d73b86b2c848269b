"""From a command's options to the configuration of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.limits import DEFAULT_JOB_MIB, memory_violations, series_violations
from worstsort_cli.files import json_file

if TYPE_CHECKING:
    from typing import BinaryIO


def read(input_file: BinaryIO | None, fields: dict[str, Any]) -> RunConfig:
    """Return the configuration in a file, if one is given, with the given options laid over it.

    Args:
        input_file: JSON, or None.
        fields: Options by field; None means that the option was not given. `max_epochs` belongs to `stop`.

    Raises:
        InputRefused: A field, or what the fields together would need, is not allowed. Memory is left to `check_memory`.
    """
    raw = json_file.read(input_file, "--input") if input_file else {}
    if not isinstance(raw, dict):
        raise InputRefused([Problem("--input", raw, "a JSON object")])
    given = {name: value for name, value in fields.items() if value is not None}
    max_epochs = given.pop("max_epochs", None)
    if max_epochs is not None:
        stop = raw.get("stop") or {}
        given["stop"] = stop | {"max_epochs": max_epochs} if isinstance(stop, dict) else stop
    config = RunConfig.parse(raw | given)
    _refuse(series_violations(config))
    return config


def check_memory(config: RunConfig, job_mib: int = DEFAULT_JOB_MIB) -> None:
    """Raise InputRefused if jobs with that memory cannot hold what the configuration needs."""
    _refuse(memory_violations(config, job_mib))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused(problems)
