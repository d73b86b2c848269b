"""From a command's options to the configuration of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.foreign.address import is_address
from worstsort.gosort.foreign_names import is_foreign
from worstsort.runs.config import RunConfig, StopConfig
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.limits import DEFAULT_JOB_MIB, memory_violations, series_violations
from worstsort_cli.files import foreign_input, json_file

if TYPE_CHECKING:
    from typing import BinaryIO


def read(input_file: BinaryIO | None, fields: dict[str, Any]) -> RunConfig:
    """Return the configuration in a file, if one is given, with the given options laid over it.

    Args:
        input_file: JSON, or None.
        fields: Options by field; None means that the option was not given. Those of `stop` stand beside the others.

    Raises:
        InputRefused: A field, or what the fields together would need, is not allowed; so is a file that names a program
            as its target. Memory is left to `check_memory`.
    """
    return parse(merged(input_file, fields))


def merged(input_file: BinaryIO | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a file, if one is given, with the given options laid over it; the rest is as for `read`."""
    raw = json_file.read(input_file, "--input") if input_file else {}
    if not isinstance(raw, dict):
        raise InputRefused([Problem("--input", raw, "a JSON object")])
    refuse_program(raw)
    given = {name: value for name, value in fields.items() if value is not None}
    ends = {name: given.pop(name) for name in StopConfig.model_fields if name in given}
    if ends:
        stop = raw.get("stop") or {}
        given["stop"] = stop | ends if isinstance(stop, dict) else stop
    return raw | given


def refuse_program(raw: dict[str, Any]) -> None:
    """Raise InputRefused if an input from elsewhere names a file or a program as its target, which would be run."""
    target = raw.get("target")
    if isinstance(target, str) and is_address(target):
        allowed = (
            "a sort of Go, or one that was recorded; what runs a file or a program is typed by its user, as --target"
        )
        raise InputRefused([Problem("target", target, allowed)])


def parse(raw: dict[str, Any]) -> RunConfig:
    """Return the configuration that an input stands for, if its series can be stored; raises as `read` does."""
    config = RunConfig.parse(_with_foreign_target(raw))
    _refuse(series_violations(config))
    if config.foreign is not None:
        foreign_input.check(config)
    return config


def _with_foreign_target(raw: dict[str, Any]) -> dict[str, Any]:
    """Say what a foreign target is, if one is asked for, and nothing of another one that a file may describe."""
    target = raw.get("target")
    if isinstance(target, str) and (is_address(target) or is_foreign(target)):
        return raw | foreign_input.described(target, raw.get("foreign"))
    return {name: value for name, value in raw.items() if name != "foreign"} if "target" in raw else raw


def check_memory(config: RunConfig, job_mib: int = DEFAULT_JOB_MIB) -> None:
    """Raise InputRefused if jobs with that memory cannot hold what the configuration needs."""
    _refuse(memory_violations(config, job_mib))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused(problems)
